//! The running program: one port, the API and the site behind it, one store.

use std::fmt::Write;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use backend::Owner;
use counter::Hits;
use items::Items;
use jiff::Timestamp;
use jobs::{Api as Jobs, Offers};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use visits::{Log, Salts, Visits};

use crate::api::Functions;
use crate::data_dir::DataDirError;
use crate::pipeline::{self, Pipeline, PipelineError};
use crate::store::{Store, StoreError};
use crate::token::{Token, TokenError};
use crate::{Options, StoreOptions, api, connections, route, site, token};

/// Where `make build` leaves the site.
const BUILT_SITE: &str = "site/dist";

/// How long a shutdown waits for the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server that runs until it is stopped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    site: Option<PathBuf>,
    store: Store,
    token: Token,
    pipeline: Pipeline,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

/// Why the program did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not ours to take.
    #[error("cannot listen on {address}: {error}; choose another with --listen")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// The site's folder has no page.
    #[error(
        "{0} holds no index.html: build the site with `make build`, or name its folder with --site"
    )]
    Site(PathBuf),
    /// The system lets no signal handler be set.
    #[error("signals cannot be handled: {0}")]
    Signals(io::Error),
    /// The store is unusable.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no data folder to keep the token in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// Files of job offers cannot be taken.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The owner's token is unusable.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl Server {
    /// Opens the port, the site and the store.
    ///
    /// # Errors
    /// In one sentence for the user.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let site = find_site(options.site.clone())?;
        let refused = |error| StartError::Listen {
            address: options.listen,
            error,
        };
        let listener = TcpListener::bind(options.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let store = if options.in_memory && options.store.remote().is_none() {
            Store::in_memory().await?
        } else {
            Store::open(&options.store).await?
        };
        store.make_tables(options.store.tables()).await?;
        let token = owner_token(&options)?;
        let pipeline = Pipeline::start(&options, &store, &token.text).await?;
        pipeline
            .announce(&store, address)
            .map_err(PipelineError::Io)?;
        let functions = functions(&options.store, &store, &token);
        let app = api::routes(&options, functions).merge(match &site {
            Some(folder) => site::routes(folder),
            None => Router::new().fallback(route::not_found),
        });
        let app = pipeline.in_front_of(app);
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(connections::serve(listener, app, stopped));
        Ok(Self {
            address,
            site,
            store,
            token,
            pipeline,
            stop,
            server,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it serves and where, for the user.
    pub fn summary(&self) -> String {
        let mut text = String::new();
        let at = self.address;
        let site = match &self.site {
            Some(folder) => format!("http://{at}/ from {}", folder.display()),
            None => format!("none: {BUILT_SITE} is not there, `make build` makes it"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "site     {site}");
        let _ = writeln!(
            text,
            "counter  http://{at}/counter?path=<host and pathname>"
        );
        let _ = writeln!(
            text,
            "visits   http://{at}/visits, for the owner http://{at}/dashboard/"
        );
        let _ = writeln!(
            text,
            "items    http://{at}/order, http://{at}/dynamodbmanager, for the owner"
        );
        let _ = writeln!(
            text,
            "jobs     http://{at}/jobs/ and http://{at}/v1/jobs, from CSV files in s3://{} of --endpoint-url http://{at}",
            pipeline::FOLDER
        );
        let _ = writeln!(text, "owner    {}", self.token);
        let _ = writeln!(text, "data     {}", self.store.description);
        text
    }

    /// Lets requests under way end, for some seconds, and closes the store.
    pub async fn stop(self) {
        drop(self.stop);
        // The server's only other end is a panic, which has printed itself.
        let _ = self.server.await;
        self.pipeline.stop().await;
        if timeout(PATIENCE, self.store.close()).await.is_err() {
            tracing::warn!("stopped before the store was closed");
        }
    }
}

fn functions(options: &StoreOptions, store: &Store, token: &Token) -> Functions {
    let client = &store.client;
    let owner = Owner::of_token(&token.text);
    Functions {
        hits: Hits::new(client.clone(), &options.table),
        items: Items {
            client: client.clone(),
            owner: owner.clone(),
            orders: options.order_tables.clone(),
            managed: options.manager_tables.clone(),
        },
        jobs: Jobs {
            offers: Offers::new(client.clone(), &options.jobs_table),
            owner: owner.clone(),
            clock: Timestamp::now,
        },
        visits: Visits {
            log: Log::new(client.clone(), &options.visits_table),
            salts: Salts::new(client.clone(), &options.salts_table),
            owner,
            clock: Timestamp::now,
        },
    }
}

fn owner_token(options: &Options) -> Result<Token, StartError> {
    if let Some(token) = token::from_env()? {
        return Ok(token);
    }
    if options.in_memory {
        return Ok(token::random()?);
    }
    Ok(token::kept_in(&options.store.folder.find()?)?)
}

fn find_site(named: Option<PathBuf>) -> Result<Option<PathBuf>, StartError> {
    let has_page = |folder: &Path| folder.join("index.html").is_file();
    match named {
        Some(folder) if has_page(&folder) => Ok(Some(folder)),
        Some(folder) => Err(StartError::Site(folder)),
        None => Ok(Some(PathBuf::from(BUILT_SITE)).filter(|folder| has_page(folder))),
    }
}
