//! A call of an API.

use gloo_net::http::{Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::Message;
use web_sys::{AbortSignal, RequestCache, RequestCredentials};

use crate::Failure;

/// The time for one answer, in milliseconds.
const PATIENCE: u32 = 10_000;

/// Gets `url` once, as the owner if there is a `token`.
///
/// # Errors
/// Every answer but a 200 is one.
pub async fn get(url: &str, token: Option<&str>) -> Result<Response, Failure> {
    let mut request = Request::get(url)
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::Omit)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    taken(request.send().await).await
}

/// Posts `body` to `url` once, as the owner if there is a `token`.
///
/// # Errors
/// Every answer but a 200 or 201 is one.
pub async fn post(
    url: &str,
    token: Option<&str>,
    body: &impl Serialize,
) -> Result<Response, Failure> {
    let mut request = Request::post(url)
        .credentials(RequestCredentials::Omit)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)));
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    let request = request.json(body).map_err(|_| Failure::Silent)?;
    taken(request.send().await).await
}

async fn taken(answer: Result<Response, gloo_net::Error>) -> Result<Response, Failure> {
    let answer = answer.map_err(|_| Failure::Silent)?;
    match answer.status() {
        200 | 201 => Ok(answer),
        401 => Err(Failure::Token),
        429 => Err(Failure::Throttled),
        status => Err(Failure::Refused(match answer.json::<Message>().await {
            Ok(Message { message }) => message,
            Err(_) => format!("status {status}"),
        })),
    }
}

/// Reads the JSON of an answer.
///
/// # Errors
/// When the answer breaks off, or is not the API's JSON.
pub async fn json<T: DeserializeOwned>(answer: Response) -> Result<T, Failure> {
    answer.json().await.map_err(|_| Failure::Silent)
}
