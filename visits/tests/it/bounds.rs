//! The bounds of recording: the hosts, and the number of properties.

use std::num::NonZeroU64;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use backend::Bounds;
use serde_json::json;
use tokio::task::JoinSet;
use visits::Visits;

use crate::support::{Answer, Function, call, event};

fn within(function: &Function, hosts: &[&str], properties: u64) -> Visits {
    let visits = function.anew();
    Visits {
        log: visits
            .log
            .within(Bounds::new(hosts, NonZeroU64::new(properties))),
        ..visits
    }
}

async fn post(visits: &Visits, body: serde_json::Value) -> Answer {
    let mut post = event("POST /visits");
    post["body"] = body.to_string().into();
    Answer::read(call(visits, &post).await)
}

#[tokio::test]
async fn new_properties_at_once_fill_a_table_exactly_and_known_ones_go_on() {
    let function = Function::start().await;
    let visits = within(&function, &[], 5);
    assert_eq!(
        post(&visits, json!({ "propertyId": "known" })).await.status,
        201
    );
    let mut calls = JoinSet::new();
    for n in 0..40 {
        let visits = visits.clone();
        let body = match n % 2 {
            0 => json!({ "propertyId": format!("new/{n}") }),
            _ => json!({ "propertyId": format!("new/{n}"), "skipped": "crawler" }),
        };
        calls.spawn(async move { post(&visits, body).await.status });
    }
    let statuses = calls.join_all().await;
    let refused = statuses.iter().filter(|status| **status == 403).count();
    assert_eq!(refused, 36, "{statuses:?}");
    assert_eq!(
        post(&visits, json!({ "propertyId": "known" })).await.status,
        201
    );
    let sentence =
        "This table has room for 5 pages, and all are taken: those that are known go on counting.";
    let refused = post(&visits, json!({ "propertyId": "another" })).await;
    assert_eq!(refused, Answer::error(403, sentence));
}

#[tokio::test]
async fn properties_of_other_hosts_are_refused_and_one_without_a_name_is_not() {
    let function = Function::start().await;
    let visits = within(&function, &["example.com"], 5);
    for (body, status) in [
        (json!({ "propertyId": "example.com/cv" }), 201),
        (json!({}), 201),
        (json!({ "propertyId": "other.example/" }), 403),
        (
            json!({ "propertyId": "other.example/", "skipped": "owner" }),
            403,
        ),
    ] {
        assert_eq!(post(&visits, body.clone()).await.status, status, "{body}");
    }
}

#[tokio::test]
async fn a_property_that_is_older_than_the_limit_needs_no_room() {
    let function = Function::start().await;
    for property in ["older", "other"] {
        let answer = post(&function.anew(), json!({ "propertyId": property })).await;
        assert_eq!(answer.status, 201);
    }
    let key = [("propertyId", "older"), ("sk", "property")];
    let key = key.map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())));
    let delete = function.client.delete_item().table_name("visits");
    let deleted = delete
        .set_key(Some(key.into()))
        .return_values(ReturnValue::AllOld);
    assert!(deleted.send().await.unwrap().attributes().is_some());

    let visits = within(&function, &[], 1);
    let statuses = ["older", "new"].map(|property| json!({ "propertyId": property }));
    let [older, new] = statuses.map(|body| post(&visits, body));
    assert_eq!([older.await.status, new.await.status], [201, 403]);
}
