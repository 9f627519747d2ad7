//! `jobs load`: puts files into a bucket, waits until the last row of each is
//! through, and says what is in the table then.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use jobs::Loaded;

use crate::data_dir::DataDirError;
use crate::{LoadOptions, TokenError};

mod files;
mod place;
mod summary;

pub(crate) use files::CsvFile;
pub(crate) use place::Place;
pub use summary::Summary;

/// A reason why nothing, or not everything, was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no folder to look in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The owner's token is not known.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// No program takes the files.
    #[error("no resume-counter runs with data folder {0}: start it first")]
    NotRunning(PathBuf),
    /// The program runs without job offers.
    #[error("the running resume-counter has no job offers: start it with `jobs` in --only")]
    NoBucket,
    /// The program ended meanwhile.
    #[error("resume-counter has stopped; it goes on with these files when it is started again")]
    Stopped,
    /// A file cannot be read.
    #[error("{0} cannot be read: {1}")]
    File(PathBuf, io::Error),
    /// A folder without files.
    #[error("{0} holds no file called <name>.csv")]
    NoFiles(PathBuf),
    /// A name that says no CSV.
    #[error("{0} cannot be loaded: its name has to end in .csv")]
    Name(PathBuf),
    /// A name that is another's, too.
    #[error("another of these files has the same name as {0}: load one after the other")]
    Twice(PathBuf),
    /// The settings for AWS are not there.
    #[error("the bucket cannot be used: {0}")]
    Settings(io::Error),
    /// The bucket did not take a file.
    #[error("{0} was not taken: {1}")]
    Put(PathBuf, String),
    /// The bucket does not say what came of the files.
    #[error("the bucket cannot be used: {0}")]
    Bucket(String),
    /// The queues cannot be read.
    #[error(transparent)]
    Queue(#[from] emulator::QueueError),
}

const POLL: Duration = Duration::from_millis(200);
/// The pause for each moment that it takes to count the rows under way: those who move
/// them wait meanwhile.
const REST: u32 = 20;

/// A file that was put, of which nothing has been heard.
struct Waiting {
    name: String,
    /// The version of what was said of the name before.
    before: String,
    etag: String,
    /// The reason why it was not read, if one is known, and the time since when.
    fault: Option<(String, Instant)>,
}

/// Loads files, and shows on a terminal how far it is.
///
/// # Errors
/// In one sentence for the user. Files that were taken are loaded all the same.
pub async fn load(options: LoadOptions) -> Result<Summary, LoadError> {
    let files = files::find(&options.files)?;
    let place = Place::find(options.bucket.as_deref(), &options.folder).await?;
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(POLL);
    let mut waiting = Vec::new();
    for (n, file) in files.iter().enumerate() {
        bar.set_message(format!("files sent: {n} of {}", files.len()));
        let before = place.loaded(&file.name).await?;
        let etag = place.put(file).await?;
        waiting.push(Waiting {
            name: file.name.clone(),
            before: before.map_or_else(String::new, |loaded| loaded.version),
            etag,
            fault: None,
        });
    }
    let ended = wait(&place, waiting, &bar).await;
    bar.finish_and_clear();
    Summary::read(&place, ended?).await
}

/// Waits until it is said of each file what came of it.
async fn wait(
    place: &Place,
    mut waiting: Vec<Waiting>,
    bar: &ProgressBar,
) -> Result<BTreeMap<String, Loaded>, LoadError> {
    let mut ended = BTreeMap::new();
    let all = waiting.len();
    while !waiting.is_empty() {
        // What is at rest now was said before.
        let is_idle = place.is_idle().await?;
        let mut rest = Vec::new();
        for mut file in waiting {
            match place.loaded(&file.name).await? {
                Some(loaded) if file.is_answered_by(&loaded) => {
                    ended.insert(file.name, loaded);
                    continue;
                }
                Some(Loaded {
                    error: Some(fault),
                    version,
                    ..
                }) if version.is_empty() => {
                    file.fault.get_or_insert((fault, Instant::now()));
                }
                _ => {}
            }
            if is_idle {
                let fault =
                    "there is no report on it: `resume-counter jobs dead-letters` may say why";
                file.fault.get_or_insert((fault.to_owned(), Instant::now()));
            }
            match file.fault {
                Some((fault, since)) if since.elapsed() > place.patience(is_idle) => {
                    let error = Some(fault);
                    let loaded = Loaded {
                        error,
                        ..Loaded::default()
                    };
                    ended.insert(file.name, loaded);
                }
                _ => rest.push(file),
            }
        }
        waiting = rest;
        let asked = Instant::now();
        let rows = place.rows_under_way().await?;
        let pause = POLL.max(REST * asked.elapsed());
        let rows = rows.map_or_else(String::new, |rows| format!(", rows under way: {rows}"));
        bar.set_message(format!("files loaded: {} of {all}{rows}", ended.len()));
        if !waiting.is_empty() {
            place.pause(pause).await?;
        }
    }
    Ok(ended)
}

impl Waiting {
    /// Returns true if that is said of the content that was put, or of its successor.
    fn is_answered_by(&self, loaded: &Loaded) -> bool {
        let is_new = loaded.version > self.before;
        is_new && (loaded.error.is_some() || loaded.etag == self.etag)
    }
}
