//! Job offers: one function splits CSV files of a bucket into messages of a queue, one
//! stores the messages in a table, and one is the API of the table.

mod api;
pub mod clients;
pub mod csv;
mod cursor;
mod draft;
pub mod keys;
mod loaded;
mod log;
mod offers;
mod split;
mod store;
mod text;
mod version;

pub use api::{Api, MAX_BODY_BYTES, handle};
pub use loaded::Loaded;
pub use log::{Log, log_table};
pub use offers::{Offers, table};
pub use split::{Event as BucketEvent, Sent, Split, SplitError, split};
pub use store::{Event as QueueEvent, Failures, MAX_RECEIVES, Store, store};
