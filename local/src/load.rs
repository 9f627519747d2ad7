//! `jobs load`: puts files into the running program's bucket, and waits until
//! their rows are stored.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backend::causes;
use backend::dynamodb::{AccessKey, Config};
use emulator::{Depth, QueueError, Queues};
use indicatif::{ProgressBar, ProgressStyle};
use jobs::clients;
use jobs::csv::{Parser, Rejected};
use tokio::net::TcpStream;

use crate::data_dir::{self, DataDirError};
use crate::pipeline::{ACCESS_KEY_ID, BUCKET, FILES, PREFIX, ROWS};
use crate::{LoadOptions, TokenError, token};

/// Why nothing, or not everything, was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no folder to look in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The owner's token is not known.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Nothing takes the files.
    #[error("no resume-counter runs with data folder {0}: start it first")]
    NotRunning(PathBuf),
    /// It ran, and does no more.
    #[error("resume-counter has stopped; it goes on with these files when it is started again")]
    Stopped,
    /// A file cannot be read.
    #[error("{0} cannot be read: {1}")]
    File(PathBuf, io::Error),
    /// A name that the bucket would not tell of.
    #[error("{0} is not called <name>.csv, or another of these files has the same name")]
    Name(PathBuf),
    /// The bucket did not take a file.
    #[error("{0} was not taken: {1}")]
    Put(PathBuf, String),
    /// The queues cannot be read.
    #[error(transparent)]
    Queue(#[from] QueueError),
}

/// What came of the files.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    read: u64,
    dead: u64,
    rejected: Vec<(String, Rejected)>,
}

/// Reasons that are printed; the reports in the bucket have all.
const MAX_REASONS: usize = 20;
const POLL: Duration = Duration::from_millis(200);

/// Loads files, and shows on a terminal how far it is.
///
/// # Errors
/// In one sentence for the user. Files that were taken are loaded all the same.
pub async fn load(options: LoadOptions) -> Result<Summary, LoadError> {
    let folder = options.folder.find()?;
    let names = names(&options.files)?;
    let mut summary = Summary::default();
    for (path, name) in options.files.iter().zip(&names) {
        summary
            .look_at(path, name)
            .map_err(|error| LoadError::File(path.clone(), error))?;
    }
    let token = match token::from_env()? {
        Some(token) => token.text,
        None => crate::owner_token(&options.folder)?,
    };
    let address = match data_dir::addresses(&folder) {
        Some(addresses) if answers(addresses.bucket).await => addresses.bucket,
        _ => return Err(LoadError::NotRunning(folder)),
    };
    let config = Config {
        endpoint: Some(format!("http://{address}")),
        region: "eu-west-1".to_owned(),
        credentials: Some(AccessKey {
            id: ACCESS_KEY_ID.to_owned(),
            secret: token,
        }),
        ca_bundle: None,
        transport: None,
    };
    let s3 = clients::s3(&config).map_err(|error| LoadError::File(folder.clone(), error))?;
    let queues = Queues::beside(&data_dir::queues(&folder))?;
    let dead = queues.depth(ROWS.dead_letters).await?.waiting;
    for (path, name) in options.files.iter().zip(&names) {
        let failed = |cause| LoadError::Put(path.clone(), cause);
        let body = clients::file(path).await;
        let put = s3
            .put_object()
            .bucket(BUCKET)
            .key(format!("{PREFIX}{name}"));
        put.body(body.map_err(|error| failed(causes(&error)))?)
            .send()
            .await
            .map_err(|error| failed(causes(&error)))?;
    }
    wait(&queues, address, summary.usable()).await?;
    summary.dead = queues
        .depth(ROWS.dead_letters)
        .await?
        .waiting
        .saturating_sub(dead);
    Ok(summary)
}

/// Waits until no file and no row is under way.
async fn wait(queues: &Queues, address: SocketAddr, rows: u64) -> Result<(), LoadError> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} rows, {per_sec}, {eta} left");
    let bar = ProgressBar::new(rows);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    loop {
        let files = queues.depth(FILES.name).await?;
        let under_way = queues.depth(ROWS.name).await?;
        if files == Depth::default() {
            let left = under_way.waiting + under_way.hidden;
            bar.set_position(rows.saturating_sub(left));
            if left == 0 {
                bar.finish_and_clear();
                return Ok(());
            }
        } else {
            bar.tick();
        }
        if !answers(address).await {
            return Err(LoadError::Stopped);
        }
        tokio::time::sleep(POLL).await;
    }
}

async fn answers(address: SocketAddr) -> bool {
    TcpStream::connect(address).await.is_ok()
}

/// What the files are called in the bucket.
fn names(files: &[PathBuf]) -> Result<Vec<String>, LoadError> {
    let mut names: Vec<String> = Vec::new();
    for path in files {
        let name = path.file_name().and_then(|name| name.to_str());
        match name {
            Some(name) if name.ends_with(".csv") && !names.iter().any(|n| n == name) => {
                names.push(name.to_owned());
            }
            _ => return Err(LoadError::Name(path.clone())),
        }
    }
    Ok(names)
}

impl Summary {
    /// Reads a file as split will, to say what comes of it.
    fn look_at(&mut self, path: &Path, name: &str) -> io::Result<()> {
        let mut file = File::open(path)?;
        let mut parser = Parser::default();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = file.read(&mut buffer)?;
            let mut bytes = &buffer[..read];
            while let Some(row) = parser.next(&mut bytes) {
                self.count(name, row.err());
            }
            if read == 0 {
                break;
            }
        }
        if let Some(row) = parser.finish() {
            self.count(name, row.err());
        }
        Ok(())
    }

    fn count(&mut self, name: &str, rejected: Option<Rejected>) {
        self.read += 1;
        self.rejected
            .extend(rejected.map(|rejected| (name.to_owned(), rejected)));
    }

    fn usable(&self) -> u64 {
        self.read - self.rejected.len() as u64
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stored = self.usable() - self.dead.min(self.usable());
        let rejected = self.rejected.len();
        writeln!(
            f,
            "{} rows read, {stored} stored, {rejected} rejected",
            self.read
        )?;
        for (name, Rejected { line, reason }) in self.rejected.iter().take(MAX_REASONS) {
            writeln!(f, "  {name}, line {line}: {reason}")?;
        }
        if rejected > MAX_REASONS {
            let more = rejected - MAX_REASONS;
            writeln!(
                f,
                "  and {more} more, in s3://{BUCKET}/job_offers_rejected/"
            )?;
        }
        if self.dead > 0 {
            let dead = self.dead;
            writeln!(
                f,
                "{dead} could not be stored: see `resume-counter jobs dead-letters`"
            )?;
        }
        Ok(())
    }
}
