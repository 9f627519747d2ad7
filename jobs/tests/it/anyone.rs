//! Reads of those who are not the owner: small, and from the CDN's cache.

use crate::support::{Jobs, TOKEN, call, event};
use lambda_http::{Body, Response};
use serde_json::Value;

/// Asks for a list or an offer, with a token or without.
async fn ask(jobs: &Jobs, mut event: Value, token: Option<&str>) -> Response<Body> {
    let headers = event["headers"].as_object_mut().unwrap();
    headers.remove("authorization");
    if let Some(token) = token {
        headers.insert("authorization".into(), format!("Bearer {token}").into());
    }
    call(&jobs.api, &event).await
}

fn list(query: &str) -> Value {
    let mut event = event("list");
    event["rawQueryString"] = query.into();
    event
}

fn offer(id: &str) -> Value {
    let mut event = event("get");
    event["pathParameters"]["proxy"] = id.into();
    event
}

#[tokio::test]
async fn the_cdn_keeps_for_seconds_what_anyone_may_read_and_nothing_of_the_owner() {
    let jobs = Jobs::start().await;
    let body =
        r#"{"city":"Lyon","company_name":"Pain et Cie","title":"Boulanger","contract_type":"CDI"}"#;
    let id = jobs.post(body).await.body["id"].clone();
    let id = id.as_str().unwrap();
    let public = "public, max-age=0, s-maxage=5";
    for (event, token, status, expected) in [
        (list(""), None, 200, public),
        (list("city=Lyon&limit=1"), None, 200, public),
        (offer(id), None, 200, public),
        (list(""), Some("guessed"), 200, public),
        (list(""), Some(TOKEN), 200, "no-store"),
        (offer(id), Some(TOKEN), 200, "no-store"),
        (offer("unknown"), None, 404, "no-store"),
        (list("limit=0"), None, 400, "no-store"),
    ] {
        let question = format!("{} {token:?}", event["rawPath"]);
        let answer = ask(&jobs, event, token).await;
        let kept = &answer.headers()["cache-control"];
        assert_eq!(
            (answer.status().as_u16(), kept.to_str().unwrap()),
            (status, expected),
            "{question}"
        );
    }
}

#[tokio::test]
async fn anyone_gets_a_hundred_offers_a_page_and_the_owner_a_thousand() {
    let jobs = Jobs::start().await;
    let mut file = crate::support::HEADER.to_owned();
    for n in 0..120 {
        file.push_str(&format!("{n},Lyon,,,,,,,bread,,\n"));
    }
    jobs.put("job_offers/lyon.csv", file).await;
    assert_eq!(jobs.split_new_files().await.unwrap().sent, 120);
    jobs.store_all().await;
    for query in [
        "limit=1000",
        "city=Lyon&limit=101",
        "keyword=bread&limit=1000",
    ] {
        for (token, expected) in [(None, 100), (Some("guessed"), 100), (Some(TOKEN), 120)] {
            let expected = if query.contains("101") {
                expected.min(101)
            } else {
                expected
            };
            let answer = ask(&jobs, list(query), token).await;
            let link = answer
                .headers()
                .get("link")
                .map(|link| link.to_str().unwrap().to_owned());
            let Body::Text(text) = answer.body() else {
                panic!("the answer is no text");
            };
            let offers: Vec<Value> = serde_json::from_str(text).unwrap();
            assert_eq!(offers.len(), expected, "{query} {token:?}");
            // The next page is as long as this one was.
            assert_eq!(link.is_some(), expected < 120, "{query} {token:?}");
            assert!(
                expected > 100 || link.unwrap().starts_with("</v1/jobs?limit=100&"),
                "{query}"
            );
        }
    }
}
