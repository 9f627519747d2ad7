//! Strangers: programs of other users of the machine, and requests that no
//! client makes by accident.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use crate::program::{Program, UNTHROTTLED, command, from, load_offer};

/// Files and folders below `folder`, and it.
fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let below = fs::read_dir(folder).unwrap().flat_map(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            entries(&path)
        } else {
            vec![path]
        }
    });
    [folder.to_owned()].into_iter().chain(below).collect()
}

#[tokio::test]
async fn nothing_in_the_data_folder_can_be_read_or_planted_by_other_users() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // As it is with the least careful of users.
    let mut command = crate::program::after("umask 000");
    command.args(["--listen", "127.0.0.1:0", "--data-dir"]);
    let program = Program::run(command.arg(&data).args(UNTHROTTLED));
    assert_eq!(program.hit("p").await.unwrap(), 1);
    let loaded = load_offer(&data);
    assert!(loaded.status.success(), "{loaded:?}");
    let all = entries(&data);
    assert!(all.len() > 10, "{all:?}");
    for path in all {
        let mode = fs::metadata(&path).unwrap().mode();
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
    }
}

#[test]
fn a_data_folder_that_everybody_can_write_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let path = folder.path().to_str().unwrap();
    let output = command(&["--data-dir", path]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let expected = format!(
        "error: data folder {path} can be written by every user of this machine: \
         `chmod o-w` it first\n"
    );
    assert_eq!(String::from_utf8(output.stderr).unwrap(), expected);
    assert_eq!(fs::read_dir(path).unwrap().count(), 0);
}

#[test]
fn a_data_folder_that_another_program_copies_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    for (name, is_warned) in [("OneDrive - Acme", true), ("Drive", false)] {
        let data = folder.path().join(name).join("data");
        fs::create_dir_all(&data).unwrap();
        let mut command = crate::program::bare();
        command.args(["check-data", "--data-dir"]).arg(&data);
        let said = String::from_utf8(command.output().unwrap().stderr).unwrap();
        let warning = "the data folder is copied elsewhere by another program";
        assert_eq!(said.contains(warning), is_warned, "{name}: {said}");
    }
}

#[test]
fn a_load_goes_to_no_stranger_on_the_port_of_a_killed_program() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(&folder.path().join("data"), &[]);
    let address = program.bucket.strip_prefix("http://").unwrap().to_owned();
    program.kill();
    let stranger = TcpListener::bind(address).unwrap();
    stranger.set_nonblocking(true).unwrap();
    let loaded = load_offer(&folder.path().join("data"));
    let said = String::from_utf8(loaded.stderr).unwrap();
    assert!(said.contains("no resume-counter runs"), "{said}");
    assert!(stranger.accept().is_err(), "the stranger was asked");
}

/// Sends `request` and gives the statuses that come back until the program closes
/// the connection; half the requests below leave it waiting for more.
fn statuses(program: &Program, request: &[u8]) -> Vec<u16> {
    let mut stream = from("127.0.0.2", program);
    // It may have heard enough.
    let _ = stream.write_all(request);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    let heads = answer.match_indices("HTTP/1.");
    let status = |(at, _)| answer.get(at + 9..at + 12)?.parse().ok();
    heads.filter_map(status).collect()
}

#[tokio::test]
async fn no_request_is_the_programs_own_fault_and_none_gets_what_is_the_owners() {
    let program = Program::unthrottled();
    let deep = format!("{}{}", "[".repeat(7_000), "]".repeat(7_000));
    let many = "x-header: value\r\n".repeat(500);
    let long = "x".repeat(6_000);
    let targets = [
        "/",
        "/counter?path=p&mode=read",
        "/counter?path=%00",
        "/counter?path=%ff%fe",
        "/counter?path=p&path=q",
        "/visits",
        "/visits/summary?from=9999-99-99",
        "/v1/health",
        "/readyz",
        "/v1/jobs?limit=99999999999999999999",
        "/v1/jobs?cursor=%00%00",
        "/v1/jobs/%00",
        "/v1/jobs/..%2f..%2fetc%2fpasswd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/owner-token",
        "/a%00b",
        "*",
        "http://other.example/",
    ];
    let cursor = format!("/v1/jobs?cursor={long}");
    let heads = [
        "HTTP/1.1\r\nhost: x\r\n".to_owned(),
        "HTTP/1.0\r\n".to_owned(),
        "HTTP/1.1\r\n".to_owned(),
        "HTTP/1.1\r\nhost: evil.example\r\nhost: x\r\n".to_owned(),
        "HTTP/1.1\r\nhost: \u{1}\r\n".to_owned(),
        "HTTP/9.9\r\nhost: x\r\n".to_owned(),
        format!("HTTP/1.1\r\nhost: x\r\n{many}"),
        format!("HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {long}\r\n"),
        "HTTP/1.1\r\nhost: x\r\nrange: bytes=0-0,1-1,9999999999999999999-\r\n".to_owned(),
        "HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n".to_owned(),
        "HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n".to_owned(),
        "HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n".to_owned(),
        "HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n".to_owned(),
        "HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n".to_owned(),
        "HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\nconnection: upgrade\r\n".to_owned(),
    ];
    let bodies = [
        String::new(),
        "{}".to_owned(),
        deep,
        "0\r\n\r\n".to_owned(),
        "\u{0}".repeat(500),
        "GET /visits HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(),
    ];
    let owners = |target: &str| target.starts_with("/visits");
    for method in [
        "GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT",
    ] {
        for target in targets.into_iter().chain([cursor.as_str()]) {
            for head in &heads {
                // Each head meets another body with each target.
                let body = &bodies[(target.len() + head.len() + method.len()) % bodies.len()];
                let request = format!("{method} {target} {head}\r\n{body}");
                for status in statuses(&program, request.as_bytes()) {
                    let request = request.chars().take(120).collect::<String>();
                    assert_ne!(status / 100, 5, "{request}");
                    let is_let_in = owners(target) && method == "GET" && status == 200;
                    assert!(!is_let_in, "{request}");
                }
            }
        }
    }
    assert_eq!(program.hit("after all that").await.unwrap(), 1);
}
