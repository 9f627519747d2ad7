//! The door: it lets the owner in, and limits everybody's requests.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::http::{HeaderMap, StatusCode};
use backend::{Owner, message};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::client::Client;
use super::viewer::Viewer;
use crate::Options;

/// Wrong tokens that a client may send a second, and at once.
const WRONG_TOKENS: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// Clients that are remembered; those that have been quiet are forgotten first.
const MAX_CLIENTS: usize = 10_000;

type Answer = lambda_http::Response<lambda_http::Body>;

/// The rules that all routes have in common.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    owner: Owner,
    /// The rate at which a method of a route may be called.
    pub(crate) quota: Quota,
    pub(crate) viewer: Viewer,
    wrong_tokens: Arc<DefaultKeyedRateLimiter<Client>>,
}

impl Door {
    pub(crate) fn new(options: &Options, owner: Owner, viewer: Viewer) -> Self {
        Self {
            owner,
            viewer,
            quota: Quota::per_second(options.throttle_rate).allow_burst(options.throttle_burst),
            wrong_tokens: Arc::new(RateLimiter::keyed(Quota::per_second(WRONG_TOKENS))),
        }
    }

    /// The answer to whoever is not the owner: 401, or 429 after many of them. The
    /// owner is let in, whatever others have tried.
    pub(crate) fn refuse(&self, caller: SocketAddr, headers: &HeaderMap) -> Option<Answer> {
        let refused = self.owner.check(headers).err()?;
        if self.wrong_tokens.len() > MAX_CLIENTS {
            self.wrong_tokens.retain_recent();
        }
        let answer = match self.wrong_tokens.check_key(&caller.ip().into()) {
            Ok(()) => refused.into_response(),
            Err(_) => message(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
        };
        Some(answer)
    }
}
