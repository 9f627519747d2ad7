//! Plain JSON and DynamoDB's values, each made from the other without a guess.
//!
//! Strings, numbers, booleans, null, arrays and objects stand for themselves.
//! What JSON lacks is an object whose only name is one of DynamoDB's type
//! descriptors behind a `$`: `{"$B": "AQI="}`, `{"$BS": […]}`, `{"$NS": […]}`,
//! `{"$SS": […]}`. A map that looks like one of these is `{"$M": {…}}`. So every
//! value can be written, and is read back as it was written.

mod read;
mod write;

pub(crate) use read::{attributes, value};
pub use write::Item;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

const BINARY: &str = "$B";
const BINARY_SET: &str = "$BS";
const MAP: &str = "$M";
const NUMBER_SET: &str = "$NS";
const STRING_SET: &str = "$SS";

/// An item, a key, or the values of an expression.
pub type Attributes = HashMap<String, AttributeValue>;

/// The only member of an object whose only name is a descriptor.
fn described<T>(members: &HashMap<String, T>) -> Option<(&str, &T)> {
    let (name, value) = members.iter().next()?;
    let known = [BINARY, BINARY_SET, MAP, NUMBER_SET, STRING_SET];
    (members.len() == 1 && known.contains(&name.as_str())).then_some((name, value))
}
