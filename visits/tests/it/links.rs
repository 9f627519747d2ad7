//! The owner's links, and what led to a visit.

use std::collections::HashSet;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use visits::Record;

use crate::support::{Function, event};

async fn code_of(function: &Function, label: &str) -> String {
    let answer = function
        .add_link(&json!({ "label": label }).to_string())
        .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["link"].as_str().unwrap().to_owned()
}

/// A visit of another visitor for each `n`.
async fn visit(function: &Function, n: usize, body: Value) -> Value {
    let mut event = event("POST /visits");
    event["requestContext"]["http"]["sourceIp"] = format!("198.51.100.{n}").into();
    event["body"] = body.to_string().into();
    let answer = function.send(&event).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn visits_by_a_link_are_told_from_the_others() {
    let function = Function::start().await;
    let acme = code_of(&function, "Acme, backend").await;
    let other = code_of(&function, "Bricks").await;
    for n in [1, 1, 2] {
        let known = visit(&function, n, json!({ "link": acme })).await;
        assert_eq!(known["link"], json!(acme));
    }
    let unknown = visit(&function, 3, json!({ "link": "aaaaaa" })).await;
    assert_eq!(unknown.get("link"), None);
    visit(&function, 4, json!({})).await;

    let summary = function.summary("").await;
    assert_eq!(
        (&summary["visits"], &summary["uniques"]),
        (&json!(5), &json!(4))
    );
    let mut links = summary["links"].as_array().unwrap().clone();
    links.sort_by_key(|link| link["label"].to_string());
    let day = json!({ "date": "2026-11-21", "visits": 3, "uniques": 2 });
    assert_eq!(
        Value::Array(links),
        json!([
            { "link": acme, "label": "Acme, backend", "days": [day] },
            { "link": other, "label": "Bricks", "days": [] },
        ])
    );
    let mut hours = vec![0; 24];
    hours[10] = 5;
    assert_eq!(summary["hours"], json!(hours));
}

#[tokio::test]
async fn a_label_has_one_link_however_often_it_is_asked_for() {
    let function = Function::start().await;
    let first = function.add_link(r#"{"label":" Acme "}"#).await;
    let again = function.add_link(r#"{"label":"Acme"}"#).await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    assert_eq!(first.body["created"], "2026-11-21T10:30:00.000Z");
    assert_eq!(first.body["label"], "Acme");
}

#[tokio::test]
async fn two_hundred_links_are_all_there_may_be_however_many_are_asked_for_at_once() {
    let function = Function::start().await;
    let mut asked = JoinSet::new();
    for n in 0..220 {
        let log = function.visits.log.clone();
        // Each label twice.
        let label = format!("label {}", n / 2 * 2);
        let now = "2026-11-21T10:30:00Z".parse().unwrap();
        asked.spawn(async move { log.add_link(&label, now).await.unwrap() });
    }
    let links = asked.join_all().await;
    assert_eq!(links.iter().filter(|(_, is_new)| *is_new).count(), 110);
    let codes: HashSet<_> = links.iter().map(|(link, _)| &link.link).collect();
    assert_eq!(codes.len(), 110);
    for n in 0..90 {
        code_of(&function, &format!("one more {n}")).await;
    }
    let full = "There are 200 links, which is all there may be: remove one first.";
    let refused = function.add_link(r#"{"label":"one too many"}"#).await;
    assert_eq!(
        (refused.status, refused.body),
        (403, json!({ "message": full }))
    );
    let known = function.add_link(r#"{"label":"label 0"}"#).await;
    assert_eq!(known.status, 200);
    let code = known.body["link"].as_str().unwrap();
    let log = &function.visits.log;
    assert!(log.remove_link(code).await.unwrap().is_some());
    code_of(&function, "one too many").await;
}

#[tokio::test]
async fn what_is_no_label_is_refused_and_nothing_is_stored() {
    let function = Function::start().await;
    let long = json!({ "label": "ö".repeat(51) }).to_string();
    let cases = [
        (
            r#"{"label":" "}"#,
            422,
            "`label` is empty: name whom the link is for.",
        ),
        (
            &long,
            422,
            "`label` is 102 bytes long: at most 100 are allowed.",
        ),
        (
            r#"{"label":"a\u0007"}"#,
            422,
            "`label` contains a control character.",
        ),
    ];
    for (body, status, message) in cases {
        let answer = function.add_link(body).await;
        assert_eq!(
            (answer.status, answer.body),
            (status, json!({ "message": message }))
        );
    }
    for body in [
        r#"{}"#,
        r#"{"label":1}"#,
        r#"{"label":"a","link":"aaaaaa"}"#,
        "[]",
        "a",
    ] {
        assert_eq!(function.add_link(body).await.status, 400, "{body}");
    }
    let mut event = event("POST /visits/links");
    event["headers"]
        .as_object_mut()
        .unwrap()
        .remove("authorization");
    assert_eq!(function.send(&event).await.status, 401);
    assert_eq!(function.items().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_code_or_source_is_refused_with_a_sentence() {
    let function = Function::start().await;
    let code = "`link` has to be the code of a link: six lower-case letters and digits.";
    let source =
        "`source` has to be up to 50 lower-case letters, digits, dots, hyphens and underscores.";
    let skipped = "`skipped` goes with `propertyId` alone: no visit is recorded.";
    for (body, message) in [
        (r#"{"link":"AAAAAA"}"#, code),
        (r#"{"link":"aaaaaaa"}"#, code),
        (r#"{"link":""}"#, code),
        (r#"{"source":""}"#, source),
        (r#"{"source":"https://a.example/b"}"#, source),
        (r#"{"source":"Ünder"}"#, source),
        (r#"{"skipped":"owner","link":"aaaaaa"}"#, skipped),
        (r#"{"skipped":"owner","source":"a.example"}"#, skipped),
    ] {
        let answer = function.post(body).await;
        assert_eq!(
            (answer.status, answer.body),
            (422, json!({ "message": message })),
            "{body}"
        );
    }
    assert_eq!(function.items().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_day_names_fifty_sources_and_the_rest_are_others() {
    let function = Function::start().await;
    for n in 0..60 {
        visit(
            &function,
            n,
            json!({ "source": format!("h{n:02}.example") }),
        )
        .await;
    }
    visit(&function, 1, json!({ "source": "h00.example" })).await;
    let summary = function.summary("").await;
    let sources = summary["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 51);
    assert_eq!(sources[0], json!({ "source": "h00.example", "visits": 2 }));
    assert_eq!(sources[50], json!({ "source": "other", "visits": 10 }));
    assert_eq!(summary["visits"], 61);
    // The place that came with them all is named all the same.
    assert_eq!(summary["places"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn links_and_sources_are_taken_along_and_removed_with_their_visits() {
    let function = Function::start().await;
    let code = code_of(&function, "Acme").await;
    for n in 1..4 {
        visit(&function, n, json!({ "link": code, "source": "a.example" })).await;
    }
    let mut records = Vec::new();
    let log = &function.visits.log;
    log.export(|record| -> Result<(), backend::Error> {
        records.push(record);
        Ok(())
    })
    .await
    .unwrap();
    let copy = Function::start().await;
    for _ in 0..2 {
        for record in &records {
            let text = serde_json::to_value(record).unwrap();
            let record: Record = match (text.get("day"), text.get("label")) {
                (Some(_), _) => Record::Day(serde_json::from_value(text).unwrap()),
                (_, Some(_)) => Record::Link(serde_json::from_value(text).unwrap()),
                _ => Record::Visit(serde_json::from_value(text).unwrap()),
            };
            let now = "2026-11-21T10:30:00Z".parse().unwrap();
            let checked = record.check(now).unwrap();
            copy.visits.log.import(checked).await.unwrap();
        }
    }
    assert_eq!(copy.summary("").await, function.summary("").await);

    let removal = visits::Removal::new("default", None, None).unwrap();
    assert_eq!(log.remove(&removal).await.unwrap(), 3);
    let summary = function.summary("").await;
    assert_eq!(summary["sources"], json!([]));
    assert_eq!(
        summary["links"],
        json!([{ "link": code, "label": "Acme", "days": [] }])
    );
    let removed = log.remove_link(&code).await.unwrap().unwrap();
    assert_eq!(removed.label, "Acme");
    assert_eq!(log.remove_link(&code).await.unwrap(), None);
    assert_eq!(log.links().await.unwrap(), []);
}
