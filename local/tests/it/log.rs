//! The log, whose reader may be slow, gone or without room.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::program::{self, UNTHROTTLED, command, raw, signal};

/// A program that logs every request to `log`.
fn started(log: impl Into<Stdio>, more: &[&str]) -> (Child, String) {
    let mut child = command(&["--in-memory", "--verbose"])
        .args(UNTHROTTLED)
        .args(more)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let [url, _] = program::listening(&mut child);
    (child, url)
}

/// Makes so many hits on one connection; all have to be answered.
fn hit(url: &str, times: usize) {
    let head = "GET /counter?path=p HTTP/1.1\r\nhost: x\r\n";
    for _ in 0..times.div_ceil(100) {
        let answers = raw(
            url,
            &format!(
                "{}{head}connection: close\r\n\r\n",
                format!("{head}\r\n").repeat(99)
            ),
        );
        assert_eq!(answers.matches("HTTP/1.1 200 ").count(), 100, "{answers}");
    }
}

#[test]
fn a_log_that_nobody_reads_holds_up_no_answer_and_no_end() {
    let (mut child, url) = started(Stdio::piped(), &[]);
    hit(&url, 4_000);
    signal(&child, "TERM");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_comes_late_is_told_how_many_lines_it_missed() {
    let (mut child, url) = started(Stdio::piped(), &[]);
    hit(&url, 4_000);
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = log.find_map(|line| {
        let line = line.unwrap();
        let (_, lost) = line.split_once("log.lost_lines=")?;
        lost.trim().parse::<u64>().ok()
    });
    assert!(told.unwrap() > 0);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_log_whose_reader_is_gone_breaks_no_answer() {
    let (mut child, url) = started(Stdio::piped(), &[]);
    drop(child.stderr.take());
    hit(&url, 300);
    signal(&child, "TERM");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_log_on_a_full_disk_breaks_no_answer() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let (mut child, url) = started(full, &[]);
    hit(&url, 300);
    signal(&child, "TERM");
    assert!(child.wait().unwrap().success());
}

#[test]
fn lines_can_be_json_and_no_line_of_a_request_holds_an_address() {
    let (mut child, url) = started(Stdio::piped(), &["--log-format", "json"]);
    hit(&url, 100);
    signal(&child, "TERM");
    let log = BufReader::new(child.stderr.take().unwrap()).lines();
    let lines: Vec<_> = log.map(Result::unwrap).collect();
    // The first says what is served.
    assert_eq!(lines.len(), 101);
    let line: Value = serde_json::from_str(&lines[1]).unwrap();
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["message"], "request");
    assert_eq!(line["http.status"], 200);
    assert!(!lines[1].contains("127.0.0.1"), "{}", lines[1]);
    child.wait().unwrap();
}

#[test]
fn the_level_can_be_chosen_and_rust_log_is_heeded() {
    for (variable, more, lines) in [
        ("info", vec![], 100),
        ("off", vec![], 0),
        ("off", vec!["--log-level", "info"], 100),
        ("info", vec!["--log-level", "warn,backend=off"], 0),
    ] {
        let mut child = command(&["--in-memory"])
            .args(UNTHROTTLED)
            .args(&more)
            .env("RUST_LOG", variable)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let [url, _] = program::listening(&mut child);
        hit(&url, 100);
        signal(&child, "TERM");
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        let requests = log.filter(|line| line.as_ref().unwrap().contains("INFO request "));
        assert_eq!(requests.count(), lines, "{variable} {more:?}");
        child.wait().unwrap();
    }
}
