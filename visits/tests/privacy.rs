//! Nothing that is kept says who came.

mod support;

use std::io;
use std::sync::{Arc, Mutex};

use base64::Engine;
use serde_json::json;
use sha2::{Digest, Sha256};
use support::{Function, event};

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
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing_subscriber::util::SubscriberInitExt::set_default(subscriber);

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
    for guess in ["", "default", ADDRESS, AGENT] {
        for known in [
            ADDRESS.to_owned(),
            format!("{ADDRESS}{AGENT}"),
            format!("{guess}{ADDRESS}{AGENT}"),
        ] {
            let digest =
                base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(known));
            assert!(!before[0].contains(&digest));
        }
    }
    // The same visitor, seen by a process that never knew the old salt.
    let fresh = function.through(function.store.config().endpoint.unwrap());
    support::call(&fresh, &event).await;
    assert_eq!(
        marks().await.len(),
        2,
        "the mark of the same visitor is another"
    );
}
