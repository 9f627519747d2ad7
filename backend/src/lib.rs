//! The rules that all functions share: reading the environment, reaching
//! DynamoDB, the errors that clients see, and the log line of a request.
//!
//! Nothing here knows a route or a table; those belong to the functions.

mod bounds;
mod cdn;
pub mod crawler;
pub mod dynamodb;
pub mod environment;
mod error;
pub mod event;
mod http_client;
mod metrics;
pub mod origin;
mod owner;
pub mod query;
pub mod request;
mod response;
mod retry;
mod roots;
mod table;
pub mod telemetry;
pub mod transaction;
pub mod transfer;

pub use bounds::{BadBounds, Bounds, MAX_PAGES, check_host_name};
pub use error::{Error, causes};
pub use metrics::{Metric, count};
pub use origin::Cdn;
pub use owner::{NoDigest, Owner};
pub use response::{json, message};
pub use table::{Index, Table};
