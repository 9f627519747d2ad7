//! The store behind the functions: the built-in one, or one named by its URL.

use std::io;

use aws_sdk_dynamodb::Client;
use backend::dynamodb::{AccessKey, Config};
use emulator::{Durability, DynamoDb};

use crate::Options;
use crate::data_dir::{DataDir, DataDirError};

/// Where counts are kept while the program runs.
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
    /// The store answers, or does not answer, as it should not.
    #[error("{0}")]
    Tables(String),
}

impl Store {
    /// Opens the store that `options` name and makes its tables.
    pub(crate) async fn open(options: &Options) -> Result<Self, StoreError> {
        let store = match options.dynamodb_endpoint.as_deref() {
            // Empty counts as unset, as it does for the functions.
            Some(endpoint) if !endpoint.is_empty() => Self::remote(endpoint)?,
            _ if options.in_memory => Self::in_memory().await?,
            _ => Self::on_disk(options).await?,
        };
        emulator::create_table(&store.client, &options.table, counter::PARTITION_KEY)
            .await
            .map_err(StoreError::Tables)?;
        Ok(store)
    }

    /// Lets writes under way end, and closes the files.
    pub(crate) async fn close(self) {
        if let Some((dynamodb, _data_dir)) = self.embedded {
            dynamodb.stop().await;
        }
    }

    async fn in_memory() -> Result<Self, StoreError> {
        let dynamodb = DynamoDb::in_memory().await?;
        Ok(Self {
            client: dynamodb.config().client()?,
            description: "in memory: they end with this program".to_owned(),
            embedded: Some((dynamodb, None)),
        })
    }

    async fn on_disk(options: &Options) -> Result<Self, StoreError> {
        let data_dir = DataDir::open(options.data_dir.clone())?;
        let (durability, promise) = if options.fsync {
            (Durability::PowerLoss, "they survive a power loss")
        } else {
            (Durability::Process, "they survive kill -9")
        };
        let dynamodb = DynamoDb::on_disk(&data_dir.database(), durability).await?;
        Ok(Self {
            client: dynamodb.config().client()?,
            description: format!("in {}: {promise}", data_dir.path().display()),
            embedded: Some((dynamodb, Some(data_dir))),
        })
    }

    fn remote(endpoint: &str) -> Result<Self, StoreError> {
        let config = Config::from_env().unwrap_or_else(|_| Config {
            endpoint: None,
            region: "us-east-1".to_owned(),
            credentials: None,
            ca_bundle: None,
        });
        // Stores that check no signature still want one.
        let anonymous = std::env::var_os("AWS_ACCESS_KEY_ID").is_none();
        let config = Config {
            endpoint: Some(endpoint.to_owned()),
            credentials: anonymous.then(|| AccessKey {
                id: "local".to_owned(),
                secret: "local".to_owned(),
            }),
            ..config
        };
        Ok(Self {
            client: config.client()?,
            description: format!("in the store at {endpoint}"),
            embedded: None,
        })
    }
}
