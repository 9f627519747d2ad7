//! The job board: the page that lists the job offers. [`view`] is the page in
//! the browser, [`board`] its state; the rest computes texts.

pub mod link;
pub mod words;

#[cfg(feature = "csr")]
mod api;
#[cfg(feature = "csr")]
mod board;
#[cfg(feature = "csr")]
mod filter;
#[cfg(feature = "csr")]
mod known;
#[cfg(feature = "csr")]
pub mod view;
