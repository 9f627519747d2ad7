//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod anyone;
mod api;
mod csv;
mod encodings;
mod files;
mod loads;
mod quotes;
mod repeats;
mod split;
mod store;
mod support;
mod throttled;
