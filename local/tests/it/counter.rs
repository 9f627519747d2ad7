//! `GET /counter` over HTTP, as browsers and `curl` meet it.

use crate::program::Program;
use emulator::DynamoDb;
use reqwest::{Method, StatusCode};
use testkit::{Fault, FaultProxy};
use tokio::task::JoinSet;

#[tokio::test]
async fn each_hit_of_a_page_is_one_more() {
    let program = Program::unthrottled();
    for expected in [r#"{"count":1}"#, r#"{"count":2}"#] {
        let answer = program.get("/counter?path=example.com/").await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert_eq!(answer.text().await.unwrap(), expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_hits_at_once_get_the_numbers_1_to_10000() {
    let program = std::sync::Arc::new(Program::unthrottled());
    let mut connections = JoinSet::new();
    for connection in 0..64 {
        let program = std::sync::Arc::clone(&program);
        connections.spawn(async move {
            let mut numbers = Vec::new();
            for _ in (connection..10_000).step_by(64) {
                numbers.push(program.hit("page").await.unwrap());
            }
            numbers
        });
    }
    let mut numbers = connections.join_all().await.concat();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=10_000));
}

#[tokio::test]
async fn every_answer_carries_cors_headers() {
    let program = Program::start(&["--in-memory", "--throttle-burst", "2"]);
    let requests = [
        ("/counter?path=p", Method::GET, 200),
        ("/counter", Method::GET, 400),
        ("/counter?path=p", Method::POST, 405),
        ("/counter?path=p", Method::HEAD, 405),
        ("/counter?path=p", Method::GET, 429),
    ];
    for (path, method, status) in requests {
        let url = format!("{}{path}", program.url);
        let request = program.http.request(method, url);
        let answer = request
            .header("origin", "https://example.com")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    }
    let reading = program.get("/counter?path=p&mode=read").await;
    assert_eq!(
        reading.text().await.unwrap(),
        r#"{"message":"Too Many Requests"}"#
    );
}

#[tokio::test]
async fn another_method_is_a_405_that_names_the_right_one_and_counts_nothing() {
    let program = Program::unthrottled();
    for method in [Method::HEAD, Method::POST, Method::PUT, Method::DELETE] {
        let url = format!("{}/counter?path=p", program.url);
        let answer = program
            .http
            .request(method.clone(), url)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["allow"], "GET, OPTIONS");
        if method != Method::HEAD {
            let body = answer.text().await.unwrap();
            assert_eq!(body, r#"{"message":"Method Not Allowed"}"#);
        }
    }
    assert_eq!(program.hit("p").await.unwrap(), 1);
}

#[tokio::test]
async fn a_preflight_is_answered_for_an_allowed_origin_only() {
    let program = Program::start(&[
        "--in-memory",
        "--allow-origin",
        "https://a.example,https://b.example",
    ]);
    for (origin, allowed) in [("https://b.example", true), ("https://c.example", false)] {
        let url = format!("{}/counter?path=p", program.url);
        let request = program.http.request(Method::OPTIONS, url);
        let answer = request
            .header("origin", origin)
            .header("access-control-request-method", "GET")
            .send()
            .await
            .unwrap();
        let header = answer.headers().get("access-control-allow-origin");
        assert_eq!(
            header.map(|value| value.to_str().unwrap()),
            allowed.then_some(origin)
        );
    }
}

#[tokio::test]
async fn ten_requests_at_once_pass_and_the_next_is_throttled() {
    let program = Program::start(&["--in-memory"]);
    let mut passed = 0;
    while program.get("/counter?path=p&mode=read").await.status() == StatusCode::OK {
        passed += 1;
        assert!(passed < 30, "the throttle lets everything pass");
    }
    assert!(passed >= 10, "only {passed} passed");
}

#[tokio::test]
async fn another_route_is_a_404() {
    let program = Program::unthrottled();
    assert_eq!(program.get("/nothing").await.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_fails_is_a_503_that_pages_of_other_origins_can_read() {
    let store = DynamoDb::in_memory().await.unwrap();
    let proxy = FaultProxy::start(&store).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    let data = ["--data-dir", data.path().to_str().unwrap()];
    let program = Program::start_with(
        &[&data[..], &["--dynamodb-endpoint", &proxy.endpoint()]].concat(),
        &[
            ("AWS_ACCESS_KEY_ID", "any"),
            ("AWS_SECRET_ACCESS_KEY", "any"),
        ],
    );
    assert_eq!(program.hit("p").await.unwrap(), 1);
    proxy.set(Some(Fault::InternalError));
    let answer = program.get("/counter?path=p").await;
    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "1");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    proxy.set(None);
    assert_eq!(program.hit("p").await.unwrap(), 2);
}

#[test]
fn hostile_requests_are_answered_and_the_next_one_counts() {
    let program = Program::unthrottled();
    let long = "x".repeat(9_000);
    let requests = [
        (
            "GET /counter?path=p&mode=read HTTP/1.1\r\nhost: a b\r\n",
            200,
        ),
        (
            "GET /counter?path=p&mode=read HTTP/1.1\r\nhost: [::1\r\n",
            200,
        ),
        (
            "GET /counter?path=p&mode=read HTTP/1.1\r\nhost: x\r\nx-forwarded-proto: a b\r\n",
            200,
        ),
        (
            &format!("GET /counter?path={long} HTTP/1.1\r\nhost: x\r\n"),
            414,
        ),
        (
            "GET /counter?path=a\u{e9}&mode=read HTTP/1.1\r\nhost: x\r\n",
            200,
        ),
        ("GET /../Cargo.toml HTTP/1.1\r\nhost: x\r\n", 404),
        ("GET /%2e%2e/Cargo.toml HTTP/1.1\r\nhost: x\r\n", 404),
        ("nonsense\r\n", 400),
    ];
    for (head, status) in requests {
        let answer = program.raw(&format!("{head}connection: close\r\n\r\n"));
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{head}{answer}"
        );
    }
    let answer =
        program.raw("GET /counter?path=p HTTP/1.1\r\nconnection: close\r\nhost: x\r\n\r\n");
    assert!(answer.ends_with(r#"{"count":1}"#), "{answer}");
}
