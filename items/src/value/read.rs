//! From plain JSON to DynamoDB's values. Each level is read as raw text first,
//! since a number that serde has turned into a float has lost its digits.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use backend::Error;
use backend::request::json_fault;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::value::RawValue;

use super::{Attributes, BINARY, BINARY_SET, MAP, NUMBER_SET, STRING_SET, described};
use crate::number::{self, NumberError};
use crate::object::{Members, object};

/// DynamoDB's own limit; the attribute's value is the first level.
const MAX_LEVELS: usize = 32;

/// The reason why JSON is no DynamoDB value.
#[derive(Debug, thiserror::Error)]
enum ValueError {
    #[error("holds a value that {}", json_fault(.0))]
    Json(#[from] serde_json::Error),
    #[error("has to hold {0}")]
    Descriptor(&'static str),
    #[error("holds a number that {0}")]
    Number(#[from] NumberError),
    #[error("is nested more than {MAX_LEVELS} levels deep")]
    Levels,
}

/// Reads the attributes that the parameter `name` holds.
///
/// # Errors
/// 422 for a value that DynamoDB does not keep, 400 for no object.
pub(crate) fn attributes(name: &str, json: &RawValue) -> Result<Attributes, Error> {
    let name = format!("`{name}`");
    read_members(object(&name, json)?, 1).map_err(|error| refusal(&name, &error))
}

/// Reads the one value that the parameter `name` holds.
///
/// # Errors
/// As for [`attributes`].
pub(crate) fn value(name: &str, json: &RawValue) -> Result<AttributeValue, Error> {
    read(json, 1).map_err(|error| refusal(&format!("`{name}`"), &error))
}

fn refusal(name: &str, error: &ValueError) -> Error {
    let sentence = format!("{name} {error}.");
    match error {
        ValueError::Json(_) | ValueError::Descriptor(_) => Error::BadRequest(sentence),
        ValueError::Number(_) | ValueError::Levels => Error::Unprocessable(sentence),
    }
}

fn read(json: &RawValue, level: usize) -> Result<AttributeValue, ValueError> {
    if level > MAX_LEVELS {
        return Err(ValueError::Levels);
    }
    let text = json.get();
    Ok(match text.as_bytes() {
        [b'{', ..] => read_object(serde_json::from_str(text)?, level)?,
        [b'[', ..] => AttributeValue::L(read_all(json, |element| read(element, level + 1))?),
        [b'"', ..] => AttributeValue::S(serde_json::from_str(text)?),
        [b't' | b'f', ..] => AttributeValue::Bool(text == "true"),
        [b'n', ..] => AttributeValue::Null(true),
        _ => AttributeValue::N(read_number(json)?),
    })
}

fn read_object(members: Members<&RawValue>, level: usize) -> Result<AttributeValue, ValueError> {
    Ok(match described(&members.0) {
        Some((BINARY, json)) => AttributeValue::B(read_blob(json)?),
        Some((BINARY_SET, json)) => AttributeValue::Bs(read_all(json, read_blob)?),
        Some((NUMBER_SET, json)) => AttributeValue::Ns(read_all(json, read_number)?),
        Some((STRING_SET, json)) => AttributeValue::Ss(read_all(json, read_string)?),
        Some((MAP, json)) => {
            let Ok(members) = serde_json::from_str(json.get()) else {
                return Err(ValueError::Descriptor("an object as the value of `$M`"));
            };
            AttributeValue::M(read_members(members, level + 1)?)
        }
        _ => AttributeValue::M(read_members(members, level + 1)?),
    })
}

fn read_members(members: Members<&RawValue>, level: usize) -> Result<Attributes, ValueError> {
    let read = |(name, json)| Ok((name, read(json, level)?));
    members.0.into_iter().map(read).collect()
}

fn read_all<T>(
    json: &RawValue,
    read: impl Fn(&RawValue) -> Result<T, ValueError>,
) -> Result<Vec<T>, ValueError> {
    let elements: Vec<&RawValue> = serde_json::from_str(json.get())
        .map_err(|_| ValueError::Descriptor("an array as the value of `$BS`, `$NS` and `$SS`"))?;
    elements.into_iter().map(read).collect()
}

fn read_blob(json: &RawValue) -> Result<Blob, ValueError> {
    let text: Option<String> = serde_json::from_str(json.get()).ok();
    text.and_then(|text| BASE64_STANDARD.decode(text).ok())
        .map(Blob::new)
        .ok_or(ValueError::Descriptor(
            "base64 as the value of `$B`, and in `$BS`",
        ))
}

fn read_number(json: &RawValue) -> Result<String, ValueError> {
    let text = json.get();
    if !text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return Err(ValueError::Descriptor("numbers in `$NS`"));
    }
    Ok(number::checked(text)?.into_owned())
}

fn read_string(json: &RawValue) -> Result<String, ValueError> {
    serde_json::from_str(json.get()).map_err(|_| ValueError::Descriptor("strings in `$SS`"))
}
