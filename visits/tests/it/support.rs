//! The function on a store of its own, called with events.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use backend::{Cdn, Owner, telemetry};
use emulator::{DynamoDb, ensure_table};
use jiff::Timestamp;
use lambda_http::{Body, Response};
use serde_json::Value;
pub(crate) use testkit::Answer;
use visits::{Log, Salts, Visits};

pub(crate) const TOKEN: &str = "the-owner-of-these-events";
pub(crate) const NOW: &str = "2026-11-21T10:30:00.000Z";
const TABLES: [&str; 2] = ["visits", "visits-salts"];

pub(crate) struct Function {
    pub(crate) visits: Visits,
    pub(crate) client: Client,
    pub(crate) store: DynamoDb,
}

impl Function {
    pub(crate) async fn start() -> Self {
        let store = DynamoDb::in_memory().await.unwrap();
        let client = store.config().client().unwrap();
        ensure_table(&client, visits::table(TABLES[0]))
            .await
            .unwrap();
        let salts = visits::salts_table(TABLES[1]);
        ensure_table(&client, salts).await.unwrap();
        Self {
            visits: function(client.clone()),
            client,
            store,
        }
    }

    /// The function as another process would have it, on the same store.
    pub(crate) fn anew(&self) -> Visits {
        function(self.store.config().client().unwrap())
    }

    /// The same store through another endpoint.
    pub(crate) fn through(&self, endpoint: String) -> Visits {
        let config = self.store.config_at(endpoint);
        function(config.client().unwrap())
    }

    /// Posts a body as another visitor than the others.
    pub(crate) async fn post(&self, body: &str) -> Answer {
        let mut event = event("POST /visits");
        event["body"] = body.into();
        self.send(&event).await
    }

    pub(crate) async fn add_link(&self, body: &str) -> Answer {
        let mut event = event("POST /visits/links");
        event["body"] = body.into();
        self.send(&event).await
    }

    pub(crate) async fn get(&self, route: &str, query: &str) -> Answer {
        let mut event = event(route);
        event["rawQueryString"] = query.into();
        self.send(&event).await
    }

    pub(crate) async fn summary(&self, query: &str) -> Value {
        let answer = self.get("GET /visits/summary", query).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body
    }

    pub(crate) async fn send(&self, event: &Value) -> Answer {
        Answer::read(call(&self.visits, event).await)
    }

    /// Every item of both tables.
    pub(crate) async fn items(&self) -> Vec<String> {
        let mut items = Vec::new();
        for table in TABLES {
            let scan = self.client.scan().table_name(table).into_paginator();
            let mut found = scan.items().send();
            while let Some(item) = found.next().await {
                items.push(item.unwrap().iter().map(attribute).collect());
            }
        }
        items
    }

    /// Deletes an expired salt, as the store does.
    pub(crate) async fn delete_salt(&self, day: &str) {
        let delete = self.client.delete_item().table_name(TABLES[1]);
        let key = AttributeValue::S(day.to_owned());
        delete.key("day", key).send().await.unwrap();
    }
}

/// An attribute as text, bytes too.
fn attribute((name, value): (&String, &AttributeValue)) -> String {
    match value {
        AttributeValue::B(bytes) => {
            format!("{name}={} ", String::from_utf8_lossy(bytes.as_ref()))
        }
        value => format!("{name}={value:?} "),
    }
}

fn function(client: Client) -> Visits {
    Visits {
        log: Log::new(client.clone(), TABLES[0]),
        salts: Salts::new(client, TABLES[1]),
        owner: Owner::from_token(TOKEN),
        cdn: Cdn::from_secret("of-these-events"),
        clock: || NOW.parse().unwrap(),
    }
}

/// The same function a day later.
pub(crate) fn tomorrow(visits: &Visits) -> Visits {
    fn clock() -> Timestamp {
        "2026-11-22T10:30:00Z".parse().unwrap()
    }
    Visits {
        clock,
        ..visits.clone()
    }
}

/// Calls the function as Lambda does, log line included.
pub(crate) async fn call(visits: &Visits, event: &Value) -> Response<Body> {
    let request = backend::event::parse(&event.to_string()).unwrap();
    telemetry::logged(request, |request| visits::handle(visits, request)).await
}

/// An event of `route`, with the owner's token and without a body.
pub(crate) fn event(route: &str) -> Value {
    let text = match route {
        "POST /visits" => include_str!("../../../events/visits-post-date-and-place.json"),
        "GET /visits" => include_str!("../../../events/visits-get.json"),
        "POST /visits/links" => include_str!("../../../events/visits-post-link.json"),
        _ => include_str!("../../../events/visits-get-summary.json"),
    };
    serde_json::from_str(text).unwrap()
}
