//! The embedded AWS that the tests and the local program run on: a DynamoDB
//! that starts in milliseconds, in memory or in one file. It is never deployed.
//!
//! Functions reach it as they reach AWS, through an endpoint URL, so there is
//! one code path to the store.

mod dynamodb;
mod engine;
mod fault_proxy;
mod operations;
mod tables;

pub use dynamodb::{DynamoDb, StartError};
pub use engine::Durability;
pub use fault_proxy::{Fault, FaultProxy};
pub use tables::{TableError, ensure_table};
