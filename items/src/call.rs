//! A request's body: one operation, with its parameters read and checked before
//! the store is called.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemInputBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemInputBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemInputBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanInputBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use backend::Error;
use serde::{Deserialize, Deserializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::answer::answer;
use crate::object::object;
use crate::payload::{Create, Delete, List, Read, Update};

/// Bytes of a body: an item of 400 kB, which is DynamoDB's limit, with room for
/// how JSON writes it.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;

const PAYLOAD: &str = "`payload`";

/// An operation, and the table that it is for.
#[derive(Clone, Debug)]
pub struct Call {
    /// The table, where the request names one.
    pub table: Option<String>,
    /// The operation.
    pub operation: Operation,
}

/// An operation and its parameters; those of the store are the SDK's own.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Puts an item, and replaces one that has the same key.
    Create(PutItemInputBuilder),
    /// Gets an item.
    Read(GetItemInputBuilder),
    /// Changes attributes of an item, which is made if it is missing.
    Update(UpdateItemInputBuilder),
    /// Deletes an item.
    Delete(DeleteItemInputBuilder),
    /// Gives a page of the table, in no order.
    List(ScanInputBuilder),
    /// Gives back the payload.
    Echo(Box<RawValue>),
    /// Gives `"pong"`.
    Ping,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body<'a> {
    operation: Name,
    table_name: Option<String>,
    #[serde(borrow, default, deserialize_with = "present")]
    payload: Option<&'a RawValue>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Name {
    Create,
    Read,
    Update,
    Delete,
    List,
    Echo,
    Ping,
}

/// Reads a payload, which may be `null`; serde would take that for none.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl Call {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Error::BadRequest`] or [`Error::Unprocessable`], with what to mend.
    pub fn parse(body: &RawValue) -> Result<Self, Error> {
        let body: Body<'_> = object("The body", body)?;
        let given = || {
            let missing = || Error::BadRequest("`payload` is missing.".to_owned());
            body.payload.ok_or_else(missing)
        };
        let operation = match body.operation {
            Name::Create => Operation::Create(object::<Create<'_>>(PAYLOAD, given()?)?.input()?),
            Name::Read => Operation::Read(object::<Read<'_>>(PAYLOAD, given()?)?.input()?),
            Name::Update => Operation::Update(object::<Update<'_>>(PAYLOAD, given()?)?.input()?),
            Name::Delete => Operation::Delete(object::<Delete<'_>>(PAYLOAD, given()?)?.input()?),
            Name::List => Operation::List(match body.payload {
                Some(payload) => object::<List<'_>>(PAYLOAD, payload)?.input()?,
                None => ScanInputBuilder::default(),
            }),
            Name::Echo => Operation::Echo(body.payload.unwrap_or(RawValue::NULL).to_owned()),
            Name::Ping => Operation::Ping,
        };
        Ok(Self {
            table: body.table_name,
            operation,
        })
    }
}

impl Operation {
    /// Runs the operation on `table` and returns the answer's JSON. A write
    /// that may have been applied is not repeated here.
    ///
    /// # Errors
    /// The store's; what a request did wrong is the client's to mend.
    pub async fn run(self, client: &Client, table: &str) -> Result<Box<RawValue>, Error> {
        match self {
            Self::Create(input) => answer(input.table_name(table).send_with(client).await),
            Self::Read(input) => answer(input.table_name(table).send_with(client).await),
            Self::Update(input) => answer(input.table_name(table).send_with(client).await),
            Self::Delete(input) => answer(input.table_name(table).send_with(client).await),
            Self::List(input) => answer(input.table_name(table).send_with(client).await),
            Self::Echo(payload) => Ok(payload),
            Self::Ping => to_raw_value("pong").map_err(Error::internal),
        }
    }
}
