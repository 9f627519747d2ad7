//! The local program under load, beside bare calls of the same store.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use counter::Hits;
use emulator::{Durability, DynamoDb, ensure_table};
use serde::Serialize;
use shared::PagePath;

use crate::load::{Caller, Rate, drive};
use crate::options::Options;
use crate::process::Clock;
use crate::server::Server;
use crate::{Result, progress};

/// Callers at once.
pub(crate) const CALLERS: usize = 64;
const TABLE: &str = "CloudResumeCounterHits";

/// The storage of counts. The variants say what an acknowledged count survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Storage {
    /// Nothing.
    Memory,
    /// The end of the process.
    Disk,
    /// A power loss.
    SyncedDisk,
}

/// One round of one kind of storage.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Pair {
    /// The local program over HTTP.
    pub(crate) http: Rate,
    /// `UpdateItem` calls and nothing else, from the store's own process.
    pub(crate) bare: Rate,
}

impl Storage {
    /// Name in the report.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memory => "in memory",
            Self::Disk => "on disk, safe from kill -9",
            Self::SyncedDisk => "on disk, safe from power loss",
        }
    }
}

/// Loads every kind of storage, in every round; gives the rounds of each.
///
/// # Errors
/// When a hit is lost or counted twice.
pub(crate) async fn compare(options: &Options) -> Result<BTreeMap<Storage, Vec<Pair>>> {
    let duration = Duration::from_secs(options.seconds);
    let mut loads: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for round in 1..=options.load_rounds {
        let mut order = [Storage::Memory, Storage::Disk, Storage::SyncedDisk];
        fastrand::shuffle(&mut order);
        for storage in order {
            progress(&format!(
                "load round {round} of {}: {}",
                options.load_rounds,
                storage.name()
            ));
            let folder = tempfile::tempdir_in(&options.scratch)?;
            let bare = load_store(storage, &folder.path().join("bare.db"), duration).await?;
            let data = folder.path().join("data");
            let http = load_server(storage, &options.resume_counter, &data, duration).await?;
            loads.entry(storage).or_default().push(Pair { http, bare });
        }
    }
    Ok(loads)
}

async fn load_server(
    storage: Storage,
    program: &Path,
    data: &Path,
    duration: Duration,
) -> Result<Rate> {
    let data = data.to_string_lossy();
    let arguments: &[&str] = match storage {
        Storage::Memory => &["--in-memory"],
        Storage::Disk => &["--data-dir", &data],
        Storage::SyncedDisk => &["--data-dir", &data, "--fsync"],
    };
    let server = Server::start(program, arguments).await?;
    let mut connections = Vec::new();
    for _ in 0..CALLERS {
        connections.push(server.connect().await?);
    }
    let rate = drive(connections, duration, server.clock()).await?;
    server.kill().await?;
    Ok(rate)
}

async fn load_store(storage: Storage, file: &Path, duration: Duration) -> Result<Rate> {
    let store = match storage {
        Storage::Memory => DynamoDb::in_memory().await?,
        Storage::Disk => DynamoDb::on_disk(file, Durability::Process).await?,
        Storage::SyncedDisk => DynamoDb::on_disk(file, Durability::PowerLoss).await?,
    };
    let client = store.config().client()?;
    ensure_table(&client, counter::table(TABLE)).await?;
    let hits = Hits::new(client, TABLE);
    let rate = drive(
        (0..CALLERS).map(|_| Bare(hits.clone())),
        duration,
        Clock::own()?,
    )
    .await?;
    store.stop().await;
    Ok(rate)
}

/// A caller without HTTP: one `UpdateItem` a call.
struct Bare(Hits);

impl Caller for Bare {
    async fn count(&mut self) -> Result<u64> {
        Ok(self.0.increment(&PagePath::parse("example.com/")?).await?)
    }
}
