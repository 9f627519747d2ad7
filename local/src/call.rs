//! One call of the running program by a command of the same machine.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A program that answers no sooner is as good as none.
const PATIENCE: Duration = Duration::from_secs(8);
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Calls `path` at `address`, as the owner where there is a `token`.
///
/// # Errors
/// The reason why there is no answer.
pub(crate) async fn call(
    address: SocketAddr,
    method: Method,
    path: &str,
    token: Option<&str>,
) -> Result<(StatusCode, Bytes), String> {
    match timeout(PATIENCE, answer(address, method, path, token)).await {
        Ok(answer) => answer.map_err(|error| error.to_string()),
        Err(_) => Err("it takes too long".to_owned()),
    }
}

async fn answer(
    address: SocketAddr,
    method: Method,
    path: &str,
    token: Option<&str>,
) -> Result<(StatusCode, Bytes), Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let mut request = Request::builder().method(method).uri(path);
    request = request.header(HOST, address.to_string());
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Empty::<Bytes>::new())?;
    let answer = async {
        let answer = client.send_request(request).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER_BYTES);
        Ok((status, body.collect().await?.to_bytes()))
    };
    tokio::select! {
        answer = answer => answer,
        Err(error) = connection => Err(error.into()),
    }
}
