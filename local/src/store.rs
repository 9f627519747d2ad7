//! The store behind the functions: the built-in one, or one named by its URL.

use std::io;

use aws_sdk_dynamodb::Client;
use backend::dynamodb::{AccessKey, Config};
use backend::environment::optional;
use emulator::{Durability, DynamoDb, TableError};

use crate::StoreOptions;
use crate::data_dir::{DataDir, DataDirError};

/// Where everything is kept while the program runs.
#[derive(Debug)]
pub(crate) struct Store {
    /// The client every function gets.
    pub(crate) client: Client,
    /// One line for the user: what is kept where.
    pub(crate) description: String,
    embedded: Option<(DynamoDb, Option<DataDir>)>,
}

/// Why there is no store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder is unusable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The built-in store did not start.
    #[error(transparent)]
    Start(#[from] emulator::StartError),
    /// The client cannot be made.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The table is not there.
    #[error("table {0} cannot be used: {1}")]
    Table(String, Box<TableError>),
}

impl Store {
    /// Opens the store that `options` name and makes its tables.
    pub(crate) async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let store = match options.remote() {
            Some(endpoint) => Self::remote(endpoint)?,
            None => Self::on_disk(options).await?,
        };
        store.make_tables(options).await
    }

    /// Opens a store of the same tables that ends with the program.
    pub(crate) async fn in_memory(options: &StoreOptions) -> Result<Self, StoreError> {
        let dynamodb = DynamoDb::in_memory().await?;
        let store = Self {
            client: dynamodb.config().client()?,
            description: "in memory: it ends with this program".to_owned(),
            embedded: Some((dynamodb, None)),
        };
        store.make_tables(options).await
    }

    /// Lets writes under way end, and closes the files.
    pub(crate) async fn close(self) {
        if let Some((dynamodb, _data_dir)) = self.embedded {
            dynamodb.stop().await;
        }
    }

    async fn make_tables(self, options: &StoreOptions) -> Result<Self, StoreError> {
        let of_items = options.order_tables.names();
        let of_items = of_items.chain(options.manager_tables.names());
        let tables = [
            counter::table(&options.table),
            visits::table(&options.visits_table),
            visits::salts_table(&options.salts_table),
        ];
        for table in tables.into_iter().chain(of_items.map(items::table)) {
            emulator::ensure_table(&self.client, table)
                .await
                .map_err(|error| StoreError::Table(table.name.to_owned(), error.into()))?;
        }
        Ok(self)
    }

    async fn on_disk(options: &StoreOptions) -> Result<Self, StoreError> {
        let data_dir = DataDir::open(options.folder.find()?)?;
        let (durability, promise) = if options.fsync {
            (Durability::PowerLoss, "it survives a power loss")
        } else {
            (Durability::Process, "it survives kill -9")
        };
        let dynamodb = DynamoDb::on_disk(&data_dir.database(), durability).await?;
        Ok(Self {
            client: dynamodb.config().client()?,
            description: format!("in {}: {promise}", data_dir.path().display()),
            embedded: Some((dynamodb, Some(data_dir))),
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
        };
        Ok(Self {
            client: config.client()?,
            description: format!("in the store at {endpoint}"),
            embedded: None,
        })
    }
}

impl StoreOptions {
    /// The endpoint of a store elsewhere. Empty counts as unset, as it does for
    /// the functions.
    pub(crate) fn remote(&self) -> Option<&str> {
        self.dynamodb_endpoint
            .as_deref()
            .filter(|endpoint| !endpoint.is_empty())
    }
}
