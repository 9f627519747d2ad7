//! Messages into the table: each stands or falls alone, and comes twice in vain.

use crate::support::{Jobs, QUEUE, failed};
use jobs::Store;
use serde_json::{Value, json};
use testkit::{Fault, FaultProxy};

fn event(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const TWO: &str = include_str!("../../../events/jobs-store.json");
const POISON: &str = include_str!("../../../events/jobs-store-poison.json");

#[tokio::test]
async fn an_event_is_stored_and_nothing_failed() {
    let jobs = Jobs::start().await;
    let event = serde_json::from_value(event(TWO)).unwrap();
    let answer = jobs::store(&jobs.store, event).await;
    assert_eq!(
        serde_json::to_value(answer).unwrap(),
        json!({ "batchItemFailures": [] })
    );
    assert_eq!(jobs.stored().await, ["1 Lyon", "2 Oslo"]);
}

#[tokio::test]
async fn only_what_failed_is_named_and_the_rest_is_stored() {
    let jobs = Jobs::start().await;
    let event = serde_json::from_value(event(POISON)).unwrap();
    let answer = jobs::store(&jobs.store, event).await;
    assert_eq!(
        serde_json::to_value(answer).unwrap(),
        json!({ "batchItemFailures": [
            { "itemIdentifier": "059f36b4-87a3-44ab-83d2-661975240002" },
            { "itemIdentifier": "059f36b4-87a3-44ab-83d2-661975240003" },
        ] })
    );
    assert_eq!(jobs.stored().await, ["1 Lyon", "4 Oslo"]);
}

#[tokio::test]
async fn a_redelivery_changes_nothing_even_after_newer_rows() {
    let jobs = Jobs::start().await;
    let row = |line: u64, title: &str| {
        json!({ "Records": [{
            "messageId": line.to_string(),
            "body": json!({ "id": "1", "city": "Lyon", "title": title }).to_string(),
            "messageAttributes": {
                "version": { "stringValue": format!("2026-11-20T10:30:00.000Z#{line:012}") },
            },
        }] })
    };
    // The later line of a file wins, whichever of its messages comes last.
    for (line, title) in [(2, "a"), (10, "b"), (9, "c"), (10, "b"), (2, "a")] {
        assert!(failed(&jobs.store, row(line, title)).await.is_empty());
    }
    assert_eq!(jobs.stored().await, ["1 Lyon"]);
    assert_eq!(jobs.on("get", "1", None).await.body["title"], "b");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_throttles_for_a_while_loses_nothing() {
    let jobs = Jobs::start().await;
    let proxy = FaultProxy::start(&jobs.dynamodb).await.unwrap();
    let store = jobs.store_through(proxy.endpoint());
    proxy.set_for(12, Fault::Throttled);
    assert!(failed(&store, event(TWO)).await.is_empty());
    assert_eq!(jobs.stored().await.len(), 2);
    assert_eq!(proxy.calls(), 14);
}

/// The SDK gives all calls of a process a hundred such retries, unless it is told not to.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_throttles_hundreds_of_calls_fails_none_of_them() {
    let jobs = Jobs::start().await;
    let proxy = FaultProxy::start(&jobs.dynamodb).await.unwrap();
    let store = jobs.store_through(proxy.endpoint());
    for batch in 0..6 {
        proxy.set_for(40, Fault::Throttled);
        let record = |row| {
            let id = format!("{batch}-{row}");
            json!({ "messageId": id, "body": json!({ "id": id, "city": "Lyon" }).to_string() })
        };
        let records: Vec<_> = (0..10).map(record).collect();
        let none: [String; 0] = [];
        assert_eq!(failed(&store, json!({ "Records": records })).await, none);
    }
    assert_eq!(jobs.stored().await.len(), 60);
    assert_eq!(proxy.calls(), 240 + 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_again() {
    let jobs = Jobs::start().await;
    let proxy = FaultProxy::start(&jobs.dynamodb).await.unwrap();
    let store = jobs.store_through(proxy.endpoint());
    proxy.set_for(2, Fault::AnswerLost);
    assert!(failed(&store, event(TWO)).await.is_empty());
    assert_eq!(jobs.stored().await, ["1 Lyon", "2 Oslo"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_is_dead_after_ten_receives_and_a_redrive_brings_it_back() {
    let jobs = Jobs::start().await;
    let records = event(POISON);
    let records = records["Records"].as_array().unwrap().iter();
    let messages = records.map(|record| {
        let body = record["body"].as_str().unwrap().to_owned();
        (body, "{}".to_owned())
    });
    let messages = messages.collect();
    jobs.queues.send(QUEUE.name, messages).await.unwrap();
    jobs.store_all().await;
    assert_eq!(jobs.stored().await, ["1 Lyon", "4 Oslo"]);
    let dead = jobs.queues.peek(QUEUE.dead_letters, 10).await.unwrap();
    let dead: Vec<_> = dead.iter().map(|m| (&*m.body, m.receives)).collect();
    assert_eq!(
        dead,
        [
            ("this is no job offer", 10),
            (r#"{"id":"3","title":"of no city"}"#, 10)
        ]
    );
    assert_eq!(jobs.queues.redrive(QUEUE).await.unwrap(), 2);
    jobs.store_all().await;
    let dead = jobs.queues.depth(QUEUE.dead_letters).await.unwrap();
    assert_eq!(dead.waiting, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_long_outage_left_dead_is_stored_after_a_redrive() {
    let jobs = Jobs::start().await;
    let proxy = FaultProxy::start(&jobs.dynamodb).await.unwrap();
    let config = jobs.dynamodb.config_at(proxy.endpoint());
    // The API's client, which gives up sooner than the function's.
    let function = Store {
        offers: crate::support::api(config.client().unwrap()).offers,
        ..jobs.store.clone()
    };
    let records = event(TWO);
    let records = records["Records"].as_array().unwrap().iter();
    let messages = records.map(|record| {
        let body = record["body"].as_str().unwrap().to_owned();
        (body, "{}".to_owned())
    });
    let messages = messages.collect();
    jobs.queues.send(QUEUE.name, messages).await.unwrap();
    proxy.set(Some(Fault::InternalError));
    let source = jobs.source();
    let store = |event| failed(&function, event);
    while source.next(&store).await.unwrap() > 0 {}
    let dead = jobs.queues.depth(QUEUE.dead_letters).await.unwrap();
    assert_eq!(dead.waiting, 2);
    assert!(jobs.stored().await.is_empty());
    proxy.set(None);
    jobs.queues.redrive(QUEUE).await.unwrap();
    while source.next(&store).await.unwrap() > 0 {}
    assert_eq!(jobs.stored().await, ["1 Lyon", "2 Oslo"]);
}
