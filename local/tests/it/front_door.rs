//! Attacks from the network, and the service that everybody else still gets.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use crate::program::{self, Program, UNTHROTTLED, from};

const TOKEN: &str = "0123456789abcdef";

fn started(more: &[&str]) -> Program {
    Program::start_with(
        &[&["--in-memory"], more].concat(),
        &[("RESUME_COUNTER_OWNER_TOKEN", TOKEN)],
    )
}

/// The answer to these bytes, after which the connection is left open.
fn answer_to(program: &Program, request: &str) -> String {
    let mut stream = from("127.0.0.1", program);
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = [0; 4096];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[test]
fn what_can_be_refused_without_its_body_is() {
    let program = started(&UNTHROTTLED);
    let owner = format!("authorization: Bearer {TOKEN}\r\n");
    let requests = [
        ("POST /order", "content-length: 6000000\r\n".to_owned(), 401),
        (
            "POST /order",
            "transfer-encoding: chunked\r\n".to_owned(),
            401,
        ),
        ("POST /v1/jobs", "content-length: 5\r\n".to_owned(), 401),
        ("PUT /v1/jobs/1", "content-length: 5\r\n".to_owned(), 401),
        ("POST /visits", "content-length: 20000\r\n".to_owned(), 413),
        (
            "POST /order",
            format!("{owner}content-length: 2000000\r\n"),
            413,
        ),
        (
            "POST /visits",
            "content-length: 5\r\ncontent-type: multipart/form-data; boundary=x\r\n".to_owned(),
            415,
        ),
    ];
    let long = format!("x-long: {}\r\n", "x".repeat(17_000));
    let long = [("GET /v1/health", long, 431)];
    for (route, headers, status) in requests.into_iter().chain(long) {
        let answer = answer_to(
            &program,
            &format!("{route} HTTP/1.1\r\nhost: x\r\n{headers}\r\n"),
        );
        let expected = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&expected), "{route} {headers}{answer}");
    }
}

#[test]
fn a_client_that_sends_its_body_anyway_gets_to_see_the_refusal() {
    let program = started(&UNTHROTTLED);
    let body = "\u{1}".repeat(6_000_000);
    let answer = program.raw(&format!(
        "POST /order HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    ));
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[test]
fn chunks_that_are_broken_are_a_400() {
    let program = started(&UNTHROTTLED);
    let head = "POST /visits HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    for chunks in [
        "nonsense\r\n",
        "5\r\n{}\r\n\r\n\r\n",
        "-1\r\n{}\r\n0\r\n\r\n",
    ] {
        let answer = answer_to(&program, &format!("{head}{chunks}"));
        assert!(answer.starts_with("HTTP/1.1 400 "), "{chunks}{answer}");
    }
    let long = format!("{head}4e20\r\n{}", "x".repeat(20_000));
    let answer = answer_to(&program, &long);
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}

#[tokio::test]
async fn refused_requests_use_up_nothing_of_the_owners() {
    let program = started(&[]);
    let url = format!("{}/visits", program.url);
    // All at once: on a busy machine one after the other would not be too many.
    let head = "GET /visits HTTP/1.1\r\nhost: x\r\nauthorization: Bearer wrong\r\n";
    let refused = program.raw(&format!(
        "{}{head}connection: close\r\n\r\n",
        format!("{head}\r\n").repeat(300)
    ));
    assert!(refused.starts_with("HTTP/1.1 401 "), "{refused}");
    assert!(refused.contains("HTTP/1.1 429 "), "{refused}");
    assert!(!refused.contains("HTTP/1.1 200 "), "{refused}");
    for _ in 0..10 {
        let answer = program
            .http
            .get(&url)
            .bearer_auth(TOKEN)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
    }
}

#[tokio::test]
async fn wrong_tokens_are_counted_by_address() {
    let program = started(&[]);
    let request = "GET /visits HTTP/1.1\r\nhost: x\r\n\r\n";
    let status = |address| {
        let mut stream = from(address, &program);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[9..]).into_owned()
    };
    let guesses: Vec<_> = (0..30).map(|_| status("127.0.0.2")).collect();
    assert!(guesses.contains(&"429".to_owned()), "{guesses:?}");
    assert_eq!(status("127.0.0.3"), "401");
}

/// Holds many more connections from two addresses than there can be, each kept by
/// a client that is polite, slow or does not read.
fn hoard(program: &Program) -> Vec<TcpStream> {
    let requests = [
        "",
        "GET /v1/hea",
        "GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n",
        "POST /visits HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{",
        &"GET /large HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20),
    ];
    (0..400)
        .map(|number| {
            let address = ["127.0.0.2", "127.0.0.4"][number % 2];
            let mut stream = from(address, program);
            // The server may have had enough of this client.
            let _ = stream.write_all(requests[number % requests.len()].as_bytes());
            stream
        })
        .collect()
}

#[test]
fn a_client_that_holds_every_connection_keeps_nobody_out() {
    let site = tempfile::tempdir().unwrap();
    std::fs::write(site.path().join("index.html"), "<h1>Ada</h1>").unwrap();
    std::fs::write(site.path().join("large"), vec![0; 8_000_000]).unwrap();
    let program = with_256_files(&["--site", site.path().to_str().unwrap()]);
    let _held = hoard(&program);
    for number in 1..=50 {
        let answer =
            program.raw("GET /counter?path=p HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let count = format!("{{\"count\":{number}}}");
        assert!(answer.ends_with(&count), "{answer}");
    }
}

/// The program with so few files as macOS gives it: 64 connections have a place
/// then, and 64 wait for one.
fn with_256_files(more: &[&str]) -> Program {
    let mut command = program::after("ulimit -n 256");
    command.args(["--listen", "127.0.0.1:0", "--in-memory"]);
    Program::run(command.args(UNTHROTTLED).args(more))
}

#[tokio::test(flavor = "multi_thread")]
async fn with_fewer_files_than_connections_every_hit_is_answered() {
    let program = with_256_files(&[]);
    let mut hits = tokio::task::JoinSet::new();
    for _ in 0..400 {
        let url = format!("{}/counter?path=p", program.url);
        hits.spawn(async move { reqwest::get(url).await.unwrap().status() });
    }
    let answers = hits.join_all().await;
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_soft_limit_of_files_is_raised_to_the_hard_one() {
    let mut command = program::after("ulimit -Sn 64");
    command.args(["--listen", "127.0.0.1:0", "--in-memory"]);
    let program = Program::run(&mut command);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", program.id())).unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let limits: Vec<_> = files.unwrap().split_whitespace().collect();
    assert_eq!(limits[3], limits[4]);
}

/// Reads until the program closes the connection.
fn heard(mut stream: TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    // To be cut off may be an error.
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn a_client_that_dawdles_over_head_body_or_answer_is_dropped() {
    let site = tempfile::tempdir().unwrap();
    std::fs::write(site.path().join("index.html"), "<h1>Ada</h1>").unwrap();
    std::fs::write(site.path().join("large"), vec![0; 8_000_000]).unwrap();
    let program = started(&[&UNTHROTTLED[..], &["--site", site.path().to_str().unwrap()]].concat());
    let begun = |request: &str| {
        let mut stream = from("127.0.0.1", &program);
        stream.write_all(request.as_bytes()).unwrap();
        stream
    };
    let body = "POST /visits HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n{";
    let unread = begun(&"GET /large HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20));
    let head = begun("GET /v1/health HTTP/1.1\r\nhost:");
    let (paused, slow) = (begun(body), begun(body));
    let mut writer = slow.try_clone().unwrap();
    let writer = thread::spawn(move || {
        // Never so long a pause that it would be one.
        while writer.write_all(b" ").is_ok() {
            thread::sleep(Duration::from_millis(500));
        }
    });
    assert_eq!(String::from_utf8(heard(head)).unwrap(), "");
    for stream in [paused, slow] {
        let answer = String::from_utf8(heard(stream)).unwrap();
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
    writer.join().unwrap();
    // As long again, whichever was begun first.
    thread::sleep(Duration::from_secs(3));
    assert!(heard(unread).len() < 160_000_000);
}
