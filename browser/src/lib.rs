//! What the pages' programs share: where the API is, how it is asked, and what
//! is said of numbers and failures.

pub mod words;

#[cfg(feature = "csr")]
mod call;
#[cfg(feature = "csr")]
mod failure;
#[cfg(feature = "csr")]
mod place;

#[cfg(feature = "csr")]
pub use call::{get, json};
#[cfg(feature = "csr")]
pub use failure::{Failed, Failure};
#[cfg(feature = "csr")]
pub use place::mount;

/// Where the API is: its address, without `/counter`, taken from the
/// environment of the build. Empty, the default, means the page's own origin.
pub const API_BASE: &str = match option_env!("RESUME_API_BASE") {
    Some(base) => base,
    None => "",
};

/// Where `/visits` and `/v1/jobs` are, if not in the same place.
pub const OWNER_API_BASE: &str = match option_env!("RESUME_OWNER_API_BASE") {
    Some(base) => base,
    None => API_BASE,
};

/// The address of `path`, which begins with a slash, at one of the two.
pub fn url(base: &str, path: &str) -> String {
    format!("{}{path}", base.trim_end_matches('/'))
}
