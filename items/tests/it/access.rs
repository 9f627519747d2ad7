//! The owner's token, and the tables of each route.

use crate::support::{Answer, Function, ROUTES, event};
use serde_json::value::RawValue;

#[tokio::test]
async fn only_the_owner_gets_in() {
    let function = Function::start().await;
    let sentence = "Only the owner may do this: send `Authorization: Bearer <token>`.";
    for route in ROUTES {
        for authorization in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer wrong",
            "Basic the-owner-of-these-events",
            "the-owner-of-these-events",
        ] {
            let mut event = event(route, r#"{"operation":"ping"}"#);
            event["headers"]["authorization"] = authorization.into();
            let answer = function.event(&event).await;
            assert_eq!(answer, Answer::error(401, sentence), "{authorization}");
        }
        // The token is asked for before the body is looked at.
        let mut event = event(route, "no JSON");
        event["headers"]
            .as_object_mut()
            .unwrap()
            .remove("authorization");
        assert_eq!(function.event(&event).await, Answer::error(401, sentence));
    }
}

#[tokio::test]
async fn another_table_is_a_403() {
    let function = Function::start().await;
    let sentence = "`tableName` is not one of this route's tables: name one of them, or leave it out for the first.";
    for (route, others) in ROUTES
        .into_iter()
        .zip(["anything", "order-microservice-db"])
    {
        for table in [
            others,
            "CloudResumeCounterHits",
            "",
            "arn:aws:dynamodb:::table/x",
        ] {
            for operation in ["list", "ping"] {
                let body = format!(r#"{{"operation":"{operation}","tableName":"{table}"}}"#);
                let answer = function.post(route, &body).await;
                assert_eq!(answer, Answer::error(403, sentence), "{body}");
            }
        }
    }
}

#[tokio::test]
async fn another_route_is_a_404() {
    let function = Function::start().await;
    let answer = function
        .post("POST /orders", r#"{"operation":"ping"}"#)
        .await;
    assert_eq!(answer, Answer::error(404, "There is no such route."));
}

#[tokio::test]
async fn another_content_type_is_a_415() {
    let function = Function::start().await;
    let mut event = event(ROUTES[0], r#"{"operation":"ping"}"#);
    for (content_type, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/xml", 415),
        ("multipart/form-data", 415),
    ] {
        event["headers"]["content-type"] = content_type.into();
        assert_eq!(
            function.event(&event).await.status,
            status,
            "{content_type}"
        );
    }
}

#[tokio::test]
async fn a_route_may_have_several_tables_of_which_the_first_is_meant() {
    let mut function = Function::start().await;
    function.items.orders = "order-microservice-db, anything".parse().unwrap();
    let create = r#"{"operation":"create","payload":{"Item":{"id":"1"}}}"#;
    assert_eq!(function.order(create).await, Answer::ok("{}"));
    for (table, count) in [("order-microservice-db", 1), ("anything", 0)] {
        let body = format!(r#"{{"operation":"list","tableName":"{table}"}}"#);
        let answer = function.order(&body).await;
        assert!(
            answer.body.contains(&format!(r#""Count":{count}"#)),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn whom_iam_lets_invoke_the_function_needs_no_token() {
    let function = Function::start().await;
    let item = r#"{"id":"1","price":78.89}"#;
    for (event, answer) in [
        (r#"{"operation":"echo"}"#.to_owned(), "null".to_owned()),
        (r#"{"operation":"ping"}"#.to_owned(), r#""pong""#.to_owned()),
        (
            format!(
                r#"{{"operation":"create","tableName":"anything","payload":{{"Item":{item}}}}}"#
            ),
            "{}".to_owned(),
        ),
        (
            r#"{"operation":"read","tableName":"anything","payload":{"Key":{"id":"1"}}}"#
                .to_owned(),
            format!(r#"{{"Item":{item}}}"#),
        ),
        (
            r#"{"operation":"read","payload":{"Key":{"id":"1"}}}"#.to_owned(),
            "{}".to_owned(),
        ),
    ] {
        let event = RawValue::from_string(event).unwrap();
        let given = items::invoke(&function.items, &event).await.unwrap();
        assert_eq!(given.get(), answer, "{event}");
    }
    let other = r#"{"operation":"list","tableName":"CloudResumeCounterHits"}"#;
    let other = RawValue::from_string(other.to_owned()).unwrap();
    let refused = items::invoke(&function.items, &other).await.unwrap_err();
    assert!(matches!(refused, backend::Error::Forbidden(_)), "{refused}");
}
