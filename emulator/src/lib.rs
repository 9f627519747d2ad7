//! The embedded AWS that the tests and the local program run on: a DynamoDB, an
//! S3 and an SQS that start in milliseconds, in memory or in one folder. It is
//! never deployed.
//!
//! Functions reach it as they reach AWS, through the SDK's clients, so there is
//! one code path to the store; only the clients' HTTP transport differs.

mod backup;
mod checkup;
mod dynamodb;
mod engine;
mod event_source;
mod file;
mod in_process;
mod new_items;
mod operations;
mod queues;
mod s3;
mod signature;
mod sqlite;
mod sqs;
mod tables;
mod throughput;

pub use backup::back_up;
pub use checkup::DatabaseFile;
pub use dynamodb::{DynamoDb, Port, Service, StartError};
pub use engine::{Durability, Health};
pub use event_source::EventSource;
pub use file::FileError;
pub use queues::{Depth, Message, Queue, Queues};
pub use s3::{Notification, S3};
pub use sqlite::DatabaseError as QueueError;
pub use sqs::Sqs;
pub use tables::{TableError, ensure_provisioned_table, ensure_table};
