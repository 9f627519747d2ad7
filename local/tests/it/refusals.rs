//! Every refusal is a sentence for somebody who has never seen the program.

use std::fs;
use std::net::TcpListener;
use std::process::Command;
use std::thread;

use crate::program::{Program, bare};

/// Words of the language and the libraries that the program is made of.
const INSIDES: [&str; 12] = [
    "Error {",
    "Os {",
    "Some(",
    "Err(",
    "panicked",
    "u64",
    "found in string",
    "target type",
    "service error",
    "unhandled error",
    "dispatch failure",
    "entity not found",
];

/// Runs a command to its end, and gives its last words, without `error: `.
fn refusal(command: &mut Command, status: i32) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{command:?}: {said}");
    for word in INSIDES {
        assert!(!said.contains(word), "{command:?} says {word}: {said}");
    }
    let line = said.lines().rfind(|line| line.starts_with("error: "));
    line.unwrap_or_else(|| panic!("{command:?} gives no reason: {said}"))["error: ".len()..]
        .to_owned()
}

#[test]
fn a_refusal_names_the_file_and_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let data = path("data");
    let program = Program::on_disk(folder.path().join("data").as_path(), &[]);
    fs::write(path("file"), "no export, no backup").unwrap();
    fs::write(path("hits.csv"), "a,b\n1,2\n").unwrap();
    fs::create_dir(path("bad")).unwrap();
    fs::write(path("bad/owner-token"), "short").unwrap();
    let (file, bad) = (path("file"), path("bad"));
    let refused = |arguments: &[&str]| {
        let mut command = bare();
        refusal(command.args(arguments).args(["--data-dir", &data]), 1)
    };
    for (arguments, expected) in [
        (
            &["backup", &path("data/dynamodb.sqlite")][..],
            format!(
                "{} is in use by resume-counter itself: name another file for the backup",
                path("data/dynamodb.sqlite")
            ),
        ),
        (
            &["counters", "rename", "a.example/", "a.example/"],
            "A counter cannot be given the name that it has.".to_owned(),
        ),
        (
            &["import", "counters", &path("hits.csv")],
            format!("{}: the first line has to be `path,hits`", path("hits.csv")),
        ),
        (
            &["import", "counters", &file],
            "1 line not imported, for the reasons above".to_owned(),
        ),
        (
            &["import", "counters", "--from", "umami"],
            "--from reads the file that the service gave out: name it".to_owned(),
        ),
        (
            &["jobs", "load", &file],
            format!("{file} cannot be loaded: its name has to end in .csv"),
        ),
        (
            &["open", "dashboard", "--at", "localhost:1"],
            "set the token of the program at 127.0.0.1:1 in RESUME_COUNTER_OWNER_TOKEN".to_owned(),
        ),
    ] {
        assert_eq!(refused(arguments), expected);
    }
    drop(program);
    let restore = refusal(bare().args(["restore", &file, "--data-dir", &data]), 1);
    assert_eq!(
        restore,
        format!("{file} is no backup: name a file that `resume-counter backup` wrote")
    );
    for (arguments, expected) in [
        (
            &["token", "--data-dir", &bad][..],
            format!(
                "{bad}/owner-token has to hold a token of at least 16 characters: letters, \
                 digits and -._~+/="
            ),
        ),
        (
            &["token", "--data-dir", &file],
            format!(
                "the owner's token in {file}/owner-token cannot be read or kept: Not a directory (os error 20)"
            ),
        ),
        (
            &["check-data", "--data-dir", &path("none")],
            format!(
                "data folder {} cannot be used: there is no such folder",
                path("none")
            ),
        ),
        (
            &["jobs", "redrive", "--data-dir", &path("none")],
            format!(
                "there are no job offers in {}: start resume-counter with this folder once",
                path("none")
            ),
        ),
        (
            &["manual", "--out", &file],
            format!("nothing can be written into {file}: Not a directory (os error 20)"),
        ),
        (
            &["new", &file],
            format!("{file}: File exists (os error 17)"),
        ),
        (
            &[
                "--in-memory",
                "--listen",
                "0",
                "--visits-table",
                "visits-salts",
            ],
            "two tables are named visits-salts: give each a name of its own".to_owned(),
        ),
        (
            &[
                "--dynamodb-listen",
                "0",
                "--dynamodb-endpoint",
                "http://127.0.0.1:1",
            ],
            "--dynamodb-listen opens the built-in store, and --dynamodb-endpoint names another: \
             leave one of the two out"
                .to_owned(),
        ),
    ] {
        assert_eq!(refusal(bare().args(arguments), 1), expected);
    }
}

#[test]
fn who_answers_and_is_no_resume_counter_is_called_so() {
    let stranger = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = stranger.local_addr().unwrap().to_string();
    let answers = thread::spawn(move || {
        for _ in 0..3 {
            use std::io::{Read, Write};
            let (mut client, _) = stranger.accept().unwrap();
            let _ = client.read(&mut [0; 4096]).unwrap();
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
            client.write_all(answer.as_bytes()).unwrap();
        }
    });
    let stranger = format!("what answers at {address} is no resume-counter: it says 200 OK");
    assert_eq!(
        refusal(bare().args(["status", "--at", &address]), 3),
        stranger
    );
    let mut open = bare();
    open.env("RESUME_COUNTER_OWNER_TOKEN", "the-token-of-another")
        .args(["open", "dashboard", "--at", &address]);
    assert_eq!(refusal(&mut open, 1), stranger);
    let store = format!("http://{address}");
    let mut list = bare();
    list.args([
        "--in-memory",
        "--listen",
        "0",
        "--dynamodb-endpoint",
        &store,
    ]);
    assert_eq!(
        refusal(&mut list, 1),
        format!(
            "table CloudResumeCounterHits in the store at {store} cannot be used: what answers \
             there is no DynamoDB"
        )
    );
    answers.join().unwrap();
}

#[test]
fn an_empty_variable_is_one_that_is_not_set() {
    let mut command = bare();
    command.args(["--in-memory", "--listen", "127.0.0.1:0"]);
    for variable in [
        "DYNAMODB_ENDPOINT",
        "RESUME_COUNTER_BASE_URL",
        "RESUME_COUNTER_TRUSTED_PROXY",
        "RESUME_COUNTER_CDN_SECRET",
        "RESUME_COUNTER_THROTTLE_RATE",
        "RESUME_COUNTER_DATA_DIR",
    ] {
        command.env(variable, "");
    }
    assert!(
        Program::run(&mut command)
            .url
            .starts_with("http://127.0.0.1:")
    );
}
