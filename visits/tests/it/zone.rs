//! The owner's time zone: days and hours are those of its clocks.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use visits::{Removal, Visits, Zone};

use crate::support::{Answer, Function, call, event};

/// A function whose owner lives in `zone`.
async fn living_in(zone: &str) -> Function {
    let mut function = Function::start().await;
    move_to(&mut function, zone);
    function
}

fn move_to(function: &mut Function, zone: &str) {
    let log = function.visits.log.clone();
    function.visits.log = log.by(zone.parse().unwrap());
}

async fn post(function: &Function, date: &str) {
    let body = json!({ "propertyId": "cv.example/", "place": "Lyon", "date": date });
    let answer = function.post(&body.to_string()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
}

/// Posts a visit every half-hour, so many hours long.
async fn post_every_half_hour(function: &Function, from: &str, hours: i64) {
    let from: Timestamp = from.parse().unwrap();
    for half in 0..2 * hours {
        let date = from.checked_add((half * 30).minutes()).unwrap();
        post(function, &date.to_string()).await;
    }
}

async fn days(function: &Function) -> Vec<(String, u64)> {
    let summary = function
        .summary("propertyId=cv.example%2F&from=2000-01-01")
        .await;
    let day = |day: &Value| {
        let date = day["date"].as_str().unwrap().to_owned();
        (date, day["visits"].as_u64().unwrap())
    };
    summary["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(day)
        .collect()
}

/// The dates of the visits of a day by the owner's clocks, the first first.
async fn list(function: &Function, day: &str) -> Vec<String> {
    let query = format!("propertyId=cv.example%2F&from={day}&to={day}&limit=1000");
    let page = function.get("GET /visits", &query).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let visits = page.body["visits"].as_array().unwrap().iter().rev();
    let date = |visit: &Value| visit["localDate"].as_str().unwrap().to_owned();
    visits.map(date).collect()
}

#[tokio::test]
async fn a_day_on_which_clocks_go_forward_has_23_hours_and_one_on_which_they_go_back_25() {
    let function = living_in("Europe/Berlin").await;
    post_every_half_hour(&function, "2026-03-28T22:00:00Z", 26).await;
    post_every_half_hour(&function, "2026-10-24T21:00:00Z", 28).await;
    let expected = [
        ("2026-03-28", 2),
        ("2026-03-29", 46),
        ("2026-03-30", 4),
        ("2026-10-24", 2),
        ("2026-10-25", 50),
        ("2026-10-26", 4),
    ];
    let expected = expected.map(|(day, visits)| (day.to_owned(), visits));
    assert_eq!(days(&function).await, expected);

    let spring = list(&function, "2026-03-29").await;
    assert_eq!(spring.len(), 46);
    assert_eq!(
        spring[2..6],
        [
            "2026-03-29T01:00:00+01:00",
            "2026-03-29T01:30:00+01:00",
            "2026-03-29T03:00:00+02:00",
            "2026-03-29T03:30:00+02:00",
        ]
    );
    let autumn = list(&function, "2026-10-25").await;
    assert_eq!(autumn.len(), 50);
    assert_eq!(autumn[0], "2026-10-25T00:00:00+02:00");
    assert_eq!(autumn[5], "2026-10-25T02:30:00+02:00");
    assert_eq!(autumn[6], "2026-10-25T02:00:00+01:00");
    assert_eq!(autumn[49], "2026-10-25T23:30:00+01:00");

    let day = "propertyId=cv.example%2F&from=2026-10-25&to=2026-10-25";
    let summary = function.summary(day).await;
    let mut hours = vec![2; 24];
    hours[2] = 4;
    assert_eq!(summary["hours"], json!(hours));
    assert_eq!(summary["timeZone"], "Europe/Berlin");
    assert_eq!(summary["today"], "2026-11-21");
}

/// The zones change their clocks at midnight, by half an hour, or skip a day.
#[tokio::test]
async fn a_days_list_has_the_visits_that_its_total_counts_and_a_removal_takes_both() {
    for (zone, from) in [
        ("America/Havana", "2026-03-07T12:00:00Z"),
        ("America/Havana", "2025-11-01T12:00:00Z"),
        ("America/Santiago", "2026-09-05T12:00:00Z"),
        ("America/Sao_Paulo", "2018-02-17T12:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-04T00:00:00Z"),
        ("Asia/Kathmandu", "2026-11-19T00:00:00Z"),
        ("Pacific/Apia", "2011-12-29T10:00:00Z"),
        ("Pacific/Kiritimati", "2026-11-18T00:00:00Z"),
        ("Etc/GMT+12", "2026-11-18T00:00:00Z"),
    ] {
        let function = living_in(zone).await;
        post_every_half_hour(&function, from, 48).await;
        let mut left = days(&function).await;
        assert_eq!(left.iter().map(|day| day.1).sum::<u64>(), 96, "{zone}");
        for (day, visits) in left.clone() {
            let listed = list(&function, &day).await;
            assert_eq!(listed.len() as u64, visits, "{zone}, {day}");
            assert!(listed.iter().all(|date| date.starts_with(&day)), "{zone}");
            let removal = Removal::new("cv.example/", Some(&day), Some(&day)).unwrap();
            let log = &function.visits.log;
            assert_eq!(log.count(&removal).await.unwrap(), visits, "{zone}, {day}");
            assert_eq!(log.remove(&removal).await.unwrap(), visits, "{zone}, {day}");
            left.remove(0);
            assert_eq!(days(&function).await, left, "{zone}");
            assert_eq!(list(&function, &day).await, Vec::<String>::new());
        }
        let all = "propertyId=cv.example%2F&from=2000-01-01";
        assert_eq!(function.summary(all).await["hours"], json!(vec![0; 24]));
    }
}

#[tokio::test]
async fn a_visit_that_was_counted_by_other_clocks_is_taken_from_the_day_that_counted_it() {
    let mut function = living_in("UTC").await;
    post(&function, "2026-11-19T23:30:00Z").await;
    move_to(&mut function, "Asia/Tokyo");
    post(&function, "2026-11-19T23:40:00Z").await;
    move_to(&mut function, "America/New_York");
    post(&function, "2026-11-20T04:10:00Z").await;
    let expected = [("2026-11-19", 2), ("2026-11-20", 1)];
    let expected = expected.map(|(day, visits)| (day.to_owned(), visits));
    assert_eq!(days(&function).await, expected);

    let removal = |day| Removal::new("cv.example/", Some(day), Some(day)).unwrap();
    let log = &function.visits.log;
    let today = removal("2026-11-20");
    assert_eq!(log.remove(&today).await.unwrap(), 1);
    assert_eq!(days(&function).await, expected[..1]);
    let query = "propertyId=cv.example%2F";
    let left = function.get("GET /visits", query).await.body;
    assert_eq!(left["visits"][0]["date"], "2026-11-20T04:10:00Z");
    assert_eq!(left["visits"][1]["date"], "2026-11-19T23:30:00Z");
    let hours = function.summary(query).await["hours"].clone();
    assert_eq!(hours[23], 2);
    assert_eq!(log.remove(&removal("2026-11-19")).await.unwrap(), 2);
    assert!(days(&function).await.is_empty());
}

/// The function at another moment.
async fn post_at(function: &Function, clock: fn() -> Timestamp) -> Answer {
    let visits = Visits {
        clock,
        ..function.visits.clone()
    };
    let mut event = event("POST /visits");
    event["body"] = r#"{"propertyId":"cv.example/"}"#.into();
    Answer::read(call(&visits, &event).await)
}

#[tokio::test]
async fn a_visitor_counts_once_a_day_of_the_owners_clocks_and_its_salt_lasts_as_long() {
    let function = living_in("Europe/Berlin").await;
    let moments: [fn() -> Timestamp; 4] = [
        || "2026-11-21T22:30:00Z".parse().unwrap(),
        || "2026-11-21T22:59:59Z".parse().unwrap(),
        || "2026-11-21T23:00:00Z".parse().unwrap(),
        || "2026-11-22T22:59:00Z".parse().unwrap(),
    ];
    for moment in moments {
        assert_eq!(post_at(&function, moment).await.status, 201);
    }
    let query = "propertyId=cv.example%2F&from=2026-11-01";
    assert_eq!(
        function.summary(query).await["days"],
        json!([
            { "date": "2026-11-21", "visits": 2, "uniques": 1 },
            { "date": "2026-11-22", "visits": 2, "uniques": 1 },
        ])
    );
    let items = function.items().await;
    let salts = items.iter().filter(|item| item.contains("salt="));
    for (day, end) in [
        ("2026-11-21", "2026-11-21T23:10:00Z"),
        ("2026-11-22", "2026-11-22T23:10:00Z"),
    ] {
        let end: Timestamp = end.parse().unwrap();
        let end = format!("expires=N(\"{}\")", end.as_second());
        let salt = salts.clone().find(|salt| salt.contains(day)).unwrap();
        assert!(salt.contains(&end), "{salt}");
    }
    assert_eq!(salts.count(), 2);
}

#[test]
fn what_names_no_time_zone_is_refused_with_a_sentence() {
    for name in [
        "Europe/Berln",
        "CEST",
        "+02:00",
        "local",
        "Etc/Unknown",
        "../etc/passwd",
        "",
    ] {
        let refused = name.parse::<Zone>().unwrap_err();
        let sentence = format!(
            "`{name}` is no time zone: write its name in the IANA database, such as Europe/Berlin"
        );
        assert_eq!(refused.to_string(), sentence);
    }
}
