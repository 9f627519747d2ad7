//! The time for which single visits are kept.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde_json::json;
use visits::{Removal, Retention};

use crate::support::{Function, NOW};

/// A function that keeps visits for `days`.
async fn keeping(days: u16) -> Function {
    let mut function = Function::start().await;
    let log = function.visits.log.clone();
    function.visits.log = log.keeping(Retention::of_days(days));
    function
}

async fn post(function: &Function, date: &str, place: &str) {
    let body = json!({ "propertyId": "cv.example/", "date": date, "place": place });
    let answer = function.post(&body.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

async fn places(function: &Function) -> Vec<String> {
    let page = function
        .get("GET /visits", "propertyId=cv.example%2F")
        .await;
    let visits = page.body["visits"].as_array().unwrap().clone();
    let place = |visit: &serde_json::Value| visit["place"].as_str().unwrap().to_owned();
    visits.iter().map(place).collect()
}

fn seconds(date: &str) -> String {
    let date: Timestamp = date.parse().unwrap();
    format!("expires=N(\"{}\")", date.as_second())
}

#[tokio::test]
async fn a_visit_is_read_for_as_long_as_it_is_kept_and_its_day_stays_counted() {
    let function = keeping(30).await;
    post(&function, "2026-10-22T10:29:59Z", "Lyon").await;
    post(&function, "2026-10-22T10:30:01Z", "Rome").await;
    assert_eq!(places(&function).await, ["Rome"]);
    let summary = "propertyId=cv.example%2F&from=2026-10-01";
    let summary = function.summary(summary).await;
    assert_eq!(summary["visits"], 2);
    assert_eq!(
        summary["places"],
        json!([{ "place": "Lyon", "visits": 1 }, { "place": "Rome", "visits": 1 }])
    );
    post(&function, "2001-01-01T00:00:00Z", "Oslo").await;
    for (place, end) in [
        ("Lyon", "2026-11-21T10:29:59Z"),
        ("Rome", "2026-11-21T10:30:01Z"),
        ("Oslo", "2026-11-20T10:30:00Z"),
    ] {
        let items = function.items().await;
        let mut visits = items.iter().filter(|item| item.contains("place="));
        let visit = visits.find(|item| item.contains(place)).unwrap();
        assert!(visit.contains(&seconds(end)), "{visit}");
    }
}

#[tokio::test]
async fn visits_that_are_there_get_another_end_or_none() {
    let function = keeping(0).await;
    post(&function, "2026-11-01T00:00:00Z", "Lyon").await;
    post(&function, "2026-11-20T00:00:00Z", "Rome").await;
    let (log, now) = (&function.visits.log, NOW.parse().unwrap());
    for (days, others) in [(10, 2), (10, 0), (11, 1), (0, 2), (0, 0)] {
        let days = Retention::of_days(days);
        assert_eq!(log.count_ends(days, now).await.unwrap(), others);
        assert_eq!(log.set_ends(days, now).await.unwrap(), others);
    }
    assert_eq!(places(&function).await, ["Rome", "Lyon"]);
}

#[tokio::test]
async fn a_removed_property_leaves_no_count_of_visits_that_had_their_time() {
    let function = keeping(30).await;
    post(&function, "2026-11-20T10:00:00Z", "Lyon").await;
    post(&function, "2026-11-20T11:00:00Z", "Lyon").await;
    let scan = function.client.scan().table_name("visits").send().await;
    for item in scan.unwrap().items() {
        let is_visit = |key: &AttributeValue| key.as_s().unwrap().starts_with("visit#");
        if item.get("sk").is_some_and(is_visit) {
            let delete = function.client.delete_item().table_name("visits");
            let key = ["propertyId", "sk"].map(|name| (name.to_owned(), item[name].clone()));
            delete.set_key(Some(key.into())).send().await.unwrap();
        }
    }
    let summary = "propertyId=cv.example%2F";
    assert_eq!(function.summary(summary).await["visits"], 2);

    let removal = Removal::new("cv.example/", None, None).unwrap();
    assert_eq!(function.visits.log.remove(&removal).await.unwrap(), 0);
    assert_eq!(function.summary(summary).await["visits"], 0);
    let left = function.items().await;
    let left: Vec<_> = left
        .iter()
        .filter(|item| item.contains("cv.example"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
