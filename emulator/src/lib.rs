//! The embedded AWS that the tests and the local program run on: a DynamoDB, an
//! S3 and an SQS that start in milliseconds, in memory or in one folder. It is
//! never deployed.
//!
//! Functions reach it as they reach AWS, through an endpoint URL, so there is
//! one code path to the store.

mod dynamodb;
mod endpoint;
mod engine;
mod event_source;
mod operations;
mod queues;
mod s3;
mod sqs;
mod tables;

pub use dynamodb::{DynamoDb, StartError};
pub use engine::Durability;
pub use event_source::EventSource;
pub use queues::{Depth, Message, Queue, QueueError, Queues};
pub use s3::{Notification, Objects, S3};
pub use sqs::Sqs;
pub use tables::{TableError, ensure_table};
