//! Nothing that is kept says who came.

use std::io;
use std::sync::{Arc, Mutex};

use crate::support::{Function, event};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

const ADDRESS: &str = "203.0.113.77";
const AGENT: &str = "Mozilla/5.0 (a browser that nobody else has)";

/// What is logged, for the test to read.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_item_and_no_log_line_holds_an_address_or_a_user_agent() {
    let lines = Lines::default();
    let writer = lines.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
        .with_writer(move || writer.clone())
        .init();

    let function = Function::start().await;
    let mut event = event("POST /visits");
    event["requestContext"]["http"]["sourceIp"] = ADDRESS.into();
    event["headers"]["user-agent"] = AGENT.into();
    for body in [
        "{}",
        r#"{"date":"no date"}"#,
        "no JSON",
        r#"{"skipped":"owner"}"#,
    ] {
        event["body"] = body.into();
        function.send(&event).await;
    }
    let expected = json!({ "visits": 1, "uniques": 1 });
    let summary = function.summary("").await;
    assert_eq!(
        json!({ "visits": summary["visits"], "uniques": summary["uniques"] }),
        expected
    );

    let items = function.items().await;
    assert!(items.len() >= 4, "{items:?}");
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(logged.lines().count() >= 4, "{logged}");
    for kept in items.iter().chain([&logged]) {
        for secret in [ADDRESS, AGENT] {
            assert!(!kept.contains(secret), "{kept}");
        }
    }
}

/// With the salt gone, guessing the visitor does not help: no digest of what is
/// known of one is among what is stored.
#[tokio::test]
async fn once_the_salt_is_gone_a_mark_cannot_be_made_again() {
    let function = Function::start().await;
    let mut event = event("POST /visits");
    event["requestContext"]["http"]["sourceIp"] = ADDRESS.into();
    event["headers"]["user-agent"] = AGENT.into();
    function.send(&event).await;
    let marks = async || {
        let items = function.items().await.into_iter();
        items
            .filter(|item| item.contains("unique#"))
            .collect::<Vec<_>>()
    };
    let before = marks().await;
    assert_eq!(before.len(), 1);

    function.delete_salt("2026-11-21").await;
    assert!(
        !function
            .items()
            .await
            .iter()
            .any(|item| item.contains("salt"))
    );
    // What the mark would be under a salt that is no secret.
    for key in [Vec::new(), vec![0; 32], b"2026-11-21".to_vec()] {
        let mut hmac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        for part in ["default", ADDRESS, AGENT] {
            hmac.update(&(part.len() as u64).to_be_bytes());
            hmac.update(part.as_bytes());
        }
        let digest = URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes());
        assert!(!before[0].contains(&digest));
    }
    // The same visitor, seen by a process that never knew the old salt.
    let fresh = function.anew();
    crate::support::call(&fresh, &event).await;
    assert_eq!(
        marks().await.len(),
        2,
        "the mark of the same visitor is another"
    );
}
