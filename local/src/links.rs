//! `resume-counter link`: a link for each application, by which the owner sees who came.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use backend::dynamodb::patient;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use shared::visits::Link;
use url::Url;
use visits::Log;
use visits::qr::Code;

use crate::page::parse_base_url;
use crate::store::{Store, StoreError, Target};

/// The commands for links.
#[derive(Clone, Debug, Subcommand)]
pub enum LinkCommand {
    /// Make a link for somebody. A label that has one gets it again.
    Add(AddOptions),
    /// Print every link, the newest first.
    List(ListOptions),
    /// Remove a link. Visits that came by it stay in the log.
    Remove(RemoveOptions),
}

/// Whom the link is for.
#[derive(Clone, Debug, Args)]
pub struct AddOptions {
    /// Your name for it, such as "Acme, backend"; visitors do not see it.
    pub label: String,

    /// Address of the page, such as https://example.com/.
    #[arg(long, env = "RESUME_COUNTER_BASE_URL", value_name = "URL", value_parser = parse_base_url)]
    pub page: Option<Url>,

    /// Write the link's QR code into this PNG file.
    #[arg(long, value_name = "FILE", requires = "page")]
    pub png: Option<PathBuf>,

    /// Write the link's QR code into this SVG file.
    #[arg(long, value_name = "FILE", requires = "page")]
    pub svg: Option<PathBuf>,

    /// The store.
    #[command(flatten)]
    pub target: Target,
}

/// The links that are printed.
#[derive(Clone, Debug, Args)]
pub struct ListOptions {
    /// Address of the page, such as https://example.com/.
    #[arg(long, env = "RESUME_COUNTER_BASE_URL", value_name = "URL", value_parser = parse_base_url)]
    pub page: Option<Url>,

    /// The store.
    #[command(flatten)]
    pub target: Target,
}

/// The link that goes.
#[derive(Clone, Debug, Args)]
pub struct RemoveOptions {
    /// Its code, as `link list` prints it.
    pub code: String,

    /// The store.
    #[command(flatten)]
    pub target: Target,
}

/// The reason why a link was not made, listed or removed.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] StoreError),
    /// The label is none, or the store failed.
    #[error("{}", .0.for_owner())]
    Store(#[from] backend::Error),
    /// No link has this code.
    #[error("there is no link `{0}`: `resume-counter link list` prints all links")]
    Unknown(String),
    /// The address is too long for a code.
    #[error(
        "the address of --page is too long for a QR code: shorten it, or leave out --png and --svg"
    )]
    Code,
    /// The code cannot be written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
}

/// Does what `command` says, and gives lines that tell of it.
///
/// # Errors
/// For what is no label, and the store's and the files'.
pub async fn link(command: LinkCommand) -> Result<Vec<String>, LinkError> {
    let target = match &command {
        LinkCommand::Add(options) => &options.target,
        LinkCommand::List(options) => &options.target,
        LinkCommand::Remove(options) => &options.target,
    };
    let table = &target.store.visits_table;
    let store = Store::find(target, table).await?;
    let log = Log::new(patient(&store.client), table);
    let outcome = obey(&command, &log).await;
    store.close().await;
    outcome
}

async fn obey(command: &LinkCommand, log: &Log) -> Result<Vec<String>, LinkError> {
    match command {
        LinkCommand::Add(options) => {
            let (link, _) = log.add_link(&options.label, Timestamp::now()).await?;
            let address = address(&link, options.page.as_ref());
            let code = || Code::of(&address).ok_or(LinkError::Code);
            if let Some(file) = &options.svg {
                write(file, code()?.svg().as_bytes())?;
            }
            if let Some(file) = &options.png {
                let png = code()?.png().map_err(|_| LinkError::Code)?;
                write(file, &png)?;
            }
            Ok(vec![address])
        }
        LinkCommand::List(options) => {
            let line = |link: &Link| {
                let address = address(link, options.page.as_ref());
                let day = link.created.get(..10).unwrap_or_default();
                format!("{}  {day}  {address}  {}", link.link, link.label)
            };
            Ok(log.links().await?.iter().map(line).collect())
        }
        LinkCommand::Remove(options) => {
            let code = &options.code;
            let removed = log.remove_link(code).await?;
            let link = removed.ok_or_else(|| LinkError::Unknown(code.clone()))?;
            Ok(vec![format!("{code} is removed: {}", link.label)])
        }
    }
}

/// The page's address with the link's code; the end of it where the page is not known.
fn address(link: &Link, page: Option<&Url>) -> String {
    Link::address(page.map_or("", Url::as_str), &link.link)
}

fn write(file: &Path, content: &[u8]) -> Result<(), LinkError> {
    fs::write(file, content).map_err(|error| LinkError::File(file.to_owned(), error))
}
