//! The dashboard: the page on which the owner looks at the visits. [`view`] is
//! the page in the browser; the rest computes what it shows.

pub mod chart;
pub mod export;
pub mod period;
pub mod sources;
pub mod words;

#[cfg(feature = "csr")]
mod api;
#[cfg(feature = "csr")]
mod session;
#[cfg(feature = "csr")]
pub mod view;
