//! `resume-counter status`: asks the program that runs with a folder whether it can
//! do its work, for people and for the health check of a container.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Report;
use crate::data_dir::{self, DataDirError};
use crate::{ReadinessOptions, TokenError, token};

/// A program that answers no sooner is as good as none.
const PATIENCE: Duration = Duration::from_secs(8);
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// The program's answer.
#[derive(Clone, Debug)]
pub struct Readiness {
    address: SocketAddr,
    report: Report,
}

/// The reason why nothing was said.
#[derive(Debug, thiserror::Error)]
pub enum ReadinessError {
    /// There is no folder to look in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The owner's token is unusable.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Nobody to ask.
    #[error("no resume-counter runs with data folder {0}")]
    NotRunning(PathBuf),
    /// Nobody answers, or somebody else.
    #[error("{0} does not answer: {1}")]
    NoAnswer(SocketAddr, String),
}

/// Asks the program of a folder, or whatever listens at an address.
///
/// # Errors
/// Where there is no answer.
pub async fn readiness(options: &ReadinessOptions) -> Result<Readiness, ReadinessError> {
    let (address, token) = match options.at {
        // Whoever listens there need not be ours, so it gets no token.
        Some(address) => (data_dir::reachable(address), None),
        None => {
            let path = options.folder.find()?;
            let Some(addresses) = data_dir::addresses(&path) else {
                return Err(ReadinessError::NotRunning(path));
            };
            let token = match token::from_env()? {
                Some(token) => token.text,
                None => crate::owner_token(&options.folder)?,
            };
            (addresses.site, Some(token))
        }
    };
    let asked = timeout(PATIENCE, ask(address, token.as_deref())).await;
    let answer = asked.unwrap_or_else(|_| Err("it takes too long".into()));
    let report = answer.map_err(|error| ReadinessError::NoAnswer(address, error.to_string()))?;
    Ok(Readiness { address, report })
}

async fn ask(
    address: SocketAddr,
    token: Option<&str>,
) -> Result<Report, Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(address).await?;
    let (mut client, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let mut request = Request::get("/readyz").header(HOST, address.to_string());
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Empty::<Bytes>::new())?;
    let answer = async {
        let answer = client.send_request(request).await?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER_BYTES);
        let body = body.collect().await?.to_bytes();
        match (status, serde_json::from_slice(&body)) {
            (StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE, Ok(report)) => Ok(report),
            // Reasons are for the owner.
            (StatusCode::SERVICE_UNAVAILABLE, Err(_)) => Ok(Report::default()),
            (status, _) => Err(format!("it says {status}").into()),
        }
    };
    tokio::select! {
        answer = answer => answer,
        Err(error) = connection => Err(error.into()),
    }
}

impl Readiness {
    /// Tells whether it can do its work.
    pub fn is_ready(&self) -> bool {
        self.report.ready
    }
}

impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.is_ready() {
            "ready"
        } else {
            "not ready"
        };
        writeln!(f, "http://{} is {word}", self.address)?;
        for (part, answer) in &self.report.parts {
            writeln!(f, "{part:7} {answer}")?;
        }
        Ok(())
    }
}
