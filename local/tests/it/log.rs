//! The log, whose reader may be slow, gone or without room.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Stdio};

use emulator::{DynamoDb, Queues};
use serde_json::Value;
use testkit::{Fault, FaultProxy};

use crate::program::{self, UNTHROTTLED, command, load_offer, raw, signal};

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

/// systemd says in a variable which file the journal is.
#[test]
fn lines_for_the_journal_carry_priorities_and_no_time() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let log = file.reopen().unwrap();
    let journal = log.metadata().unwrap();
    let journal = format!("{}:{}", journal.dev(), journal.ino());
    let mut child = command(&["--in-memory", "--verbose"])
        .args(UNTHROTTLED)
        .env("JOURNAL_STREAM", journal)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .unwrap();
    let [url, _] = program::listening(&mut child);
    hit(&url, 100);
    signal(&child, "TERM");
    child.wait().unwrap();
    let log = fs::read_to_string(file.path()).unwrap();
    let requests = log.lines().filter(|line| line.starts_with("<6> INFO "));
    assert_eq!(requests.count(), 100, "{log}");
}

/// A program that keeps its data in `folder`, and logs only what goes wrong.
fn quiet_on_disk(folder: &Path) -> Child {
    let mut child = command(&["--data-dir", folder.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program::listening(&mut child);
    child
}

#[tokio::test]
async fn a_log_whose_reader_is_gone_ends_no_reader_of_files() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = quiet_on_disk(folder.path());
    drop(child.stderr.take());
    let queues = Queues::beside(&folder.path().join("queues.sqlite")).unwrap();
    // That it is no event is a line of the log.
    let message = ("no event".to_owned(), "{}".to_owned());
    queues
        .send("job-offers-files", vec![message])
        .await
        .unwrap();
    let loaded = load_offer(folder.path());
    assert!(loaded.status.success(), "{loaded:?}");
    signal(&child, "TERM");
    assert!(child.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_repeats_is_said_once_and_then_counted() {
    let store = DynamoDb::in_memory().await.unwrap();
    let proxy = FaultProxy::start(&store).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut child = command(&["--data-dir", folder.path().to_str().unwrap()])
        .args(["--dynamodb-endpoint", &proxy.endpoint()])
        .args(UNTHROTTLED)
        .envs([
            ("AWS_ACCESS_KEY_ID", "any"),
            ("AWS_SECRET_ACCESS_KEY", "any"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let [url, _] = program::listening(&mut child);
    proxy.set(Some(Fault::InternalError));
    for _ in 0..100 {
        let answer = reqwest::get(format!("{url}/counter?path=p")).await;
        assert_eq!(answer.unwrap().status(), 503);
    }
    proxy.set(None);
    signal(&child, "TERM");
    let log = BufReader::new(child.stderr.take().unwrap()).lines();
    let lines: Vec<_> = log.map(Result::unwrap).collect();
    child.wait().unwrap();
    let faults: Vec<_> = lines
        .iter()
        .filter(|line| line.contains(" ERROR ") || line.contains(" WARN "))
        .collect();
    let [said, counted] = faults[..] else {
        panic!("{lines:#?}")
    };
    assert!(said.contains("InternalServerError"), "{said}");
    assert!(counted.contains("log.repeats=99"), "{counted}");
}

#[test]
fn a_bucket_that_fails_says_why_in_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = quiet_on_disk(folder.path());
    let objects = folder.path().join("buckets/objects");
    fs::rename(&objects, folder.path().join("away")).unwrap();
    assert!(!load_offer(folder.path()).status.success());
    signal(&child, "TERM");
    let log = BufReader::new(child.stderr.take().unwrap()).lines();
    let lines: Vec<_> = log.map(Result::unwrap).collect();
    child.wait().unwrap();
    let told = lines.iter().find(|line| line.contains(" ERROR "));
    let told = told.unwrap_or_else(|| panic!("{lines:#?}"));
    assert!(told.contains("the bucket"), "{told}");
}
