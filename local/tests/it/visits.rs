//! Visits over HTTP, and the owner's token.

use std::collections::HashSet;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::program::Program;
use reqwest::header::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

const TOKEN: &str = "a-token-for-these-tests";
const UNTHROTTLED: [&str; 5] = [
    "--in-memory",
    "--throttle-rate",
    "100000",
    "--throttle-burst",
    "100000",
];

fn start() -> Program {
    Program::start_with(&UNTHROTTLED, &[("RESUME_COUNTER_OWNER_TOKEN", TOKEN)])
}

async fn owner_get(program: &Program, path: &str) -> Value {
    let request = program.http.get(format!("{}{path}", program.url));
    let answer = request.bearer_auth(TOKEN).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn post(program: &Program, body: &Value, headers: HeaderMap) -> reqwest::Response {
    let request = program.http.post(format!("{}/visits", program.url));
    request.headers(headers).json(body).send().await.unwrap()
}

#[tokio::test]
async fn a_client_that_sends_only_date_and_place_reads_them_back() {
    let program = start();
    let body = json!({ "date": "2024-11-04T10:30:00Z", "place": "Lyon" });
    let answer = post(&program, &body, HeaderMap::new()).await;
    assert_eq!(answer.status(), 201);
    let visit: Value = answer.json().await.unwrap();
    assert_eq!(visit["date"], body["date"]);
    assert_eq!(visit["place"], body["place"]);
    let page = owner_get(&program, "/visits").await;
    assert_eq!(page, json!({ "visits": [visit], "next": null }));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_visits_on_32_connections_are_stored_exactly_once_each() {
    let program = Arc::new(start());
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..32).map(|_| {
        let (program, next) = (Arc::clone(&program), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::SeqCst);
                if n >= 2_000 {
                    return;
                }
                // Of three requests the third repeats the first.
                let key = if n % 3 == 2 { n - 2 } else { n };
                let mut headers = HeaderMap::new();
                headers.insert("idempotency-key", HeaderValue::from(key));
                let agent = HeaderValue::try_from(format!("visitor {}", key % 100)).unwrap();
                headers.insert("user-agent", agent);
                let place = format!("Place {}", key % 9);
                let answer = post(&program, &json!({ "place": place }), headers).await;
                assert_eq!(answer.status(), 201);
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await.unwrap();
    }

    let mut logged = Vec::new();
    let mut path = "/visits?limit=300".to_owned();
    loop {
        let page = owner_get(&program, &path).await;
        logged.extend(page["visits"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!("/visits?limit=300&cursor={next}");
    }
    let ids: HashSet<_> = logged.iter().map(|visit| visit["id"].to_string()).collect();
    assert_eq!((logged.len(), ids.len()), (1_334, 1_334));
    let summary = owner_get(&program, "/visits/summary").await;
    assert_eq!(summary["visits"], 1_334);
    assert_eq!(summary["uniques"], 100);
    for row in summary["places"].as_array().unwrap() {
        let count = logged.iter().filter(|visit| visit["place"] == row["place"]);
        assert_eq!(row["visits"], count.count(), "{row}");
    }
}

#[tokio::test]
async fn the_log_is_the_owners_and_no_other_origins() {
    let program = Program::start_with(
        &[&UNTHROTTLED[..], &["--owner-origin", "https://cv.example"]].concat(),
        &[("RESUME_COUNTER_OWNER_TOKEN", TOKEN)],
    );
    let answer = program.get("/visits").await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["www-authenticate"], "Bearer");
    let refused = program.get("/visits/summary").await;
    assert_eq!(refused.status(), 401);

    for (origin, allowed) in [
        ("https://cv.example", true),
        ("https://evil.example", false),
    ] {
        let request = program.http.get(format!("{}/visits", program.url));
        let answer = request.header("origin", origin).send().await.unwrap();
        let header = answer.headers().get("access-control-allow-origin");
        assert_eq!(header.is_some(), allowed, "{origin}");
    }
}

#[tokio::test]
async fn who_posts_too_much_does_not_keep_the_owner_from_reading() {
    let program = Program::start_with(
        &[
            "--in-memory",
            "--throttle-rate",
            "1",
            "--throttle-burst",
            "3",
        ],
        &[("RESUME_COUNTER_OWNER_TOKEN", TOKEN)],
    );
    let mut statuses = Vec::new();
    for _ in 0..8 {
        let answer = post(&program, &json!({}), HeaderMap::new()).await;
        statuses.push(answer.status().as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
    owner_get(&program, "/visits").await;
}

#[tokio::test]
async fn the_first_start_makes_a_token_that_the_program_prints_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let token = || {
        let mut command = crate::program::bare();
        command.args(["token", "--data-dir", path]);
        command.output().unwrap()
    };
    let before = token();
    assert_eq!(before.status.code(), Some(1));
    let complaint = String::from_utf8(before.stderr).unwrap();
    let expected =
        format!("error: there is no owner's token in {path} yet: start resume-counter once\n");
    assert_eq!(complaint, expected);

    let mut tokens = HashSet::new();
    for _ in 0..2 {
        let program = Program::on_disk(folder.path(), &[]);
        let printed = String::from_utf8(token().stdout).unwrap();
        let text = printed.strip_suffix('\n').unwrap();
        let request = program.http.get(format!("{}/visits", program.url));
        let answer = request.bearer_auth(text).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        tokens.insert(text.to_owned());
    }
    assert_eq!(tokens.len(), 1);
    let mode = folder.path().join("owner-token").metadata().unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
}
