//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod bad_input;
mod bounds;
mod cost;
mod links;
mod privacy;
mod reading;
mod recording;
mod removal;
mod retention;
mod store_failures;
mod support;
mod zone;
