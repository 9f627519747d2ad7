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

/// The log, for the test to read.
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
async fn no_item_and_no_log_line_holds_an_address_a_user_agent_or_more_of_the_way_than_may_be() {
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

    come_by_every_way(&function).await;

    let items = function.items().await;
    assert!(items.len() > 1_000, "{}", items.len());
    let logged = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(logged.lines().count() > 1_000, "{logged}");
    for kept in items.iter().chain([&logged]) {
        for secret in [
            ADDRESS,
            AGENT,
            "secret",
            "refers.example",
            "zzzzzz",
            "not-a-code",
        ] {
            assert!(!kept.contains(secret), "{kept}");
        }
    }
}

/// A thousand visits are recorded, and as many reports are refused. Of the way nothing
/// is kept but sources, and the code of a link that the owner has made.
async fn come_by_every_way(function: &Function) {
    let made = function.add_link(r#"{"label":"Acme"}"#).await.body;
    let code = made["link"].as_str().unwrap();
    for n in 0..2_000 {
        let mut event = event("POST /visits");
        event["requestContext"]["http"]["sourceIp"] = ADDRESS.into();
        event["headers"]["user-agent"] = format!("{AGENT} {}", n % 7).into();
        event["headers"]["referer"] = format!("https://refers.example/secret/path?q={n}").into();
        event["rawQueryString"] = "for=zzzzzz&secret=query".into();
        let body = match n % 8 {
            0 => json!({ "link": code }),
            1 => json!({ "link": "zzzzzz" }),
            2 => json!({ "source": format!("host{}.example", n % 80) }),
            3 => json!({ "place": "Lyon", "date": format!("2026-11-{:02}T10:00:00Z", 1 + n % 21) }),
            4 => json!({ "source": "https://refers.example/secret/path" }),
            5 => json!({ "link": "not-a-code" }),
            6 => json!({ "source": "a secret query?x=1", "link": code }),
            _ => json!({ "referrer": "https://refers.example/secret/path" }),
        };
        event["body"] = body.to_string().into();
        let status = function.send(&event).await.status;
        let expected: &[u16] = if n % 8 < 4 { &[201] } else { &[400, 422] };
        assert!(expected.contains(&status), "{status}: {body}");
    }
    let summary = function.summary("").await;
    assert_eq!(summary["visits"], 1_001);
    assert_eq!(summary["links"][0]["days"][0]["visits"], 250);
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
