//! The tests' shared tools, none of which is shipped: a proxy that fails as
//! networks and stores do, and a function's answer to compare to the letter.

mod answer;
mod fault_proxy;

pub use answer::Answer;
pub use fault_proxy::{Fault, FaultProxy};
