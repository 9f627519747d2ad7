//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod access;
mod bad_bodies;
mod many;
mod operations;
mod refusals;
mod store_failures;
mod support;
mod values;
