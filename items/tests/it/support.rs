//! The function on a store of its own, called with events.

use backend::{Owner, telemetry};
use emulator::{DynamoDb, ensure_table};
use items::Items;
use lambda_http::{Body, Response};
use serde_json::{Value, json};

pub(crate) const ORDERS: &str = "order-microservice-db";
pub(crate) const MANAGED: &str = "anything";
pub(crate) const ROUTES: [&str; 2] = ["POST /order", "POST /dynamodbmanager"];

/// The token in the event files.
const TOKEN: &str = "the-owner-of-these-events";

pub(crate) struct Function {
    pub(crate) items: Items,
    pub(crate) store: DynamoDb,
}

/// Status and body, to compare to the letter: as text, because a number has to
/// keep its digits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn ok(body: &str) -> Self {
        Self {
            status: 200,
            body: body.to_owned(),
        }
    }

    pub(crate) fn error(status: u16, sentence: &str) -> Self {
        Self {
            status,
            body: json!({ "message": sentence }).to_string(),
        }
    }
}

impl Function {
    pub(crate) async fn start() -> Self {
        let store = DynamoDb::in_memory().await.unwrap();
        let client = store.config().client().unwrap();
        for name in [ORDERS, MANAGED] {
            ensure_table(&client, items::table(name)).await.unwrap();
        }
        let items = Items {
            client,
            owner: Owner::from_token(TOKEN),
            orders: ORDERS.parse().unwrap(),
            managed: MANAGED.parse().unwrap(),
        };
        Self { items, store }
    }

    /// The same store through another endpoint.
    pub(crate) fn through(&self, endpoint: String) -> Items {
        let config = self.store.config_at(endpoint);
        Items {
            client: config.client().unwrap(),
            ..self.items.clone()
        }
    }

    /// Returns the answer of `POST /order`.
    pub(crate) async fn order(&self, body: &str) -> Answer {
        self.post(ROUTES[0], body).await
    }

    pub(crate) async fn post(&self, route: &str, body: &str) -> Answer {
        self.event(&event(route, body)).await
    }

    pub(crate) async fn event(&self, event: &Value) -> Answer {
        read(call(&self.items, event).await)
    }
}

/// Calls the function as Lambda does, log line included.
pub(crate) async fn call(items: &Items, event: &Value) -> Response<Body> {
    let request = backend::event::parse(&event.to_string()).unwrap();
    telemetry::logged(request, |request| items::handle(items, request)).await
}

/// An event of `route`, with the owner's token.
pub(crate) fn event(route: &str, body: &str) -> Value {
    let mut event = file(include_str!("../../../events/items-order-ping.json"));
    event["routeKey"] = route.into();
    event["requestContext"]["routeKey"] = route.into();
    event["body"] = body.into();
    event
}

pub(crate) fn file(event: &str) -> Value {
    serde_json::from_str(event).unwrap()
}

pub(crate) fn read(response: Response<Body>) -> Answer {
    assert_eq!(response.headers()["content-type"], "application/json");
    Answer {
        status: response.status().as_u16(),
        body: String::from_utf8(response.body().to_vec()).unwrap(),
    }
}
