//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod bad_input;
mod badge;
mod bounds;
mod counting;
mod metrics;
mod runtime;
mod store_failures;
mod support;
