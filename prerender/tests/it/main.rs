//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod kept;
mod page;
mod resume;
mod shell;
mod words;
