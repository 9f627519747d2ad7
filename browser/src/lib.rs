//! The code that the pages' programs share: the API's address, its calls, and
//! the words for numbers and failures.

pub mod words;

#[cfg(feature = "csr")]
mod api;
#[cfg(feature = "csr")]
mod call;
#[cfg(feature = "csr")]
mod failure;
#[cfg(feature = "csr")]
mod place;

#[cfg(feature = "csr")]
pub use api::{api_url, owner_api_url};
#[cfg(feature = "csr")]
pub use call::{get, json, post};
#[cfg(feature = "csr")]
pub use failure::{Failed, Failure};
#[cfg(feature = "csr")]
pub use place::mount;
