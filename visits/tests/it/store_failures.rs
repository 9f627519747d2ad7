//! When the store fails, the caller hears of it in time, and a repeat is safe.

use std::time::{Duration, Instant};

use crate::support::{Answer, Function, call, event};
use serde_json::{Value, json};
use testkit::{Fault, FaultProxy};
use visits::Visits;

const TIMEOUT: Duration = Duration::from_secs(5);

/// A function that has reached its store once, through a proxy.
async fn start() -> (Function, FaultProxy, Visits) {
    let function = Function::start().await;
    let proxy = FaultProxy::start(&function.store).await.unwrap();
    let visits = function.through(proxy.endpoint());
    assert_eq!(call(&visits, &post("first")).await.status(), 201);
    (function, proxy, visits)
}

fn post(key: &str) -> Value {
    let mut post = event("POST /visits");
    post["headers"]["idempotency-key"] = key.into();
    post
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_whose_answer_was_lost_is_stored_once_when_it_is_repeated() {
    let (function, proxy, visits) = start().await;
    proxy.set_on("TransactWriteItems", Fault::AnswerLost);
    let lost = Answer::read(call(&visits, &post("second")).await);
    let sentence = "The store did not answer. Try again in a second.";
    assert_eq!(lost, Answer::error(503, sentence));
    proxy.set(None);
    let repeated = Answer::read(call(&visits, &post("second")).await);
    assert_eq!(repeated.status, 201, "{}", repeated.body);
    assert_eq!(Answer::read(call(&visits, &post("second")).await), repeated);
    assert_eq!(function.summary("").await["visits"], json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_or_throttled_store_is_a_503_in_time() {
    let (function, proxy, visits) = start().await;
    for fault in [Fault::Silent, Fault::Throttled] {
        proxy.set(Some(fault));
        let started = Instant::now();
        assert_eq!(call(&visits, &post("second")).await.status(), 503);
        assert!(started.elapsed() < TIMEOUT, "the function would be killed");
        proxy.set(None);
    }
    assert_eq!(call(&visits, &post("second")).await.status(), 201);
    assert_eq!(function.summary("").await["visits"], json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_for_a_while_is_waited_out() {
    let (function, proxy, visits) = start().await;
    proxy.set_for(2, Fault::Throttled);
    assert_eq!(call(&visits, &post("second")).await.status(), 201);
    assert_eq!(function.summary("").await["visits"], json!(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_that_meet_a_transaction_are_tried_again() {
    let (function, proxy, visits) = start().await;
    proxy.set_for(3, Fault::Conflict);
    assert_eq!(call(&visits, &post("second")).await.status(), 201);
    let mut skipped = post("third");
    skipped["body"] = r#"{"skipped":"owner"}"#.into();
    proxy.set_for(3, Fault::Conflict);
    assert_eq!(call(&visits, &skipped).await.status(), 200);
    proxy.set(None);
    let summary = function.summary("").await;
    assert_eq!(summary["visits"], 2);
    assert_eq!(
        summary["skipped"],
        json!([{ "reason": "owner", "visits": 1 }])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_that_always_meet_are_a_503_in_time() {
    let (function, proxy, visits) = start().await;
    proxy.set_on("TransactWriteItems", Fault::Conflict);
    let started = Instant::now();
    assert_eq!(call(&visits, &post("second")).await.status(), 503);
    let calls = proxy.calls();
    assert!(started.elapsed() < TIMEOUT && calls < 20, "{calls} calls");
    assert_eq!(function.summary("").await["visits"], json!(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owners_questions_to_a_silent_store_are_a_503_in_time() {
    let (_function, proxy, visits) = start().await;
    proxy.set(Some(Fault::Silent));
    for route in ["GET /visits", "GET /visits/summary"] {
        let started = Instant::now();
        assert_eq!(call(&visits, &event(route)).await.status(), 503);
        assert!(started.elapsed() < TIMEOUT, "the function would be killed");
    }
}
