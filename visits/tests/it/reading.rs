//! The log, which the owner reads, and nobody else.

use crate::support::{Answer, Function, event};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use shared::visits::Summary;
use visits::{DayRecord, Record};

async fn ids(function: &Function, query: &str) -> Vec<String> {
    let page = function.get("GET /visits", query).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let visits = page.body["visits"].as_array().unwrap().iter();
    visits
        .map(|visit| visit["place"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn the_log_is_paged_newest_first_and_each_visit_comes_once() {
    let function = Function::start().await;
    for n in 0..23 {
        let body = json!({ "date": format!("2026-11-20T10:{n:02}:00Z"), "place": n.to_string() });
        function.post(&body.to_string()).await;
    }
    let mut seen = Vec::new();
    let mut query = "limit=5".to_owned();
    let mut pages = 0;
    loop {
        let page = function.get("GET /visits", &query).await.body;
        pages += 1;
        let visits = page["visits"].as_array().unwrap().iter();
        seen.extend(visits.map(|visit| visit["place"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else {
            break;
        };
        query = format!("limit=5&cursor={next}");
    }
    let expected: Vec<_> = (0..23).rev().map(|n| n.to_string()).collect();
    assert_eq!((seen, pages), (expected, 5));
}

#[tokio::test]
async fn a_range_takes_in_both_of_its_ends() {
    let function = Function::start().await;
    for date in [
        "2026-11-18T23:59:59.999Z",
        "2026-11-19T00:00:00+00:00",
        "2026-11-19T23:59:59Z",
        "2026-11-20T00:30:00+01:00",
        "2026-11-20T12:00:00Z",
    ] {
        function
            .post(&json!({ "date": date, "place": date }).to_string())
            .await;
    }
    let day = [
        "2026-11-20T00:30:00+01:00",
        "2026-11-19T23:59:59Z",
        "2026-11-19T00:00:00+00:00",
    ];
    let mut found = ids(&function, "from=2026-11-19&to=2026-11-19").await;
    found.sort();
    let mut expected = day.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(found, expected);
    let exact = "from=2026-11-20T12:00:00Z&to=2026-11-20T12:00:00.000Z";
    assert_eq!(ids(&function, exact).await, ["2026-11-20T12:00:00Z"]);
    let summary = function.summary("from=2026-11-19&to=2026-11-19").await;
    assert_eq!(summary["visits"], 3);
}

#[tokio::test]
async fn the_summary_counts_days_places_and_properties() {
    let function = Function::start().await;
    for (property, date, place) in [
        ("a.example/", "2026-11-19", "Lyon"),
        ("a.example/", "2026-11-20", "Lyon"),
        ("a.example/", "2026-11-20", "Oslo"),
        ("b.example/", "2026-11-20", "Oslo"),
    ] {
        let date = format!("{date}T10:00:00Z");
        let body = json!({ "propertyId": property, "date": date, "place": place });
        function.post(&body.to_string()).await;
    }
    let expected = json!({
        "propertyId": "a.example/",
        "timeZone": "UTC",
        "today": "2026-11-21",
        "visits": 3,
        "uniques": 2,
        "days": [
            { "date": "2026-11-19", "visits": 1, "uniques": 1 },
            { "date": "2026-11-20", "visits": 2, "uniques": 1 },
        ],
        "places": [
            { "place": "Lyon", "visits": 2 },
            { "place": "Oslo", "visits": 1 },
        ],
        "sources": [],
        "hours": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "links": [],
        "properties": [
            {
                "propertyId": "a.example/",
                "visits": 3,
                "days": [
                    { "date": "2026-11-19", "visits": 1 },
                    { "date": "2026-11-20", "visits": 2 },
                ],
            },
            {
                "propertyId": "b.example/",
                "visits": 1,
                "days": [{ "date": "2026-11-20", "visits": 1 }],
            },
        ],
        "skipped": [],
    });
    assert_eq!(function.summary("propertyId=a.example%2F").await, expected);
}

#[tokio::test]
async fn a_summary_of_many_days_comes_in_parts_that_follow_each_other() {
    let function = Function::start().await;
    let first: Date = "2000-01-01".parse().unwrap();
    let days: Vec<_> = first.series(1.day()).take(400).collect();
    for (number, day) in days.iter().enumerate() {
        let property = if number < 380 {
            "old.example"
        } else {
            "a.example"
        };
        let body = json!({ "propertyId": property, "date": format!("{day}T10:00:00Z") });
        assert_eq!(function.post(&body.to_string()).await.status, 201);
    }
    let first = function
        .summary("propertyId=a.example&from=2000-01-01")
        .await;
    let old = &first["properties"][0];
    assert_eq!(first["visits"], 0);
    assert_eq!(
        (&old["propertyId"], &old["visits"]),
        (&json!("old.example"), &json!(366))
    );
    assert_eq!(old["days"].as_array().unwrap().len(), 366);
    assert_eq!(first["next"], days[366].to_string());
    let query = format!("propertyId=a.example&from={}", days[366]);
    let second = function.summary(&query).await;
    assert_eq!(second["visits"], 20);
    assert_eq!(second["days"][0]["date"], days[380].to_string());
    assert!(second.get("next").is_none());

    let [mut whole, rest]: [Summary; 2] =
        [first, second].map(|part| serde_json::from_value(part).unwrap());
    whole.add(rest);
    let sums = whole
        .properties
        .iter()
        .map(|row| (row.property_id.as_str(), row.visits));
    assert_eq!(
        sums.collect::<Vec<_>>(),
        [("old.example", 380), ("a.example", 20)]
    );
    assert_eq!((whole.visits, whole.next), (20, None));
}

#[tokio::test]
async fn without_a_first_day_a_summary_is_of_the_year_before_the_last() {
    let function = Function::start().await;
    for date in ["2024-11-20", "2025-11-20", "2025-11-21", "2026-11-22"] {
        let body = json!({ "date": format!("{date}T09:00:00Z") });
        assert_eq!(function.post(&body.to_string()).await.status, 201);
    }
    assert_eq!(function.summary("").await["visits"], 2);
    assert_eq!(function.summary("to=2025-11-20").await["visits"], 2);
    assert_eq!(function.summary("from=2000-01-01").await["visits"], 4);
}

#[tokio::test]
async fn a_day_names_fifty_places_and_sums_the_rest() {
    let function = Function::start().await;
    for n in 0..60 {
        for _ in 0..=u8::from(n == 0) {
            function
                .post(&json!({ "place": format!("Place {n}") }).to_string())
                .await;
        }
    }
    let summary = function.summary("").await;
    let places = summary["places"].as_array().unwrap();
    assert_eq!(places.len(), 51);
    assert_eq!(places[0], json!({ "place": "Place 0", "visits": 2 }));
    assert_eq!(places[50], json!({ "place": "other", "visits": 10 }));
    assert_eq!(summary["visits"], 61);
}

#[tokio::test]
async fn a_cursor_leads_into_no_other_property_and_range() {
    let function = Function::start().await;
    for property in ["a", "b"] {
        for n in 0..3 {
            let date = format!("2026-11-2{n}T00:00:00Z");
            let body = json!({ "propertyId": property, "place": property, "date": date });
            function.post(&body.to_string()).await;
        }
    }
    let page = function
        .get("GET /visits", "propertyId=a&limit=1")
        .await
        .body;
    let cursor = page["next"].as_str().unwrap();
    let other = ids(&function, &format!("propertyId=b&cursor={cursor}")).await;
    assert!(other.iter().all(|place| place == "b"), "{other:?}");

    let refused = Answer::error(
        400,
        "`cursor` has to be the `next` of the page before, unchanged.",
    );
    let earlier = format!("propertyId=a&to=2026-11-20&cursor={cursor}");
    assert_eq!(function.get("GET /visits", &earlier).await, refused);
    for forged in [
        "",
        "%25",
        "AAAA",
        "ZGF5IzIwMjYtMTEtMjE",
        "dmlzaXQj*",
        &"A".repeat(5000),
    ] {
        let answer = function
            .get("GET /visits", &format!("cursor={forged}"))
            .await;
        assert_eq!(answer, refused, "{forged}");
    }
}

#[tokio::test]
async fn only_the_token_opens_the_log() {
    let function = Function::start().await;
    function.post("{}").await;
    let right = crate::support::TOKEN;
    let headers: [Option<String>; 9] = [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(format!("Basic {right}")),
        Some(format!("Bearer {right}x")),
        Some(format!("Bearer {}", &right[1..])),
        Some(format!("Bearer {right},Bearer {right}")),
        Some(right.to_owned()),
    ];
    let sentence = "Only the owner may do this: send `Authorization: Bearer <token>`.";
    for route in ["GET /visits", "GET /visits/summary"] {
        for header in &headers {
            let mut event = event(route);
            match header {
                Some(value) => event["headers"]["authorization"] = value.as_str().into(),
                None => drop(
                    event["headers"]
                        .as_object_mut()
                        .unwrap()
                        .remove("authorization"),
                ),
            }
            let response = crate::support::call(&function.visits, &event).await;
            assert_eq!(response.headers()["www-authenticate"], "Bearer");
            assert_eq!(
                Answer::read(response),
                Answer::error(401, sentence),
                "{header:?}"
            );
        }
        let mut event = event(route);
        event["headers"]["authorization"] = format!("bearer {right}").into();
        event["rawQueryString"] = Value::from("");
        assert_eq!(function.send(&event).await.status, 200);
    }
}

/// An export brings the visitors of days whose visits are gone.
#[tokio::test]
async fn visitors_of_days_without_visits_are_in_no_sum() {
    let function = Function::start().await;
    function.post(r#"{"date":"2026-11-20T10:30:00Z"}"#).await;
    for (day, uniques) in [("2026-11-19", 7), ("2026-11-20", 2)] {
        let day = DayRecord {
            property_id: "default".to_owned(),
            day: day.to_owned(),
            uniques,
            ..DayRecord::default()
        };
        let log = &function.visits.log;
        assert!(log.import(Record::Day(day)).await.unwrap());
    }
    let summary = function.summary("").await;
    let days = json!([{ "date": "2026-11-20", "visits": 1, "uniques": 2 }]);
    assert_eq!(
        (&summary["visits"], &summary["uniques"], &summary["days"]),
        (&json!(1), &json!(2), &days)
    );
}
