//! Requests that come again with their `Idempotency-Key`.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, Jobs, event};

const OFFER: &str =
    r#"{"city":"Lyon","company_name":"Pain et Cie","title":"Boulanger","contract_type":"CDI"}"#;

async fn post(jobs: &Jobs, key: &str, body: &str) -> Answer {
    let mut event = event("post");
    event["headers"]["idempotency-key"] = key.into();
    event["body"] = body.into();
    jobs.send(&event).await
}

fn other_request() -> Answer {
    Answer::error(
        422,
        "This `Idempotency-Key` was used for another request before: send a new one.",
    )
}

#[tokio::test]
async fn a_repeated_post_makes_one_offer_and_gets_the_first_answer() {
    let jobs = Jobs::start().await;
    let first = post(&jobs, "once", OFFER).await;
    assert_eq!(first.status, 201, "{}", first.body);
    // Its order and its spaces say nothing.
    let same = r#"{ "title": "Boulanger ", "contract_type": "CDI", "city": "Lyon", "company_name": "Pain et Cie" }"#;
    assert_eq!(post(&jobs, "once", same).await, first);
    assert_ne!(post(&jobs, "twice", OFFER).await, first);
    assert_eq!(jobs.stored().await.len(), 2);

    // The answer stays the first one, whatever happened to the offer since.
    let id = first.body["id"].as_str().unwrap();
    assert_eq!(jobs.on("delete", id, None).await.status, 204);
    assert_eq!(post(&jobs, "once", OFFER).await, first);
    assert_eq!(jobs.stored().await.len(), 1);
}

#[tokio::test]
async fn a_key_that_comes_with_another_offer_is_a_422() {
    let jobs = Jobs::start().await;
    let first = post(&jobs, "once", OFFER).await;
    for changed in [("title", "Pâtissier"), ("created_date", "2020-02-29")] {
        let mut offer: Value = serde_json::from_str(OFFER).unwrap();
        offer[changed.0] = changed.1.into();
        let answer = post(&jobs, "once", &offer.to_string()).await;
        assert_eq!(answer, other_request(), "{changed:?}");
    }
    let stored = format!("{} Lyon", first.body["id"].as_str().unwrap());
    assert_eq!(jobs.stored().await, [stored]);
}

#[tokio::test]
async fn a_key_without_a_character_is_a_400() {
    let jobs = Jobs::start().await;
    for key in ["", " ", &"k".repeat(256), "clé"] {
        let answer = post(&jobs, key, OFFER).await;
        let sentence = "`Idempotency-Key` has to be 1 to 255 printable ASCII characters.";
        assert_eq!(answer, Answer::error(400, sentence), "{key}");
    }
    assert_eq!(jobs.stored().await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_posts_at_once_with_one_key_make_one_offer() {
    let jobs = Jobs::start().await;
    let answers = join_all((0..20).map(|_| post(&jobs, "at once", OFFER))).await;
    let first = &answers[0];
    assert_eq!(first.status, 201, "{}", first.body);
    assert!(answers.iter().all(|answer| answer == first), "{answers:?}");
    let id = first.body["id"].as_str().unwrap();
    assert_eq!(jobs.stored().await, [format!("{id} Lyon")]);
    assert_eq!(first.body["created_date"], json!("2026-11-21"));
}
