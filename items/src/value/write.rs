//! From DynamoDB's values to plain JSON, names in order, so that equal items
//! are equal text.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use super::{Attributes, BINARY, BINARY_SET, MAP, NUMBER_SET, STRING_SET, described};

/// An item, or a part of one, as plain JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Item(pub Attributes);

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Members(&self.0).serialize(serializer)
    }
}

struct Members<'a>(&'a Attributes);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ordered: BTreeMap<_, _> = self.0.iter().collect();
        serializer.collect_map(
            ordered
                .into_iter()
                .map(|(name, value)| (name, Value(value))),
        )
    }
}

struct Value<'a>(&'a AttributeValue);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            AttributeValue::S(text) => serializer.serialize_str(text),
            AttributeValue::N(number) => raw::<S>(number)?.serialize(serializer),
            AttributeValue::Bool(truth) => serializer.serialize_bool(*truth),
            AttributeValue::Null(_) => serializer.serialize_unit(),
            AttributeValue::L(list) => serializer.collect_seq(list.iter().map(Value)),
            AttributeValue::M(map) if described(map).is_some() => {
                typed(serializer, MAP, &Members(map))
            }
            AttributeValue::M(map) => Members(map).serialize(serializer),
            AttributeValue::B(blob) => typed(serializer, BINARY, &base64(blob)),
            AttributeValue::Bs(blobs) => {
                let texts: Vec<_> = blobs.iter().map(base64).collect();
                typed(serializer, BINARY_SET, &texts)
            }
            AttributeValue::Ns(numbers) => {
                let numbers: Result<Vec<_>, _> = numbers.iter().map(|n| raw::<S>(n)).collect();
                typed(serializer, NUMBER_SET, &numbers?)
            }
            AttributeValue::Ss(strings) => typed(serializer, STRING_SET, strings),
            _ => Err(S::Error::custom("a value of an unknown type")),
        }
    }
}

fn typed<S: Serializer>(
    serializer: S,
    descriptor: &str,
    value: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(descriptor, value)?;
    map.end()
}

/// A number as the store writes it, digit by digit.
fn raw<S: Serializer>(number: &str) -> Result<Box<RawValue>, S::Error> {
    RawValue::from_string(number.to_owned()).map_err(S::Error::custom)
}

fn base64(blob: &Blob) -> String {
    BASE64_STANDARD.encode(blob)
}
