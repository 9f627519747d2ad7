//! The tests of this crate from outside, in one binary: each one more would
//! link everything again.

mod backup;
#[cfg(target_os = "linux")]
mod clock;
mod command_line;
mod counter;
mod counters;
mod durability;
#[cfg(target_os = "linux")]
mod faults;
mod front_door;
#[cfg(target_os = "linux")]
mod full_disk;
mod items;
mod jobs;
mod links;
mod log;
mod odd_clients;
mod open;
mod openapi;
mod page;
mod program;
mod proxy;
mod publish;
mod readiness;
mod refusals;
mod retention;
mod services;
mod shutdown;
mod site;
mod stack;
mod store;
mod strangers;
#[cfg(target_os = "linux")]
mod supervised;
mod systems;
mod transfer;
mod visits;
mod zone;
