//! Job offers: CSV files in a bucket are split into messages of a queue, which
//! are stored in a table, which an API reads and its owner writes.

mod api;
pub mod clients;
pub mod csv;
mod cursor;
mod draft;
mod offers;
mod split;
mod store;
mod version;

pub use api::{Api, MAX_BODY_BYTES, handle};
pub use offers::{Offers, table};
pub use split::{Event as BucketEvent, Loaded, Split, SplitError, split};
pub use store::{Event as QueueEvent, Failures, store};
