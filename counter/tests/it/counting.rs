//! The answers of `GET /counter`, on the embedded store and on real events.

use crate::support::{Answer, Function};

#[tokio::test]
async fn each_hit_answers_its_own_number() {
    let function = Function::start().await;
    for expected in [r#"{"count":1}"#, r#"{"count":2}"#, r#"{"count":3}"#] {
        let answer = function.get("path=example.com/").await;
        assert_eq!(answer, Answer::ok(expected));
    }
}

#[tokio::test]
async fn another_path_starts_at_one() {
    let function = Function::start().await;
    function.get("path=example.com/").await;
    let answer = function.get("path=example.com/cv").await;
    assert_eq!(answer, Answer::ok(r#"{"count":1}"#));
}

#[tokio::test]
async fn reading_changes_nothing() {
    let function = Function::start().await;
    function.get("path=example.com/").await;
    for _ in 0..2 {
        let answer = function.get("path=example.com/&mode=read").await;
        assert_eq!(answer, Answer::ok(r#"{"count":1}"#));
    }
    let unseen = function.get("mode=read&path=example.com/unseen").await;
    assert_eq!(unseen, Answer::ok(r#"{"count":0}"#));
    let first = function.get("path=example.com/unseen").await;
    assert_eq!(first, Answer::ok(r#"{"count":1}"#));
}

#[tokio::test]
async fn spaces_around_a_path_name_the_same_page() {
    let function = Function::start().await;
    function.get("path=example.com/").await;
    let answer = function.get("path=+example.com%2F%20").await;
    assert_eq!(answer, Answer::ok(r#"{"count":2}"#));
}

#[tokio::test]
async fn answers_are_json_that_no_cache_keeps() {
    let function = Function::start().await;
    for query in ["path=example.com/", "path="] {
        let headers = function.send(query).await.headers().clone();
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["cache-control"], "no-store");
    }
}

#[tokio::test]
async fn the_event_files_are_answered_as_they_say() {
    let function = Function::start().await;
    let get = include_str!("../../../events/counter-get.json");
    let staged = include_str!("../../../events/counter-get-with-stage.json");
    let without = include_str!("../../../events/counter-get-without-path.json");
    assert_eq!(function.event(get).await, Answer::ok(r#"{"count":1}"#));
    assert_eq!(function.event(staged).await, Answer::ok(r#"{"count":2}"#));
    assert_eq!(function.event(without).await.status, 400);
}
