//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod dynamodb;
mod queues;
mod s3;
mod transactions;
