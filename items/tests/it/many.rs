//! Many requests at once, and tables of many items.

use std::collections::HashMap;
use std::sync::Arc;

use crate::support::{Answer, Function, ROUTES, call, event, read};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_conditional_creates_of_one_id_exactly_one_succeeds() {
    let function = Function::start().await;
    let creates = (0..1000).map(|n| {
        format!(
            r#"{{"operation":"create","payload":{{"Item":{{"id":"1","by":{n}}},"ConditionExpression":"attribute_not_exists(id)"}}}}"#
        )
    });
    let mut statuses: HashMap<u16, usize> = HashMap::new();
    for answer in order_at_once(&function, creates).await {
        *statuses.entry(answer.status).or_default() += 1;
    }
    assert_eq!(statuses, HashMap::from([(200, 1), (409, 999)]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_gives_each_of_5000_items_on_exactly_one_page() {
    let function = Function::start().await;
    // 1.5 MB of items, so that a page without a limit does not hold them all.
    let text = "x".repeat(300);
    let creates = (0..5000).map(|n| {
        format!(r#"{{"operation":"create","payload":{{"Item":{{"id":"{n}","v":"{text}"}}}}}}"#)
    });
    for answer in order_at_once(&function, creates).await {
        assert_eq!(answer, Answer::ok("{}"));
    }
    for (limit, pages) in [("", 2), (r#""Limit":700,"#, 8)] {
        let listed = list(&function, limit).await;
        assert_eq!(listed.len(), pages);
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for page in &listed {
            let items = page["Items"].as_array().unwrap();
            assert_eq!(page["Count"], items.len());
            for item in items {
                *seen.entry(item["id"].as_str().unwrap()).or_default() += 1;
            }
        }
        assert_eq!(seen.len(), 5000);
        assert!(seen.values().all(|times| *times == 1));
    }
}

/// All pages; `limit` stands before the key of a page to start from.
async fn list(function: &Function, limit: &str) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut payload = format!("{{{}}}", limit.trim_end_matches(','));
    loop {
        let body = format!(r#"{{"operation":"list","payload":{payload}}}"#);
        let answer = function.order(&body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let page: Value = serde_json::from_str(&answer.body).unwrap();
        let next = page.get("LastEvaluatedKey").map(Value::to_string);
        pages.push(page);
        let Some(key) = next else {
            return pages;
        };
        payload = format!(r#"{{{limit}"ExclusiveStartKey":{key}}}"#);
    }
}

/// Sends them all, as many at once as one machine answers in time.
async fn order_at_once(function: &Function, bodies: impl Iterator<Item = String>) -> Vec<Answer> {
    let turns = Arc::new(Semaphore::new(32));
    let mut calls = JoinSet::new();
    for body in bodies {
        let (items, turns) = (function.items.clone(), Arc::clone(&turns));
        calls.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            read(call(&items, &event(ROUTES[0], &body)).await)
        });
    }
    calls.join_all().await
}
