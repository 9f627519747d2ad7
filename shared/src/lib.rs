//! The contract of the browser and the functions: the wire structs of the API
//! and the rule for page paths. It builds for WebAssembly, so no I/O lives
//! here.

pub mod jobs;
pub mod page_path;
pub mod visits;

pub use page_path::{PagePath, PagePathError};

use serde::{Deserialize, Serialize};

/// Answer of `GET /counter`: the number of hits of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Count {
    /// Hits so far; for a counted hit, this hit's own number.
    pub count: u64,
}

/// Body of every error answer: one sentence for the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// The mistake or failure, and the way to mend it.
    pub message: String,
}
