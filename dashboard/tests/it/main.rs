//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod chart;
mod files;
mod sources;
mod words;
