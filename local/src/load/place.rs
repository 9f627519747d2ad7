//! The bucket that files are loaded into: the running program's, or one on AWS.

use std::net::SocketAddr;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use backend::causes;
use backend::dynamodb::{AccessKey, Config};
use emulator::Queues;
use jobs::{Loaded, clients, keys};
use tokio::net::TcpStream;

use super::{CsvFile, LoadError};
use crate::data_dir;
use crate::pipeline::{ACCESS_KEY_ID, BUCKET, FILES, ROWS};
use crate::{Folder, token};

/// A bucket, and what else there is to ask.
pub(crate) struct Place {
    s3: Client,
    bucket: String,
    /// The program on this machine, if the bucket is its own.
    program: Option<Program>,
}

struct Program {
    address: SocketAddr,
    queues: Queues,
}

/// The time in which a file that was not read may still be: AWS tries again after one
/// minute, and after two more.
const PATIENCE: Duration = Duration::from_secs(300);
/// The same on this machine, once nothing is under way.
const MOMENT: Duration = Duration::from_secs(1);

impl Place {
    /// The bucket that is named, or that of the program which runs with a folder.
    pub(crate) async fn find(bucket: Option<&str>, folder: &Folder) -> Result<Self, LoadError> {
        if let Some(bucket) = bucket {
            let config = Config::from_env_for("AWS_ENDPOINT_URL_S3");
            let config =
                config.map_err(|missing| LoadError::Settings(std::io::Error::other(missing)))?;
            return Ok(Self {
                s3: client(&config)?,
                bucket: bucket.to_owned(),
                program: None,
            });
        }
        let path = folder.find()?;
        let token = match token::from_env()? {
            Some(token) => token.text,
            None => crate::owner_token(folder)?,
        };
        let Some(addresses) = data_dir::addresses(&path) else {
            return Err(LoadError::NotRunning(path));
        };
        let address = addresses.bucket.ok_or(LoadError::NoBucket)?;
        if !answers(address).await {
            return Err(LoadError::NotRunning(path));
        }
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
        Ok(Self {
            s3: client(&config)?,
            bucket: BUCKET.to_owned(),
            program: Some(Program {
                address,
                queues: Queues::beside(&data_dir::queues(&path))?,
            }),
        })
    }

    pub(crate) fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Where to find the rows that could not be stored.
    pub(crate) fn dead_letters(&self) -> &'static str {
        match self.program {
            Some(_) => "see `resume-counter jobs dead-letters`",
            None => {
                "they wait in the queue that the stack's output JobsDeadLetters names: \
                 see docs/operations.md"
            }
        }
    }

    /// Puts a file, and gives the tag of its content.
    pub(crate) async fn put(&self, file: &CsvFile) -> Result<String, LoadError> {
        let failed = |cause| LoadError::Put(file.path.clone(), cause);
        let body = clients::file(&file.path).await;
        let put = self.s3.put_object().bucket(&self.bucket).key(&file.key);
        let put = put.body(body.map_err(|error| failed(causes(&error)))?);
        let answer = put.send().await.map_err(|error| failed(cause(&error)))?;
        Ok(answer.e_tag.unwrap_or_default())
    }

    /// The report on the file of a name.
    pub(crate) async fn loaded(&self, name: &str) -> Result<Option<Loaded>, LoadError> {
        let text = self.object(&keys::loaded(name), None).await?;
        // A word of another program's says nothing.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// The first bytes of an object, or all.
    pub(crate) async fn object(
        &self,
        key: &str,
        bytes: Option<u32>,
    ) -> Result<Option<String>, LoadError> {
        let get = self.s3.get_object().bucket(&self.bucket).key(key);
        let range = bytes.map(|bytes| format!("bytes=0-{}", bytes.saturating_sub(1)));
        let object = match get.set_range(range).send().await {
            Ok(object) => object,
            Err(SdkError::ServiceError(e)) if e.err().is_no_such_key() => return Ok(None),
            Err(error) => {
                self.pause(Duration::ZERO).await?;
                return Err(LoadError::Bucket(cause(&error)));
            }
        };
        let body = object.body.collect().await;
        let body = body.map_err(|error| LoadError::Bucket(causes(&error)))?;
        Ok(Some(String::from_utf8_lossy(&body.to_vec()).into_owned()))
    }

    /// The names of all files of which something is said.
    pub(crate) async fn names(&self) -> Result<Vec<String>, LoadError> {
        let list = self.s3.list_objects_v2().bucket(&self.bucket);
        let mut pages = list.prefix(keys::LOADED).into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| LoadError::Bucket(cause(&error)))?;
            names.extend(page.contents().iter().filter_map(|object| {
                let name = object.key()?.strip_prefix(keys::LOADED)?;
                Some(name.strip_suffix(".json")?.to_owned())
            }));
        }
        Ok(names)
    }

    /// A line on what is under way and what failed, if the place can be asked.
    pub(crate) async fn under_way(&self) -> Result<Option<String>, LoadError> {
        let Some(Program { queues, .. }) = &self.program else {
            return Ok(None);
        };
        let [files, unread, rows, dead] = [
            queues.depth(FILES.name).await?,
            queues.depth(FILES.dead_letters).await?,
            queues.depth(ROWS.name).await?,
            queues.depth(ROWS.dead_letters).await?,
        ]
        .map(|depth| depth.waiting + depth.hidden);
        Ok(Some(format!(
            "files under way: {files}, not read: {unread}; rows under way: {rows}, dead: {dead}"
        )))
    }

    /// Returns true if nothing is under way, as far as can be seen.
    pub(crate) async fn is_idle(&self) -> Result<bool, LoadError> {
        let Some(program) = &self.program else {
            return Ok(false);
        };
        let queues = &program.queues;
        Ok(queues.is_empty(FILES.name).await? && queues.is_empty(ROWS.name).await?)
    }

    /// The number of rows in the queue, if the place can be asked.
    pub(crate) async fn rows_under_way(&self) -> Result<Option<u64>, LoadError> {
        match &self.program {
            Some(program) => {
                let rows = program.queues.depth(ROWS.name).await?;
                Ok(Some(rows.waiting + rows.hidden))
            }
            None => Ok(None),
        }
    }

    /// The time to wait for a better word on a file that was not read.
    pub(crate) fn patience(&self, is_idle: bool) -> Duration {
        match (&self.program, is_idle) {
            (Some(_), true) => MOMENT,
            _ => PATIENCE,
        }
    }

    /// Waits, and sees whether the program still runs.
    pub(crate) async fn pause(&self, time: Duration) -> Result<(), LoadError> {
        match &self.program {
            Some(program) if !answers(program.address).await => return Err(LoadError::Stopped),
            Some(_) => tokio::time::sleep(time).await,
            None => tokio::time::sleep(5 * time).await,
        }
        Ok(())
    }
}

/// Somebody waits for it.
fn client(config: &Config) -> Result<Client, LoadError> {
    let client = clients::s3(config).map_err(LoadError::Settings)?;
    let retries = RetryConfig::standard().with_max_attempts(3);
    let config = client.config().to_builder().retry_config(retries);
    Ok(Client::from_conf(config.build()))
}

async fn answers(address: SocketAddr) -> bool {
    TcpStream::connect(address).await.is_ok()
}

/// The bucket's sentence, or else the error's.
fn cause<E>(error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error.as_service_error().map(|e| (e.code(), e.message())) {
        Some((Some(code), Some(message))) => format!("{message} ({code})"),
        Some((Some(code), None)) => code.to_owned(),
        _ => causes(error),
    }
}
