//! JSON objects, read without losing anything: an array in the place of an
//! object, which serde would take, and names that come twice are refused.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use backend::Error;
use backend::request::json_fault;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Reads `json`, which the client knows as `name`, as an object.
///
/// # Errors
/// [`Error::BadRequest`] with what the parser found.
pub(crate) fn object<'a, T: Deserialize<'a>>(name: &str, json: &'a RawValue) -> Result<T, Error> {
    if !json.get().starts_with('{') {
        return Err(Error::BadRequest(format!("{name} has to be an object.")));
    }
    serde_json::from_str(json.get())
        .map_err(|error| Error::BadRequest(format!("{name} {}.", json_fault(&error))))
}

/// An object of any names, each of which comes once.
#[derive(Debug)]
pub(crate) struct Members<T>(pub(crate) HashMap<String, T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}

struct MembersVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MembersVisitor<T> {
    type Value = Members<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = HashMap::new();
        while let Some((name, value)) = map.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a name is given twice"));
            }
        }
        Ok(Members(members))
    }
}
