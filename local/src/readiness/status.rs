//! `resume-counter status`: asks the program that runs with a folder whether it can
//! do its work, for people and for the health check of a container.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::{Method, StatusCode};

use super::Report;
use crate::call::call;
use crate::data_dir::{self, DataDirError};
use crate::{ReadinessOptions, TokenError, token};

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
    /// Nobody answers.
    #[error("{0} does not answer: {1}")]
    NoAnswer(SocketAddr, String),
    /// Somebody else answers.
    #[error("what answers at {0} is no resume-counter: it says {1}")]
    Stranger(SocketAddr, StatusCode),
    /// The program has another token than the command.
    #[error(
        "{0} does not know the token: set the one of the running program in \
         RESUME_COUNTER_OWNER_TOKEN"
    )]
    WrongToken(SocketAddr),
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
            let token = token::running(&path)?.text;
            (addresses.site, Some(token))
        }
    };
    let no_answer = |cause| ReadinessError::NoAnswer(address, cause);
    let answer = call(address, Method::GET, "/readyz", token.as_deref()).await;
    let (status, body) = answer.map_err(no_answer)?;
    let report = match (status, serde_json::from_slice(&body)) {
        (StatusCode::OK | StatusCode::SERVICE_UNAVAILABLE, Ok(report)) => report,
        // Reasons are for the owner.
        (StatusCode::SERVICE_UNAVAILABLE, Err(_)) => Report::default(),
        (StatusCode::UNAUTHORIZED, _) if token.is_some() => {
            return Err(ReadinessError::WrongToken(address));
        }
        (status, _) => return Err(ReadinessError::Stranger(address, status)),
    };
    Ok(Readiness { address, report })
}

impl ReadinessError {
    /// True where there is no program to ask.
    pub fn is_absence(&self) -> bool {
        matches!(
            self,
            Self::NotRunning(_) | Self::NoAnswer(..) | Self::Stranger(..)
        )
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
