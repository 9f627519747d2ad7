//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod command_line;
mod counter;
mod durability;
mod front_door;
mod items;
mod jobs;
mod log;
mod openapi;
mod page;
mod program;
mod publish;
mod readiness;
mod shutdown;
mod site;
mod stack;
mod store;
mod transfer;
mod visits;
