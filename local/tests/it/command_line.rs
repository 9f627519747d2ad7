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
            "resume-counter: cannot listen on {address}: \
             Address already in use (os error 98); choose another with --listen"
        )
    );
}

#[test]
fn a_data_folder_that_is_none_is_one_clear_line() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let line = complaint(&run(&["--data-dir", path]));
    let expected = format!("resume-counter: data folder {path} cannot be used: ");
    assert!(line.starts_with(&expected), "{line}");
}

#[test]
fn a_data_folder_in_use_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let _holder = Program::on_disk(folder.path(), &[]);
    let expected =
        format!("resume-counter: data folder {path} is in use by another resume-counter");
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
            "resume-counter: {path} holds no index.html: \
             build the site with `make build`, or name its folder with --site"
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
    assert!(
        line.starts_with("resume-counter: table CloudResumeCounterHits cannot be used: the store does not answer: "),
        "{line}"
    );
}

#[test]
fn an_unknown_flag_is_named() {
    let output = run(&["--prot", "3000"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        complaint(&output),
        "resume-counter: unexpected argument '--prot' found; --help lists the options"
    );
}

#[test]
fn a_rate_of_nothing_is_refused() {
    complaint(&run(&["--throttle-rate", "0"]));
}

#[test]
fn an_origin_that_no_browser_sends_is_refused() {
    for origin in [
        "https://b.example/",
        "b.example",
        "https://b.example/path",
        "",
    ] {
        complaint(&run(&["--in-memory", "--allow-origin", origin]));
    }
}

#[test]
fn a_table_name_that_is_none_is_one_clear_line() {
    let line = complaint(&run(&["--in-memory", "--table", "a b"]));
    assert!(
        line.starts_with("resume-counter: table a b cannot be used: "),
        "{line}"
    );
}
