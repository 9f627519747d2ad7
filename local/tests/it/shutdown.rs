//! The end of the program.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Stdio};

use crate::program::{self, command, signal};

fn started() -> (Child, String) {
    let mut child = command(&["--in-memory"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let [url, _] = program::listening(&mut child);
    let address = url.strip_prefix("http://").unwrap().to_owned();
    (child, address)
}

#[test]
fn each_signal_that_asks_for_an_end_gets_a_good_one() {
    for name in ["INT", "TERM", "HUP"] {
        let (mut child, address) = started();
        // Half a head is no request under way.
        let mut half = TcpStream::connect(address).unwrap();
        half.write_all(b"GET /v1/hea").unwrap();
        signal(&child, name);
        assert!(child.wait().unwrap().success(), "{name}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_hangup_that_is_ignored_at_the_start_stays_ignored() {
    let mut child = program::after("trap '' HUP")
        .args(["--listen", "127.0.0.1:0", "--in-memory"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let [url, _] = program::listening(&mut child);
    signal(&child, "HUP");
    let health = "GET /v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    for _ in 0..5 {
        assert!(program::raw(&url, health).starts_with("HTTP/1.1 200 "));
    }
    signal(&child, "TERM");
    assert!(child.wait().unwrap().success());
}

/// A request whose body is on its way is waited for, but not by who asks twice.
#[test]
fn a_second_signal_ends_it_at_once() {
    let (mut child, address) = started();
    let mut upload = TcpStream::connect(&address).unwrap();
    let head = "POST /visits HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\
                expect: 100-continue\r\n\r\n";
    upload.write_all(head.as_bytes()).unwrap();
    // The answer says that the body is waited for.
    let mut begun = [0; 12];
    upload.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100");
    signal(&child, "TERM");
    // The first signal is known to be heeded once the port is closed.
    while TcpStream::connect(&address).is_ok() {}
    signal(&child, "TERM");
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn a_service_manager_hears_of_its_start_its_health_and_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).unwrap();
    let mut child = command(&["--in-memory"])
        .env("NOTIFY_SOCKET", &path)
        .env("WATCHDOG_USEC", "300000")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let heard = || {
        let mut text = [0; 64];
        let length = manager.recv(&mut text).unwrap();
        String::from_utf8_lossy(&text[..length]).trim().to_owned()
    };
    let first = [heard(), heard(), heard()];
    assert!(first.contains(&"READY=1".to_owned()), "{first:?}");
    assert!(first.contains(&"WATCHDOG=1".to_owned()), "{first:?}");
    signal(&child, "TERM");
    while heard() != "STOPPING=1" {}
    assert!(child.wait().unwrap().success());
}
