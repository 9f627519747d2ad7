//! The records and the answers of `POST /visits`.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::support::{Answer, Function, NOW, event, tomorrow};
use serde_json::{Value, json};
use tokio::task::JoinSet;

fn visit(body: &str, address: &str, agent: &str) -> Value {
    let mut event = event("POST /visits");
    event["body"] = body.into();
    event["requestContext"]["http"]["sourceIp"] = address.into();
    event["headers"]["user-agent"] =
        format!("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 {agent}")
            .into();
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
    let text = include_str!("../../../events/visits-post.json");
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

/// The number of posts in the race.
const VISITS: usize = 300;

#[tokio::test(flavor = "multi_thread")]
async fn visits_that_race_are_stored_once_each_and_the_counts_are_those_of_the_log() {
    let function = Arc::new(Function::start().await);
    let mut posts = JoinSet::new();
    let mut ids: HashMap<usize, HashSet<String>> = HashMap::new();
    for n in 0..VISITS {
        // Two of three keys are new, the third repeats one before.
        let key = if n % 3 == 2 { n - 2 } else { n };
        let body = format!(r#"{{"place":"Place {}"}}"#, key % 7);
        let mut event = visit(&body, &format!("192.0.2.{}", key % 50), "agent");
        event["headers"]["idempotency-key"] = key.to_string().into();
        let function = Arc::clone(&function);
        posts.spawn(async move { (key, function.send(&event).await) });
        if posts.len() < 32 && n + 1 < VISITS {
            continue;
        }
        while let Some(post) = posts.join_next().await {
            let (key, answer) = post.unwrap();
            assert_eq!(answer.status, 201, "{}", answer.body);
            let id = answer.body["id"].as_str().unwrap().to_owned();
            ids.entry(key).or_default().insert(id);
            if posts.len() < 32 && n + 1 < VISITS {
                break;
            }
        }
    }
    assert!(
        ids.values().all(|ids| ids.len() == 1),
        "a repeat has the first answer"
    );
    let mut answered: Vec<_> = ids.into_values().flatten().collect();
    answered.sort_unstable();

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
    let stored = logged
        .iter()
        .map(|visit| visit["id"].as_str().unwrap().to_owned());
    let mut stored: Vec<_> = stored.collect();
    stored.sort_unstable();
    assert_eq!(stored, answered);
    assert_eq!(stored.len(), keys.len());
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
    assert_eq!(crate::support::call(&later, &again).await.status(), 201);
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
        event["headers"]["x-origin-secret"] = "of-these-events".into();
        function.send(&event).await;
    }
    assert_eq!(function.summary("").await["uniques"], 2);
}

#[tokio::test]
async fn the_headers_of_a_cdn_are_believed_with_its_secret_alone() {
    let function = Function::start().await;
    for (number, secret) in [None, Some(""), Some("of-other-events")].iter().enumerate() {
        let mut event =
            serde_json::from_str::<Value>(include_str!("../../../events/visits-post.json"))
                .unwrap();
        event["headers"]["cloudfront-viewer-address"] = format!("192.0.2.{number}:1").into();
        event["headers"]["idempotency-key"] = number.to_string().into();
        event["headers"]["x-origin-secret"] = match secret {
            Some(secret) => (*secret).into(),
            None => Value::Null,
        };
        event["headers"]
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        assert_eq!(function.send(&event).await.body["place"], "unknown");
    }
    let uniques = function.summary("propertyId=example.com/").await;
    assert_eq!(uniques["uniques"], 1);
}

#[tokio::test]
async fn addresses_of_one_ipv6_network_are_one_visitor() {
    let function = Function::start().await;
    for address in [
        "2001:db8:0:1::1",
        "2001:db8:0:1:ffff::2",
        "2001:db8:0:2::1",
        "::ffff:192.0.2.1",
        "192.0.2.1",
    ] {
        function.send(&visit("{}", address, "a")).await;
    }
    assert_eq!(function.summary("").await["uniques"], 3);
}

#[tokio::test]
async fn a_repeat_of_what_is_not_recorded_counts_once() {
    let function = Function::start().await;
    let skipped = with_key("a", r#"{"skipped":"owner"}"#);
    for _ in 0..2 {
        assert_eq!(function.send(&skipped).await.status, 200);
    }
    let summary = function.summary("").await;
    let expected = json!([{ "reason": "owner", "visits": 1 }]);
    assert_eq!(summary["skipped"], expected);

    let sentence = "This `Idempotency-Key` was used for another request before: send a new one.";
    let visit = function.send(&with_key("a", "{}")).await;
    assert_eq!(visit, Answer::error(422, sentence));
    assert_eq!(function.summary("").await["visits"], 0);
}

#[tokio::test]
async fn a_key_that_has_expired_may_be_used_again() {
    let function = Function::start().await;
    let first = function.send(&with_key("a", "{}")).await;
    let later = tomorrow(&function.visits);
    let later = Answer::read(crate::support::call(&later, &with_key("a", "{}")).await);
    assert_eq!(later.status, 201);
    assert_ne!(later.body["id"], first.body["id"]);
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
        "timeZone": "UTC",
        "today": "2026-11-21",
        "visits": 0,
        "uniques": 0,
        "days": [],
        "places": [],
        "sources": [],
        "hours": vec![0; 24],
        "links": [],
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
    let items = function.items().await.len();
    assert_eq!(
        items, 3,
        "the day, the property, and the count of properties"
    );
}

#[tokio::test]
async fn a_crawler_by_its_own_word_is_counted_as_one_and_not_recorded() {
    let function = Function::start().await;
    let agents = include_str!("../../../shared/tests/user-agents.json");
    let agents: Vec<Value> = serde_json::from_str(agents).unwrap();
    assert_eq!(agents.len(), 60);
    let mut crawlers = 0;
    for agent in &agents {
        let mut post = event("POST /visits");
        post["body"] = r#"{"propertyId":"example.com/"}"#.into();
        post["headers"]["user-agent"] = agent["userAgent"].clone();
        let answer = function.send(&post).await;
        let is_tool = agent["isTool"].as_bool().unwrap_or_default();
        let is_crawler = agent["isCrawler"].as_bool().unwrap() && !is_tool;
        crawlers += usize::from(is_crawler);
        assert_eq!(answer.status, if is_crawler { 200 } else { 201 }, "{agent}");
        if is_crawler {
            assert_eq!(answer.body["skipped"], "crawler", "{agent}");
        }
    }
    let summary = function.summary("propertyId=example.com/").await;
    assert_eq!(summary["visits"], agents.len() - crawlers);
    assert_eq!(
        summary["skipped"],
        json!([{ "reason": "crawler", "visits": crawlers }])
    );
}

#[tokio::test]
async fn a_client_that_says_when_or_from_where_keeps_its_own_log_whatever_it_is() {
    let function = Function::start().await;
    let mut post = event("POST /visits");
    post["body"] = r#"{"date":"2026-11-20T10:30:00Z","place":"Lyon"}"#.into();
    post["headers"]["user-agent"] = "curl/8.5.0".into();
    assert_eq!(function.send(&post).await.status, 201);
}

#[tokio::test]
async fn the_owners_browser_is_given_the_mark_as_a_cookie_and_nobody_else_is() {
    let function = Function::start().await;
    for (body, cookie) in [
        (
            r#"{"skipped":"owner"}"#,
            Some("count=off; Path=/; Max-Age=34560000; SameSite=Lax"),
        ),
        (r#"{"skipped":"do-not-track"}"#, None),
        ("{}", None),
    ] {
        let mut post = event("POST /visits");
        post["headers"]["sec-fetch-site"] = "same-origin".into();
        post["body"] = body.into();
        let response = crate::support::call(&function.visits, &post).await;
        let set = response.headers().get("set-cookie");
        assert_eq!(set.map(|value| value.to_str().unwrap()), cookie, "{body}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_does_not_turn_counting_off() {
    let function = Function::start().await;
    for (site, is_given) in [
        (None, true),
        (Some("same-origin"), true),
        (Some("same-site"), false),
        (Some("cross-site"), false),
        (Some("none"), false),
        (Some(""), false),
    ] {
        let mut post = event("POST /visits");
        let headers = post["headers"].as_object_mut().unwrap();
        headers.remove("sec-fetch-site");
        headers.extend(site.map(|site| ("sec-fetch-site".to_owned(), site.into())));
        headers["content-type"] = "text/plain".into();
        post["body"] = r#"{"skipped":"owner","propertyId":"x=y"}"#.into();
        let response = crate::support::call(&function.visits, &post).await;
        assert_eq!(response.status(), 200);
        let set = response.headers().contains_key("set-cookie");
        assert_eq!(set, is_given, "{site:?}");
    }
}
