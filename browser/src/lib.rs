//! What the pages' programs share: where the API is, how it is asked, and what
//! is said of numbers and failures.

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
pub use call::{get, json};
#[cfg(feature = "csr")]
pub use failure::{Failed, Failure};
#[cfg(feature = "csr")]
pub use place::mount;
