//! The résumé site. One page, in two builds of this crate: [`prerender`] writes
//! it to static HTML on the machine that builds, [`live`] mounts its moving
//! parts in the browser. Only [`counter`] is in both.

pub mod counter;

#[cfg(feature = "csr")]
mod api;
#[cfg(feature = "csr")]
pub mod live;
#[cfg(feature = "csr")]
mod mark;
#[cfg(feature = "csr")]
mod visit;

#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub mod prerender;
#[cfg(feature = "ssr")]
pub mod resume;
