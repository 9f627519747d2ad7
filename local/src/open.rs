//! `resume-counter open`: the page or the dashboard of the running program, in this
//! machine's browser.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use axum::http::{Method, StatusCode};
use clap::{Args, ValueEnum};

use crate::call::call;
use crate::data_dir::{self, DataDirError};
use crate::sign_in::{CODES, Code};
use crate::{Folder, TokenError, address, token};

/// The page that is opened.
#[derive(Clone, Debug, Args)]
pub struct OpenOptions {
    /// The page to open.
    #[arg(value_enum, default_value = "page", value_name = "PAGE")]
    pub page: PageToOpen,

    /// The folder of the running program's data.
    #[command(flatten)]
    pub folder: Folder,

    /// Open the program at this address instead, such as one that keeps everything in
    /// memory. Its token has to be in RESUME_COUNTER_OWNER_TOKEN.
    #[arg(long, value_name = "ADDRESS", value_parser = address::parse)]
    pub at: Option<SocketAddr>,
}

/// A page of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PageToOpen {
    /// The résumé.
    Page,
    /// The dashboard of the visits, already signed in.
    Dashboard,
}

/// The reason why nothing was opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no folder to look in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The owner's token is unusable.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// No program has a page to open.
    #[error("no resume-counter runs with data folder {0}: start it first")]
    NotRunning(PathBuf),
    /// Nobody answers.
    #[error("{0} does not answer: {1}")]
    NoAnswer(SocketAddr, String),
    /// Somebody else answers.
    #[error("what answers at {0} is no resume-counter: it says {1}")]
    Stranger(SocketAddr, StatusCode),
    /// The token of a program that was named by its address is not known.
    #[error("set the token of the program at {0} in RESUME_COUNTER_OWNER_TOKEN")]
    NoToken(SocketAddr),
    /// The program has another token than the command.
    #[error(
        "{0} does not know the token: set the one of the running program in RESUME_COUNTER_OWNER_TOKEN"
    )]
    WrongToken(SocketAddr),
    /// Visits are left out.
    #[error("the running resume-counter has no dashboard: start it with `visits` in --only")]
    NoDashboard,
    /// The system has no browser, or does not start it.
    #[error("{}: open this address yourself: {address}", unopened(error))]
    NoBrowser {
        /// The page's address.
        address: String,
        /// The system's error.
        error: io::Error,
    },
}

/// Opens a page of the running program, and returns its address.
///
/// # Errors
/// Where there is no program, no page or no browser.
pub async fn open(options: &OpenOptions) -> Result<String, OpenError> {
    let folder = || options.folder.find();
    let site = match options.at {
        Some(address) => data_dir::reachable(address),
        None => {
            let folder = folder()?;
            let addresses = data_dir::addresses(&folder);
            addresses.ok_or(OpenError::NotRunning(folder))?.site
        }
    };
    let address = match options.page {
        PageToOpen::Page => {
            let answer = call(site, Method::HEAD, "/", None).await;
            answer.map_err(|cause| OpenError::NoAnswer(site, cause))?;
            format!("http://{site}/")
        }
        PageToOpen::Dashboard => {
            let token = match options.at {
                // The folder's token goes to nobody but the program that has the folder.
                Some(_) => token::from_env()?.ok_or(OpenError::NoToken(site))?,
                None => token::running(&folder()?)?,
            };
            let code = code(site, &token.text).await?;
            // A browser sends no fragment to anybody.
            format!("http://{site}/dashboard/#code={code}")
        }
    };
    match platform::browser::open(&address) {
        Ok(()) => Ok(address),
        Err(error) => Err(OpenError::NoBrowser { address, error }),
    }
}

fn unopened(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no browser was found".to_owned(),
        _ => format!("no browser can be started ({error})"),
    }
}

async fn code(site: SocketAddr, token: &str) -> Result<String, OpenError> {
    let no_answer = |cause| OpenError::NoAnswer(site, cause);
    let (status, body) = call(site, Method::POST, CODES, Some(token))
        .await
        .map_err(no_answer)?;
    match (status, serde_json::from_slice(&body)) {
        (StatusCode::CREATED, Ok(Code { code })) => Ok(code),
        (StatusCode::UNAUTHORIZED, _) => Err(OpenError::WrongToken(site)),
        (StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED, _) => Err(OpenError::NoDashboard),
        (status, _) => Err(OpenError::Stranger(site, status)),
    }
}
