//! Sees that the résumé has changed, and has the site written anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};

use super::edition::{Edition, Press};
use super::source::folder_of;
use crate::log::say;

/// The time between two looks at the files if the system tells of changes, as it
/// does not on every file system, and where it does not.
const SELDOM: Duration = Duration::from_secs(2);
const OFTEN: Duration = Duration::from_millis(300);

/// The time that an editor may take over one save.
const SAVE: Duration = Duration::from_millis(20);

/// The time for which a file with errors may be half written.
const HALF_WRITTEN: Duration = Duration::from_millis(120);

/// Writes the site anew whenever the résumé changes, for as long as it is awaited.
pub(crate) fn start(
    press: Press,
    first: Arc<Edition>,
) -> (
    watch::Receiver<Arc<Edition>>,
    impl Future<Output = ()> + Send,
) {
    let mut known = stamps(&press, &first);
    let (editions, newest) = watch::channel(first);
    let press = Arc::new(press);
    let watching = async move {
        let mut sight = Sight::new();
        loop {
            let last = Arc::clone(&editions.borrow());
            sight.turn_to(known.keys());
            while stamps(&press, &last) == known {
                sight.wait().await;
            }
            let Some((edition, now)) = print(&press, &last).await else {
                // The next change may be one that can be written.
                known = stamps(&press, &last);
                continue;
            };
            known = now;
            tell(&edition);
            editions.send_replace(Arc::new(edition));
        }
    };
    (newest, watching)
}

/// The site as the files are when they have stopped changing, and what they are
/// then.
async fn print(press: &Arc<Press>, last: &Arc<Edition>) -> Option<(Edition, Stamps)> {
    loop {
        sleep(SAVE).await;
        let before = stamps(press, last);
        let (blocking, old) = (Arc::clone(press), Arc::clone(last));
        let printed = spawn_blocking(move || blocking.print(Some(&old)))
            .await
            .ok()?;
        let edition = printed
            .inspect_err(|error| tracing::error!(error.cause = %error, "the page was not written"))
            .ok()?;
        if !edition.is_of_now() {
            sleep(HALF_WRITTEN).await;
        }
        let now = stamps(press, &edition);
        if stamps(press, last) == before {
            return Some((edition, now));
        }
    }
}

fn tell(edition: &Edition) {
    for finding in &edition.findings {
        say(&format!("{finding}\n"));
    }
    say(match edition.is_of_now() {
        true => "page     written anew\n",
        false => "page     stays as it was\n",
    });
}

/// The marks that tell a file from an earlier one; none if it is not there.
type Stamp = Option<(SystemTime, u64, PathBuf)>;
type Stamps = BTreeMap<PathBuf, Stamp>;

/// The files that a site is made of, those that have come since included.
fn stamps(press: &Press, edition: &Edition) -> Stamps {
    let files = press.source.files().into_iter();
    let files = files.chain(edition.pictures.iter().cloned());
    files.map(|file| (file.clone(), stamp(&file))).collect()
}

fn stamp(file: &Path) -> Stamp {
    let known = fs::metadata(file).ok()?;
    let real = file.canonicalize().ok()?;
    // A link may lead to another file of the same age.
    Some((known.modified().ok()?, known.len(), real))
}

/// The system's word that something happened in a folder.
struct Sight {
    /// `None` where the system gives no more watchers.
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    signals: Receiver<()>,
}

impl Sight {
    fn new() -> Self {
        let (signal, signals) = channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // Whoever reads a file changes nothing, and we read them.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                // One that waits already says the same.
                let _ = signal.try_send(());
            }
        });
        Self {
            watcher: watcher.ok(),
            folders: BTreeSet::new(),
            signals,
        }
    }

    /// Watches the folders of `files`, and those of what they are links to: an
    /// editor that saves by renaming leaves a file that nobody watches.
    fn turn_to<'a>(&mut self, files: impl Iterator<Item = &'a PathBuf> + Clone) {
        let real = files.clone().filter_map(|file| file.canonicalize().ok());
        let all = files.cloned().chain(real);
        let folders: BTreeSet<_> = all
            .map(|file| folder_of(&file).to_owned())
            .filter(|folder| folder.is_dir())
            .collect();
        for folder in self.folders.difference(&folders) {
            self.watcher.as_mut().map(|watcher| watcher.unwatch(folder));
        }
        let mut watch = |folder: &Path| {
            let watcher = self.watcher.as_mut()?;
            watcher.watch(folder, RecursiveMode::NonRecursive).ok()
        };
        let seen = folders
            .into_iter()
            .filter(|folder| self.folders.contains(folder) || watch(folder).is_some());
        self.folders = seen.collect();
    }

    /// Returns when something may have happened.
    async fn wait(&mut self) {
        let pause = if self.folders.is_empty() {
            OFTEN
        } else {
            SELDOM
        };
        if let Ok(None) = timeout(pause, self.signals.recv()).await {
            // Without a watcher nobody signals.
            sleep(OFTEN).await;
        }
    }
}
