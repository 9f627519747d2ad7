//! The store that a command works on: AWS, another one by its URL, that of the
//! program which runs with a folder, or the folder itself.

use std::path::PathBuf;

use aws_sdk_dynamodb::error::SdkError;
use backend::dynamodb::Config;
use backend::environment::Missing;
use clap::Args;

use super::{Store, StoreError};
use crate::{StoreOptions, data_dir};

/// The store that a command works on.
#[derive(Clone, Debug, Args)]
pub struct Target {
    /// Work on the tables on AWS, with the access keys and the region of the
    /// environment.
    #[arg(long)]
    pub aws: bool,

    /// The store, and its tables.
    #[command(flatten)]
    pub store: StoreOptions,
}

/// The reason why a store cannot be found.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// AWS is meant, and not which part of it.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// The running program has its tables elsewhere.
    #[error(
        "the resume-counter that runs with {0} keeps its tables in another store: \
         name that with --dynamodb-endpoint or --aws"
    )]
    Elsewhere(PathBuf),
}

impl Store {
    /// Opens the store that `target` names, which has to be there and to have `table`.
    pub(crate) async fn find(target: &Target, table: &str) -> Result<Self, StoreError> {
        let store = match Self::beside(target)? {
            Some(store) => store,
            None => Self::open_existing(&target.store).await?,
        };
        // Whoever may not describe a table may still read it.
        let described = store.client.describe_table().table_name(table).send().await;
        match described.map_err(SdkError::into_service_error) {
            Err(error) if error.is_resource_not_found_exception() => {
                store.close().await;
                Err(StoreError::NoTable(table.to_owned()))
            }
            _ => Ok(store),
        }
    }

    /// Opens the store that `target` names, or makes it.
    pub(crate) async fn find_or_make(target: &Target) -> Result<Self, StoreError> {
        match Self::beside(target)? {
            Some(store) => Ok(store),
            None => Self::open(&target.store).await,
        }
    }

    /// A store that another process has open.
    fn beside(target: &Target) -> Result<Option<Self>, StoreError> {
        if target.aws {
            let config = Config::from_env().map_err(TargetError::from)?;
            return Self::at(config, "on AWS".to_owned()).map(Some);
        }
        if target.store.remote().is_some() {
            return Ok(None);
        }
        let folder = target.store.folder.find()?;
        let Some(addresses) = data_dir::addresses(&folder) else {
            return Ok(None);
        };
        let Some((address, key)) = addresses.tables else {
            return Err(TargetError::Elsewhere(folder).into());
        };
        let config = Config {
            endpoint: Some(format!("http://{address}")),
            region: "eu-west-1".to_owned(),
            credentials: Some(key),
            ca_bundle: None,
            transport: None,
        };
        Self::at(config, "in the running program".to_owned()).map(Some)
    }
}
