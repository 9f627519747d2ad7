//! Reading the process environment, once, at start-up.

use std::env;

/// A variable that has to be set, and is not.
#[derive(Debug, thiserror::Error)]
#[error("environment variable {0} is not set")]
pub struct Missing(pub &'static str);

/// The value of `name`.
///
/// # Errors
/// When it is unset, empty or not UTF-8.
pub fn required(name: &'static str) -> Result<String, Missing> {
    optional(name).ok_or(Missing(name))
}

/// The value of `name`. Empty counts as unset, because CloudFormation has no
/// other way to leave a variable out.
pub fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
