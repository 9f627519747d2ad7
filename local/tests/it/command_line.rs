//! The messages that the user sees when something is wrong before the program serves.

use std::net::TcpListener;
use std::process::Output;

use crate::program::{Program, command};

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// One line on standard error, nothing on standard output, and a failure.
fn complaint(output: &Output) -> String {
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    text.trim_end().to_owned()
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = crate::program::bare()
        .args(["--in-memory", "--listen", &address])
        .output()
        .unwrap();
    assert_eq!(
        complaint(&output),
        format!(
            "error: cannot listen on {address}: \
             Address already in use (os error 98); choose another with --listen"
        )
    );
}

#[test]
fn a_data_folder_that_is_none_is_one_clear_line() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let expected = format!("error: data folder {path} cannot be used: it is a file, and no folder");
    assert_eq!(complaint(&run(&["--data-dir", path])), expected);
}

#[test]
fn a_data_folder_in_use_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let _holder = Program::on_disk(folder.path(), &[]);
    let expected = format!("error: data folder {path} is in use by another resume-counter");
    assert_eq!(complaint(&run(&["--data-dir", path])), expected);
}

#[test]
fn a_site_without_a_page_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let line = complaint(&run(&["--in-memory", "--site", path]));
    assert_eq!(
        line,
        format!(
            "error: {path} holds no index.html: \
             --site is for the folder of a built site, and --resume for a résumé"
        )
    );
}

#[test]
fn a_store_that_does_not_answer_is_one_clear_line() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let data = tempfile::tempdir().unwrap();
    let data = ["--data-dir", data.path().to_str().unwrap()];
    let store = format!("http://{closed}");
    let line = complaint(&run(&[&data[..], &["--dynamodb-endpoint", &store]].concat()));
    assert_eq!(
        line,
        format!(
            "error: table CloudResumeCounterHits in the store at {store} cannot be used: \
             the store does not answer: Connection refused (os error 111)"
        )
    );
}

/// A command line that is refused as a whole, by clap.
fn refusal(arguments: &[&str]) -> String {
    let output = crate::program::bare().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.starts_with("error: "), "{text}");
    assert!(text.ends_with("try '--help'.\n"), "{text}");
    text
}

#[test]
fn a_command_line_that_is_wrong_is_refused_with_what_is_right() {
    for (arguments, parts) in [
        (
            &["--thottle-rate", "3"][..],
            &["'--thottle-rate'", "'--throttle-rate'"][..],
        ),
        (&["tokn"], &["unrecognized subcommand 'tokn'", "'token'"]),
        (&["check"], &["arguments were not provided", "<FILE>"]),
        (
            &["export", "offers"],
            &["[possible values: counters, visits]"],
        ),
        (
            &["--throttle-rate", "0"],
            &[
                "'--throttle-rate <N>'",
                "a whole number from 1 to 4294967295",
            ],
        ),
        (
            &["--max-pages", "-1"],
            &["'--max-pages <N>'", "a whole number from 0"],
        ),
        (
            &["--table", "a b"],
            &["'--table <NAME>'", "3 to 255 letters"],
        ),
        (&["--counted-hosts", "a b"], &["such as example.com"]),
        (
            &["--counted-hosts", "example.com,Bücher.de"],
            &[
                "'--counted-hosts <HOST>'",
                "`Bücher.de` is not ASCII: write the host as browsers do, such as xn--bcher-kva.example",
            ],
        ),
        (&["--log-level", "loud"], &["warn,visits=info"]),
        (&["--cdn-secret", ""], &["'--cdn-secret <SECRET>'"]),
        (
            &["visits", "remove", "a.example/", "--from", "2026-02-30"],
            &["'--from <DAY>'", "a day such as 2026-11-21"],
        ),
        (&["cv.json"], &["'cv.json'", "'--resume cv.json'"]),
        (&[":8080"], &["'--listen :8080'"]),
        (
            &["--listen", "nowhere"],
            &[
                "'--listen <ADDRESS>'",
                "such as 127.0.0.1:3000, localhost:3000, or 3000 alone",
            ],
        ),
        (
            &["--time-zone", "Europe/Berln"],
            &[
                "'--time-zone <NAME>'",
                "`Europe/Berln` is no time zone: write its name in the IANA database, such as Europe/Berlin",
            ],
        ),
        (
            &["--dynamodb-endpoint", "nonsense"],
            &[
                "'--dynamodb-endpoint <URL>'",
                "such as http://127.0.0.1:8000",
            ],
        ),
    ] {
        let text = refusal(arguments);
        for part in parts {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }
}

#[test]
fn an_origin_that_no_browser_sends_is_refused() {
    for origin in [
        "https://b.example/",
        "b.example",
        "https://b.example/path",
        "",
    ] {
        refusal(&["--in-memory", "--allow-origin", origin]);
    }
}
