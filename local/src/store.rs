//! The store behind the functions: the built-in one, or one named by its URL.

use std::fs;
use std::io;
use std::path::PathBuf;

use aws_sdk_dynamodb::Client;
use axum::Router;
use backend::Table;
use backend::dynamodb::{AccessKey, Config};
use backend::environment::optional;
use emulator::{Durability, DynamoDb, Health, TableError};
use tokio::sync::watch;

use crate::data_dir::{self, DataDir, DataDirError};
use crate::system::System;
use crate::{StoreOptions, Systems};

mod target;

pub use target::{Target, TargetError};

/// The store of a running program.
#[derive(Debug)]
pub(crate) struct Store {
    /// The client every function gets.
    pub(crate) client: Client,
    /// The configuration of its clients.
    pub(crate) config: Config,
    /// One line for the user: what is kept where.
    pub(crate) description: String,
    /// The folder that is held for it.
    pub(crate) data_dir: Option<DataDir>,
    embedded: Option<DynamoDb>,
}

/// The reason why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder is unusable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// Nothing was ever kept in the folder.
    #[error("there is no data in {0}: name the folder of a resume-counter with --data-dir")]
    Nothing(PathBuf),
    /// The store has no such table.
    #[error("there is no table {0}: nothing was ever kept in it, or it has another name")]
    NoTable(String),
    /// No store can be found.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// The built-in store did not start.
    #[error(transparent)]
    Start(#[from] emulator::StartError),
    /// The client cannot be made.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The table is not there.
    #[error("table {0} {1}cannot be used: {2}")]
    Table(String, String, Box<TableError>),
}

impl Store {
    /// Opens the store that `options` name.
    pub(crate) async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        match options.remote() {
            Some(endpoint) => Self::remote(endpoint),
            None => Self::on_disk(options).await,
        }
    }

    /// Opens a store that must be there.
    pub(crate) async fn open_existing(options: &StoreOptions) -> Result<Self, StoreError> {
        if options.remote().is_none() {
            let folder = options.folder.find()?;
            match fs::metadata(data_dir::database(&folder)) {
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Err(DataDirError::Unusable {
                        path: folder,
                        error,
                    }
                    .into());
                }
                Ok(file) if file.is_file() => {}
                _ => return Err(StoreError::Nothing(folder)),
            }
        }
        Self::open(options).await
    }

    /// Opens a store that ends with the program.
    pub(crate) async fn in_memory() -> Result<Self, StoreError> {
        let dynamodb = DynamoDb::in_memory().await?;
        Ok(Self {
            client: dynamodb.config().client()?,
            config: dynamodb.config(),
            description: "in memory: it ends with this program".to_owned(),
            data_dir: None,
            embedded: Some(dynamodb),
        })
    }

    /// The service for a port for other programs, and the key that opens it; none
    /// where the store is elsewhere.
    pub(crate) fn guarded(
        &self,
        secret: Option<String>,
    ) -> io::Result<Option<(Router, AccessKey)>> {
        let embedded = self.embedded.as_ref();
        embedded.map(|store| store.guarded(secret)).transpose()
    }

    /// The health of the built-in store, as it changes; nothing is known of another.
    pub(crate) fn watch(&self) -> Option<watch::Receiver<Health>> {
        self.embedded.as_ref().map(DynamoDb::health)
    }

    /// True if the store is this program's own.
    pub(crate) fn is_built_in(&self) -> bool {
        self.embedded.is_some()
    }

    /// Says why the store has ended, once it has.
    pub(crate) async fn ended(&self) -> String {
        let Some(mut health) = self.watch() else {
            return std::future::pending().await;
        };
        let ended = health.wait_for(|health| matches!(health, Health::Ended(_)));
        match ended.await.as_deref() {
            Ok(Health::Ended(cause)) => cause.clone(),
            _ => "the store has ended".to_owned(),
        }
    }

    /// Lets writes under way end, and closes the files.
    pub(crate) async fn close(self) {
        if let Some(dynamodb) = self.embedded {
            dynamodb.stop().await;
        }
    }

    /// Makes those of `tables` that are not there.
    pub(crate) async fn make_tables(
        &self,
        tables: impl IntoIterator<Item = Table<'_>>,
    ) -> Result<(), StoreError> {
        for table in tables {
            emulator::ensure_table(&self.client, table)
                .await
                .map_err(|error| {
                    StoreError::Table(table.name.to_owned(), self.place(), error.into())
                })?;
        }
        Ok(())
    }

    /// The words that say where another store is.
    fn place(&self) -> String {
        match self.is_built_in() {
            true => String::new(),
            false => format!("{} ", self.description),
        }
    }

    async fn on_disk(options: &StoreOptions) -> Result<Self, StoreError> {
        let data_dir = DataDir::open(options.folder.find()?)?;
        if options.start_anew {
            data_dir.begin_anew()?;
        }
        let [tables, ..] = data_dir.databases();
        data_dir.refuse_lost_tables().map_err(DataDirError::from)?;
        let (durability, promise) = if options.fsync {
            (Durability::PowerLoss, "it survives a power loss")
        } else {
            (Durability::Process, "it survives kill -9")
        };
        let dynamodb = DynamoDb::on_disk(tables.path(), durability).await?;
        Ok(Self {
            client: dynamodb.config().client()?,
            config: dynamodb.config(),
            description: format!("in {}: {promise}", data_dir.path().display()),
            data_dir: Some(data_dir),
            embedded: Some(dynamodb),
        })
    }

    fn remote(endpoint: &str) -> Result<Self, StoreError> {
        let config = Config {
            endpoint: Some(endpoint.to_owned()),
            region: optional("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned()),
            // Stores that check no signature still want one.
            credentials: optional("AWS_ACCESS_KEY_ID").is_none().then(|| AccessKey {
                id: "local".to_owned(),
                secret: "local".to_owned(),
            }),
            ca_bundle: optional("AWS_CA_BUNDLE"),
            transport: None,
        };
        Self::at(config, format!("in the store at {endpoint}"))
    }

    fn at(config: Config, description: String) -> Result<Self, StoreError> {
        Ok(Self {
            client: config.client()?,
            config,
            description,
            data_dir: None,
            embedded: None,
        })
    }
}

/// A function that describes a table of a name.
type Describe = fn(&str) -> Table<'_>;

impl StoreOptions {
    /// Every table: its system, its resource in `template.yaml`, the variable that
    /// names it, and its description.
    pub(crate) const TABLES: &[(System, &'static str, &'static str, Describe)] = &[
        (
            System::Counter,
            "CounterTable",
            "DYNAMODB_TABLE",
            counter::table,
        ),
        (System::Visits, "VisitsTable", "VISITS_TABLE", visits::table),
        (
            System::Visits,
            "SaltsTable",
            "SALTS_TABLE",
            visits::salts_table,
        ),
        (System::Items, "OrderTable", "ORDER_TABLES", items::table),
        (
            System::Items,
            "ManagerTable",
            "MANAGER_TABLES",
            items::table,
        ),
        (System::Jobs, "JobsTable", "JOBS_TABLE", jobs::table),
        (
            System::Jobs,
            "JobsLogTable",
            "JOBS_LOG_TABLE",
            jobs::log_table,
        ),
    ];

    /// The tables of `systems`.
    pub(crate) fn tables<'a>(&'a self, systems: &Systems) -> impl Iterator<Item = Table<'a>> {
        let of_items = self.order_tables.names().chain(self.manager_tables.names());
        let of_items = of_items.map(|name| (System::Items, items::table(name)));
        let tables = [
            (System::Counter, counter::table(&self.table)),
            (System::Jobs, jobs::table(&self.jobs_table)),
            (System::Jobs, jobs::log_table(&self.jobs_log_table)),
            (System::Visits, visits::table(&self.visits_table)),
            (System::Visits, visits::salts_table(&self.salts_table)),
        ];
        tables
            .into_iter()
            .chain(of_items)
            .filter(|(system, _)| systems.has(*system))
            .map(|(_, table)| table)
    }

    /// A name that two tables of different items have.
    pub(crate) fn shared_name(&self, systems: &Systems) -> Option<&str> {
        let tables: Vec<_> = self.tables(systems).collect();
        let is_shared = |(n, table): (usize, &Table<'_>)| {
            tables[..n]
                .iter()
                .any(|other| other.name == table.name && other != table)
        };
        let shared = tables.iter().enumerate().find(|one| is_shared(*one));
        shared.map(|(_, table)| table.name)
    }

    /// The endpoint of a store elsewhere. Empty counts as unset, as it does for
    /// the functions.
    pub(crate) fn remote(&self) -> Option<&str> {
        self.dynamodb_endpoint
            .as_deref()
            .filter(|endpoint| !endpoint.is_empty())
    }
}
