//! The function on a store of its own, called with events.

use backend::telemetry;
use counter::Hits;
use emulator::{DynamoDb, ensure_table};
use lambda_http::{Body, Response};
pub(crate) use testkit::Answer;

pub(crate) const TABLE: &str = "CloudResumeCounterHits";

pub(crate) struct Function {
    pub(crate) hits: Hits,
    pub(crate) store: DynamoDb,
}

impl Function {
    pub(crate) async fn start() -> Self {
        let store = DynamoDb::in_memory().await.unwrap();
        let client = store.config().client().unwrap();
        ensure_table(&client, counter::table(TABLE)).await.unwrap();
        let hits = Hits::new(client, TABLE);
        Self { hits, store }
    }

    /// The same store through another endpoint.
    pub(crate) fn through(&self, endpoint: String) -> Hits {
        let config = self.store.config_at(endpoint);
        Hits::new(config.client().unwrap(), TABLE)
    }

    pub(crate) async fn get(&self, query: &str) -> Answer {
        Answer::read(self.send(query).await)
    }

    pub(crate) async fn send(&self, query: &str) -> Response<Body> {
        call(&self.hits, &event(query)).await
    }

    pub(crate) async fn event(&self, event: &str) -> Answer {
        Answer::read(call(&self.hits, event).await)
    }
}

/// Calls the function as Lambda does, log line included.
pub(crate) async fn call(hits: &Hits, event: &str) -> Response<Body> {
    let request = backend::event::parse(event).unwrap();
    telemetry::logged(request, |request| counter::handle(hits, request)).await
}

pub(crate) fn event(query: &str) -> String {
    let mut event: serde_json::Value =
        serde_json::from_str(include_str!("../../../events/counter-get.json")).unwrap();
    event["rawQueryString"] = query.into();
    event.to_string()
}
