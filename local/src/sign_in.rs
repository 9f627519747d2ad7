//! Signing in by a code, so that `open dashboard` leads to the numbers. Every login of
//! a machine sees the command lines of the others, the browser's among them: a code
//! works once, for a minute, and for a browser on this machine.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::post;
use axum::{Router, body};
use backend::{json, message};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::gateway::door::Door;
use crate::gateway::event;
use crate::page::is_here;
use crate::token::{self, Token};

/// The path at which the owner gets a code. No file of a site can have the name.
pub(crate) const CODES: &str = "/-/sign-in/codes";
/// The path at which a code is changed for the token.
const SIGN_IN: &str = "/-/sign-in";

const LIFE: Duration = Duration::from_secs(60);
const MAX_CODE_BYTES: usize = 256;

/// A code, as the command gets it.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) code: String,
}

/// The owner's token, as the dashboard gets it.
#[derive(Serialize)]
struct SignedIn<'a> {
    token: &'a str,
}

struct Codes {
    token: Token,
    door: Door,
    last: LastCode,
}

/// The hash of the last code, and when it was made. An older one is of no more use.
#[derive(Default)]
struct LastCode(Mutex<Option<([u8; 32], Instant)>>);

/// The two routes.
pub(crate) fn routes(token: Token, door: Door) -> Router {
    let codes = Codes {
        token,
        door,
        last: LastCode::default(),
    };
    Router::new()
        .route(CODES, post(make))
        .route(SIGN_IN, post(redeem))
        .with_state(Arc::new(codes))
}

async fn make(
    State(codes): State<Arc<Codes>>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    if let Some(refusal) = codes.door.refuse(caller, &headers) {
        return event::response(refusal);
    }
    match token::random() {
        Ok(random) => {
            codes.last.keep(&random.text, Instant::now());
            unkept(json(StatusCode::CREATED, &Code { code: random.text }))
        }
        Err(error) => {
            tracing::error!(error.cause = %error, "no code to sign in with could be made");
            event::response(message(
                StatusCode::INTERNAL_SERVER_ERROR,
                "Internal Server Error",
            ))
        }
    }
}

async fn redeem(
    State(codes): State<Arc<Codes>>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let here = is_here(caller, request.version(), request.headers());
    let code = body::to_bytes(request.into_body(), MAX_CODE_BYTES).await;
    let code = code
        .ok()
        .and_then(|code| serde_json::from_slice(&code).ok());
    let take = |Code { code }: Code| codes.last.take(&code, Instant::now());
    if !here || !code.is_some_and(take) {
        let sentence = "This code has been used, or is older than a minute. \
            `resume-counter open dashboard` makes a new one.";
        return event::response(message(StatusCode::FORBIDDEN, sentence));
    }
    let token = &codes.token.text;
    unkept(json(StatusCode::OK, &SignedIn { token }))
}

impl LastCode {
    fn keep(&self, code: &str, now: Instant) {
        *self.lock() = Some((hash(code), now));
    }

    /// Tells whether this is the code, which then is none any more.
    fn take(&self, code: &str, now: Instant) -> bool {
        let mut last = self.lock();
        let is_last = last.is_some_and(|(known, _)| known == hash(code));
        is_last && last.take().is_some_and(|(_, made)| now - made < LIFE)
    }

    fn lock(&self) -> MutexGuard<'_, Option<([u8; 32], Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hashes are compared, so the time it takes tells nothing of the code.
fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code).into()
}

fn unkept(answer: lambda_http::Response<lambda_http::Body>) -> Response {
    let mut response = event::response(answer);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::LastCode;

    #[test]
    fn a_code_works_for_a_minute_and_until_the_next_one_is_made() {
        let (codes, made) = (LastCode::default(), Instant::now());
        let after = |seconds| made + Duration::from_secs(seconds);
        codes.keep("first", made);
        assert!(!codes.take("another", after(1)));
        assert!(codes.take("first", after(59)));
        assert!(!codes.take("first", after(59)));

        codes.keep("late", made);
        assert!(!codes.take("late", after(60)));

        codes.keep("older", made);
        codes.keep("newer", after(1));
        assert!(!codes.take("older", after(2)));
        assert!(codes.take("newer", after(2)));
    }
}
