//! What `POST /visits` stores and answers.

mod support;

use serde_json::{Value, json};
use support::{Answer, Function, NOW, event, tomorrow};

fn visit(body: &str, address: &str, agent: &str) -> Value {
    let mut event = event("POST /visits");
    event["body"] = body.into();
    event["requestContext"]["http"]["sourceIp"] = address.into();
    event["headers"]["user-agent"] = agent.into();
    event
}

fn with_key(key: &str, body: &str) -> Value {
    let mut event = event("POST /visits");
    event["headers"]["idempotency-key"] = key.into();
    event["body"] = body.into();
    event
}

#[tokio::test]
async fn a_client_that_sends_only_date_and_place_reads_them_back_with_an_id() {
    let function = Function::start().await;
    let answer = function.send(&event("POST /visits")).await;
    assert_eq!(answer.status, 201);
    let id = answer.body["id"].as_str().unwrap();
    assert_eq!((id.len(), &id[14..15]), (36, "7"), "a UUIDv7: {id}");
    let stored = json!({
        "id": id,
        "propertyId": "default",
        "date": "2026-11-20T10:30:00Z",
        "place": "Lyon",
    });
    assert_eq!(answer.body, stored);
    let page = function.get("GET /visits", "").await.body;
    assert_eq!(page, json!({ "visits": [stored], "next": null }));
}

#[tokio::test]
async fn what_is_left_out_is_now_and_where_the_cdn_says() {
    let function = Function::start().await;
    let text = include_str!("../../events/visits-post.json");
    let mut event: Value = serde_json::from_str(text).unwrap();
    let mut visit = function.send(&event).await.body;
    visit.as_object_mut().unwrap().remove("id");
    let expected = json!({ "propertyId": "example.com/", "date": NOW, "place": "São Paulo, BR" });
    assert_eq!(visit, expected);

    event["body"] = json!({ "propertyId": "elsewhere", "place": " " })
        .to_string()
        .into();
    for header in ["cloudfront-viewer-city", "cloudfront-viewer-country"] {
        event["headers"].as_object_mut().unwrap().remove(header);
    }
    assert_eq!(function.send(&event).await.body["place"], "unknown");
}

#[tokio::test]
async fn a_repeat_with_the_same_key_is_answered_the_same_and_stored_once() {
    let function = Function::start().await;
    let first = function.send(&with_key("a", "{}")).await;
    let stored = function.items().await.len();
    for body in ["{}", r#"{"place":"Elsewhere"}"#] {
        assert_eq!(function.send(&with_key("a", body)).await, first);
    }
    assert_eq!(function.items().await.len(), stored);
    let other = function.send(&with_key("b", "{}")).await;
    assert_ne!(other.body["id"], first.body["id"]);
    let summary = function.summary("").await;
    assert_eq!(summary["visits"], 2);
}

/// How many are posted in the race.
const VISITS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn visits_that_race_are_stored_once_each_and_the_counts_are_those_of_the_log() {
    let function = std::sync::Arc::new(Function::start().await);
    let next = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let workers: Vec<_> = (0..32)
        .map(|_| (function.clone(), next.clone()))
        .map(|(function, next)| {
            tokio::spawn(async move {
                loop {
                    let n = next.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    if n >= VISITS {
                        return;
                    }
                    // Two of three keys are new, the third repeats one before.
                    let key = if n % 3 == 2 { n - 2 } else { n };
                    let body = format!(r#"{{"place":"Place {}"}}"#, key % 7);
                    let mut event = visit(&body, &format!("192.0.2.{}", key % 50), "agent");
                    event["headers"]["idempotency-key"] = key.to_string().into();
                    let answer = function.send(&event).await;
                    assert_eq!(answer.status, 201, "{}", answer.body);
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }

    let keys: Vec<_> = (0..VISITS).filter(|n| n % 3 != 2).collect();
    let mut logged = Vec::new();
    let mut query = "limit=500".to_owned();
    loop {
        let page = function.get("GET /visits", &query).await.body;
        logged.extend(page["visits"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        query = format!("limit=500&cursor={next}");
    }
    assert_eq!(logged.len(), keys.len());
    let from = |place: &str| {
        logged
            .iter()
            .filter(|visit| visit["place"] == place)
            .count()
    };
    let summary = function.summary("").await;
    assert_eq!(summary["visits"], keys.len());
    assert_eq!(summary["uniques"], 50);
    let places = summary["places"].as_array().unwrap();
    assert_eq!(places.len(), 7);
    for row in places {
        assert_eq!(row["visits"], from(row["place"].as_str().unwrap()), "{row}");
    }
}

#[tokio::test]
async fn a_visitor_is_one_unique_a_day_whoever_else_comes() {
    let function = Function::start().await;
    for (address, agent) in [("192.0.2.1", "a"), ("192.0.2.2", "a"), ("192.0.2.1", "b")] {
        for _ in 0..10 {
            function.send(&visit("{}", address, agent)).await;
        }
    }
    let summary = function.summary("").await;
    assert_eq!(
        (&summary["visits"], &summary["uniques"]),
        (&json!(30), &json!(3))
    );

    let later = tomorrow(&function.visits);
    let again = visit("{}", "192.0.2.1", "a");
    assert_eq!(support::call(&later, &again).await.status(), 201);
    let days = &function.summary("").await["days"];
    let expected = json!([
        { "date": "2026-11-21", "visits": 30, "uniques": 3 },
        { "date": "2026-11-22", "visits": 1, "uniques": 1 },
    ]);
    assert_eq!(*days, expected);
}

#[tokio::test]
async fn the_viewer_and_not_the_cdn_is_the_visitor() {
    let function = Function::start().await;
    for viewer in ["198.51.100.1:4000", "198.51.100.1:4001", "2001:db8::1:4000"] {
        let mut event = visit("{}", "192.0.2.1", "a");
        event["headers"]["cloudfront-viewer-address"] = viewer.into();
        function.send(&event).await;
    }
    assert_eq!(function.summary("").await["uniques"], 2);
}

#[tokio::test]
async fn what_is_not_recorded_is_counted_by_its_reason_alone() {
    let function = Function::start().await;
    let body = r#"{"propertyId":"example.com/","skipped":"global-privacy-control"}"#;
    let answer = function.post(body).await;
    let expected = json!({ "propertyId": "example.com/", "skipped": "global-privacy-control" });
    assert_eq!(
        answer,
        Answer {
            status: 200,
            body: expected
        }
    );
    function.post(body).await;

    let mut ahead = visit(r#"{"propertyId":"example.com/"}"#, "192.0.2.1", "a");
    ahead["headers"]["sec-purpose"] = "prefetch;prerender".into();
    assert_eq!(function.send(&ahead).await.body["skipped"], "prefetch");

    let expected = json!({
        "propertyId": "example.com/",
        "visits": 0,
        "uniques": 0,
        "days": [],
        "places": [],
        "properties": [],
        "skipped": [
            { "reason": "global-privacy-control", "visits": 2 },
            { "reason": "prefetch", "visits": 1 },
        ],
    });
    assert_eq!(
        function.summary("propertyId=example.com%2F").await,
        expected
    );
    assert_eq!(function.items().await.len(), 1);
}
