//! The live parts of the résumé page, in the browser. `prerender` writes the
//! page itself.

#![cfg(feature = "csr")]

mod api;
mod counter;
pub mod live;
mod mark;
mod visit;
