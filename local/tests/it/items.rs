//! Items over HTTP: the function behind the local gateway, for the owner alone.

use crate::program::Program;
use reqwest::Response;

const TOKEN: &str = "a-token-for-these-tests";

async fn post(program: &Program, path: &str, body: &'static str) -> Response {
    let request = program.http.post(format!("{}{path}", program.url));
    let request = request.header("content-type", "application/json");
    request.bearer_auth(TOKEN).body(body).send().await.unwrap()
}

fn start(arguments: &[&str]) -> Program {
    let arguments = [&["--in-memory"], arguments].concat();
    Program::start_with(&arguments, &[("RESUME_COUNTER_OWNER_TOKEN", TOKEN)])
}

#[tokio::test]
async fn both_routes_store_items_and_keep_their_digits() {
    let program = start(&[]);
    for path in ["/order", "/dynamodbmanager"] {
        let create = r#"{"operation":"create","payload":{"Item":{"id":"1","n":0.12345678901234567890123456789012345678}}}"#;
        let answer = post(&program, path, create).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.text().await.unwrap(), "{}");
        let read = r#"{"operation":"read","payload":{"Key":{"id":"1"}}}"#;
        assert_eq!(
            post(&program, path, read).await.text().await.unwrap(),
            r#"{"Item":{"id":"1","n":0.12345678901234567890123456789012345678}}"#
        );
    }
}

#[tokio::test]
async fn without_the_token_nothing_is_done() {
    let program = start(&[]);
    let request = program.http.post(format!("{}/order", program.url));
    let answer = request.body(r#"{"operation":"ping"}"#).send().await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
}

#[tokio::test]
async fn other_methods_are_a_405_that_says_which_there_are() {
    let program = start(&[]);
    for path in ["/order", "/dynamodbmanager"] {
        let answer = program.get(path).await;
        assert_eq!(answer.status(), 405);
        assert_eq!(answer.headers()["allow"], "POST, OPTIONS");
    }
}

#[tokio::test]
async fn the_tables_of_a_route_are_an_option() {
    let program = start(&["--order-tables", "orders-2025,orders-2024"]);
    for (table, status) in [
        (r#"{"operation":"list","tableName":"orders-2025"}"#, 200),
        (r#"{"operation":"list","tableName":"orders-2024"}"#, 200),
        (
            r#"{"operation":"list","tableName":"order-microservice-db"}"#,
            403,
        ),
    ] {
        let answer = post(&program, "/order", table).await;
        assert_eq!(answer.status(), status, "{table}");
    }
}

#[tokio::test]
async fn a_429_and_a_401_may_be_read_by_the_owners_origin_alone() {
    let program = start(&["--owner-origin", "https://me.example"]);
    for (origin, allowed) in [
        ("https://me.example", Some("https://me.example")),
        ("https://other.example", None),
    ] {
        // All at once: on a busy machine one after the other would not be too many.
        let head = format!("POST /order HTTP/1.1\r\nhost: x\r\norigin: {origin}\r\n");
        let answers = program.raw(&format!(
            "{}{head}connection: close\r\n\r\n",
            format!("{head}\r\n").repeat(300)
        ));
        let count = |text: &str| answers.matches(text).count();
        assert_eq!(count("HTTP/1.1 401 ") + count("HTTP/1.1 429 "), 301);
        assert!(count("HTTP/1.1 429 ") > 0, "{answers}");
        let readable = allowed.map_or(0, |origin| {
            count(&format!("access-control-allow-origin: {origin}\r\n"))
        });
        assert_eq!(readable, allowed.map_or(0, |_| 301));
        assert_eq!(count("access-control-allow-origin"), readable);
    }
}
