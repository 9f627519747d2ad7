//! The items of a table, for their owner: one operation a request, on a table
//! that the route allows.

mod answer;
mod call;
mod number;
mod object;
mod payload;
mod tables;
mod value;

pub use call::{Call, MAX_BODY_BYTES, Operation};
pub use tables::{NoTable, Tables, table};
pub use value::{Attributes, Item};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use backend::request::{self, route};
use backend::{Error, Owner, json};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use serde_json::value::RawValue;

/// Lambda answers with at most 6 MB, and JSON in a JSON string is at most twice
/// as long.
const MAX_ANSWER_BYTES: usize = 3_000_000;

/// The function's client, owner and tables.
#[derive(Clone, Debug)]
pub struct Items {
    /// The store.
    pub client: Client,
    /// The owner, who alone may call.
    pub owner: Owner,
    /// The tables of `POST /order`.
    pub orders: Tables,
    /// The tables of `POST /dynamodbmanager`.
    pub managed: Tables,
}

impl Items {
    /// Opens the connection before the first request waits for it, by reading
    /// an item. A failure shows at the first real call.
    pub async fn connect(&self) {
        let id = AttributeValue::S("connection-check".to_owned());
        let read = self.client.get_item().table_name(self.orders.default());
        let _ = read.key(tables::PARTITION_KEY, id).send().await;
    }

    fn tables(&self, route: &str) -> Result<&Tables, Error> {
        match route {
            "POST /order" => Ok(&self.orders),
            "POST /dynamodbmanager" => Ok(&self.managed),
            _ => Err(Error::NotFound("There is no such route.".to_owned())),
        }
    }
}

/// Answers `POST /order` and `POST /dynamodbmanager`: runs the operation that
/// the body names.
///
/// # Errors
/// 401 for all but the owner, 403 for a table that is not the route's, 400,
/// 413, 415 or 422 for a wrong body, 409 for a condition that does not hold,
/// the store's.
pub async fn handle(items: &Items, request: Request) -> Result<Response<Body>, Error> {
    items.owner.authorize(&request)?;
    let tables = items.tables(route(&request))?;
    let body: Box<RawValue> = request::json(&request, MAX_BODY_BYTES)?;
    let call = Call::parse(&body)?;
    let table = tables.choose(call.table.as_deref())?;
    let answer = run(items, call.operation, table).await?;
    Ok(json(StatusCode::OK, &answer))
}

/// Runs the operation of an event that did not come by HTTP. IAM has let its sender in,
/// and either route's tables are allowed.
///
/// # Errors
/// Those of [`handle`], but for 401.
pub async fn invoke(items: &Items, event: &RawValue) -> Result<Box<RawValue>, Error> {
    let call = Call::parse(event)?;
    let named = call.table.as_deref();
    let table = items
        .orders
        .choose(named)
        .or_else(|_| items.managed.choose(named))?;
    run(items, call.operation, table).await
}

async fn run(items: &Items, operation: Operation, table: &str) -> Result<Box<RawValue>, Error> {
    let answer = operation.run(&items.client, table).await?;
    if answer.get().len() > MAX_ANSWER_BYTES {
        return Err(Error::Unprocessable(format!(
            "The answer is longer than {MAX_ANSWER_BYTES} bytes: ask for less with `Limit`."
        )));
    }
    Ok(answer)
}
