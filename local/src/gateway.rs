//! The front door: what every request meets before a function, the bucket or a
//! file of the site does, in this order.
//!
//! 1. A place among the [`connections`], of which no client keeps others out.
//! 2. Time: a head, a body and an answer each have an end ([`stream`], [`upload`]).
//! 3. The owner's token, on routes that are the owner's ([`route`]).
//! 4. The throttle, and the route's own limit and type of body.
//! 5. The body.

mod activity;
pub(crate) mod api;
mod client;
pub(crate) mod connections;
pub(crate) mod door;
pub(crate) mod event;
pub(crate) mod forwarded;
pub(crate) mod places;
pub(crate) mod proxy_options;
pub(crate) mod route;
mod stream;
mod upload;
pub(crate) mod viewer;
