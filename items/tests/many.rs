//! Many requests at once, and tables of many items.

mod support;

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use support::{Answer, Function, ROUTES, call, event, read};

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_conditional_creates_of_one_id_exactly_one_succeeds() {
    let mut function = Function::start().await;
    // A thousand at once take a build for tests longer than a function waits.
    let client = &function.items.client;
    let patience = TimeoutConfig::builder()
        .operation_timeout(Duration::from_secs(60))
        .connect_timeout(Duration::from_secs(60));
    let config = client
        .config()
        .to_builder()
        .timeout_config(patience.build());
    function.items.client = Client::from_conf(config.build());
    let mut calls = tokio::task::JoinSet::new();
    for n in 0..1000 {
        let items = function.items.clone();
        let body = format!(
            r#"{{"operation":"create","payload":{{"Item":{{"id":"1","by":{n}}},"ConditionExpression":"attribute_not_exists(id)"}}}}"#
        );
        calls.spawn(async move { read(call(&items, &event(ROUTES[0], &body)).await) });
    }
    let mut statuses: HashMap<u16, usize> = HashMap::new();
    for answer in calls.join_all().await {
        *statuses.entry(answer.status).or_default() += 1;
    }
    assert_eq!(statuses, HashMap::from([(200, 1), (409, 999)]));
}

#[tokio::test]
async fn a_list_gives_each_of_5000_items_on_exactly_one_page() {
    let function = Function::start().await;
    // 1.5 MB of items, so that a page without a limit does not hold them all.
    let text = "x".repeat(300);
    for n in 0..5000 {
        let body =
            format!(r#"{{"operation":"create","payload":{{"Item":{{"id":"{n}","v":"{text}"}}}}}}"#);
        assert_eq!(function.order(&body).await, Answer::ok("{}"));
    }
    for (limit, fewest_pages) in [("", 2), (r#""Limit":700,"#, 8)] {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut start = "{}".to_owned();
        let mut pages = 0;
        loop {
            let payload = match start.as_str() {
                "{}" => format!("{{{}}}", limit.trim_end_matches(',')),
                key => format!(r#"{{{limit}"ExclusiveStartKey":{key}}}"#),
            };
            let answer = function
                .order(&format!(r#"{{"operation":"list","payload":{payload}}}"#))
                .await;
            assert_eq!(answer.status, 200, "{}", answer.body);
            let page: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            for item in page["Items"].as_array().unwrap() {
                *seen
                    .entry(item["id"].as_str().unwrap().to_owned())
                    .or_default() += 1;
            }
            assert_eq!(page["Count"], page["Items"].as_array().unwrap().len());
            pages += 1;
            match page.get("LastEvaluatedKey") {
                Some(key) => start = key.to_string(),
                None => break,
            }
        }
        assert!(pages >= fewest_pages, "{pages} pages");
        assert_eq!(seen.len(), 5000);
        assert!(seen.values().all(|times| *times == 1));
    }
}
