//! A DynamoDB in this process. The SDK's clients reach it without a socket; a
//! port is opened only on request.
//!
//! The engine's own HTTP server is not used, since it answers every caller and
//! every web page (`access-control-allow-origin: *`), and could not hold an
//! answer back until the write is on the disk.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::thread;
use std::time::Duration;

use axum::Router;
use backend::dynamodb::{AccessKey, Config};
use dynoxide::{Database, DynoxideError};
use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::FileError;
use crate::engine::{Disk, Durability, Engine, Health};
use crate::throughput::{BURST, Throughput};

mod port;
mod service;
mod sweeper;

pub use port::Port;
pub use service::Service;

/// The pause after which a sweeper that panicked begins anew.
const REST: Duration = Duration::from_secs(60);

/// A running store. Dropping it, and the clients made from it, stops it.
#[derive(Debug)]
pub struct DynamoDb {
    service: Service,
    config: Config,
    sweeper: JoinHandle<()>,
    engine: thread::JoinHandle<()>,
}

/// The reason why a store did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database's files are unusable, or have changed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The engine does not start.
    #[error("the store does not start: {0}")]
    Engine(#[from] DynoxideError),
    /// No thread can be had.
    #[error("the store does not start: {0}")]
    Io(#[from] io::Error),
}

impl DynamoDb {
    /// Starts an empty store whose data ends with it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub async fn in_memory() -> Result<Self, StartError> {
        Self::in_memory_with_burst(BURST).await
    }

    /// Starts an empty store whose tables keep unused units of their provisioned
    /// throughput for `burst`, and for a second at least.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub async fn in_memory_with_burst(burst: Duration) -> Result<Self, StartError> {
        Self::start(Database::memory()?, None, burst)
    }

    /// Starts the store kept in `file`, which is made for this user alone if it
    /// never existed. Only one process at a time may use a file; the caller has
    /// to make sure of that.
    ///
    /// # Errors
    /// When the file has changed since it was left, or cannot be read and
    /// written.
    pub async fn on_disk(file: &Path, durability: Durability) -> Result<Self, StartError> {
        let file = file.to_owned();
        // The file is read from end to end.
        let opened = tokio::task::spawn_blocking(move || Disk::open(&file, durability));
        let (database, disk) = opened.await.map_err(io::Error::other)??;
        Self::start(database, Some(disk), BURST)
    }

    fn start(database: Database, disk: Option<Disk>, burst: Duration) -> Result<Self, StartError> {
        let seen = disk.as_ref().and_then(Disk::seen);
        let in_memory = disk.is_none();
        let throughput = Throughput::new(&database, burst)?;
        let (engine, thread) = Engine::start(database.clone(), disk, throughput)?;
        let service = Service::new(engine.clone());
        Ok(Self {
            config: service.config(),
            service,
            sweeper: tokio::spawn(async move {
                loop {
                    let (database, engine) = (database.clone(), engine.clone());
                    let sweep = sweeper::sweep(database, engine, seen, in_memory);
                    // A panic has logged itself.
                    let _ = AssertUnwindSafe(sweep).catch_unwind().await;
                    sleep(REST).await;
                }
            }),
            engine: thread,
        })
    }

    /// Returns the store's health as it changes. When the store has ended, the
    /// owner of the process has to end it.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.service.health()
    }

    /// The settings of this process's clients.
    pub fn config(&self) -> Config {
        self.config.clone()
    }

    /// The settings of clients that reach the store through an endpoint, such
    /// as a proxy of the tests.
    pub fn config_at(&self, endpoint: String) -> Config {
        Config {
            endpoint: Some(endpoint),
            transport: None,
            ..self.config()
        }
    }

    /// The service that answers the calls, for callers with requests of their
    /// own.
    pub fn service(&self) -> Service {
        self.service.clone()
    }

    /// Opens a free loopback port for other processes.
    ///
    /// # Errors
    /// When none can be had.
    pub async fn listen(&self) -> io::Result<Port> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Port::open(self.service(), address).await
    }

    /// The store for a port that the caller opens, and the access key for it: with
    /// `secret`, or else a random one.
    ///
    /// # Errors
    /// The random source's.
    pub fn guarded(&self, secret: Option<String>) -> io::Result<(Router, AccessKey)> {
        let key = match secret {
            Some(secret) => port::key(secret),
            None => port::random_key()?,
        };
        Ok((port::router(self.service(), key.clone()), key))
    }

    /// Lets calls under way finish, then closes the database. Clients that are
    /// still there get an error from then on.
    pub async fn stop(self) {
        self.sweeper.abort();
        let _ = self.sweeper.await;
        self.service.end();
        let _ = tokio::task::spawn_blocking(|| self.engine.join()).await;
    }
}
