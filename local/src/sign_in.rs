//! Signing in by a code, so that `open dashboard` leads to the numbers. Every login of
//! a machine sees the command lines of the others, the browser's among them: a code
//! works once, for a minute, and for a browser on this machine.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
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
    /// The hash of the last code, and when it was made. An older one is of no more use.
    last: Mutex<Option<([u8; 32], Instant)>>,
}

/// The two routes.
pub(crate) fn routes(token: Token, door: Door) -> Router {
    let codes = Codes {
        token,
        door,
        last: Mutex::default(),
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
            codes.set(Some((hash(&random.text), Instant::now())));
            unkept(json(StatusCode::CREATED, &Code { code: random.text }))
        }
        Err(error) => {
            tracing::error!(%error, "no code to sign in with");
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
    if !here || !code.is_some_and(|Code { code }| codes.take(&code)) {
        let sentence = "This code has been used, or is older than a minute. \
            `resume-counter open dashboard` makes a new one.";
        return event::response(message(StatusCode::FORBIDDEN, sentence));
    }
    let token = &codes.token.text;
    unkept(json(StatusCode::OK, &SignedIn { token }))
}

impl Codes {
    fn set(&self, code: Option<([u8; 32], Instant)>) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = code;
    }

    /// Tells whether this is the code, which then is none any more.
    fn take(&self, code: &str) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let is_last = last.is_some_and(|(known, _)| known == hash(code));
        is_last && last.take().is_some_and(|(_, made)| made.elapsed() < LIFE)
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
