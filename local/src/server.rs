//! The running program: one port, the API and the site behind it, one store.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use backend::Owner;
use backend::dynamodb::AccessKey;
use jiff::Timestamp;
use platform::supervisor::{self, State};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::data_dir::Addresses;
use crate::demo;
use crate::gateway::api;
use crate::gateway::connections;
use crate::gateway::door::Door;
use crate::gateway::places::Places;
use crate::gateway::viewer::Viewer;
use crate::openapi;
use crate::page::Page;
use crate::pipeline::{Pipeline, PipelineError};
use crate::readiness::{self, Parts};
use crate::store::Store;
use crate::tasks::{Roll, Tasks};
use crate::token::Token;
use crate::watchdog;
use crate::{Options, ProxyOptions, retention, token};

mod functions;
mod start_error;
mod summary;

use functions::functions;
pub use start_error::StartError;

/// Connections that the system keeps for a port until they are taken. One that
/// finds no room there tries again after a second.
const BACKLOG: u32 = 4096;
/// How long a shutdown waits for the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server that runs until it is stopped.
#[derive(Debug)]
pub struct Server {
    page: Page,
    store: Store,
    token: Token,
    pipeline: Pipeline,
    site_port: Port,
    bucket_port: Port,
    store_port: Option<(Port, AccessKey)>,
    /// What answers on the ports.
    listeners: Tasks,
    watchdog: Tasks,
}

/// An open port.
#[derive(Debug)]
struct Port {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
}

impl Server {
    /// Opens the port, the site and the store.
    ///
    /// # Errors
    /// In one sentence for the user.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let options = options.away_from_data();
        // All ports first: a taken one is found before anything is written.
        let site_listener = listen(options.listen, "--listen")?;
        let bucket_listener = listen(options.s3_listen(), "--s3-listen")?;
        let store_listener = match options.dynamodb_listen {
            Some(address) => Some(listen(address, "--dynamodb-listen")?),
            None => None,
        };
        let roll = Roll::default();
        let page = Page::open(&options.page, data_dir(&options).as_deref(), roll.clone())?;
        let mut store = if options.in_memory && options.store.remote().is_none() {
            Store::in_memory().await?
        } else {
            Store::open(&options.store).await?
        };
        store.make_tables(options.store.tables()).await?;
        let token = owner_token(&options)?;
        let mut pipeline = Pipeline::start(&options, &store, roll.clone()).await?;
        let owner = Owner::of_token(&token.text);
        let ProxyOptions {
            cdn_secret, geoip, ..
        } = &options.proxy;
        let viewer = Viewer::new(cdn_secret.as_deref(), geoip.as_deref())?;
        let functions = functions(&options, &store, owner.clone(), viewer.cdn());
        let door = Door::new(&options, owner, viewer);
        if options.max_pages > 0 {
            functions.hits.take_stock().await?;
        }
        retention::begin(&options, &functions.visits.log);
        if options.demo {
            let (bucket, page) = (pipeline.client()?, format!("{}/", site_listener.1));
            demo::fill(&bucket, &functions.visits.log, &page, Timestamp::now()).await?;
        }
        let mut watchdog = Tasks::on(roll.clone());
        if let Some(period) = supervisor::watchdog().map(|longest| longest / 3) {
            let beat = watchdog::beat(period, functions.hits.clone());
            watchdog.spawn("the watchdog", beat);
        }
        let parts = Parts {
            client: store.client.clone(),
            table: options.store.table.clone(),
            health: store.watch(),
            queues: pipeline.queues.clone(),
            folder: pipeline.folder().to_owned(),
            tasks: roll.clone(),
        };
        let app = api::routes(&options, &door, functions)
            .merge(openapi::routes())
            .merge(readiness::routes(parts, door))
            .merge(page.routes());
        let places = Places::of_this_process();
        let mut listeners = Tasks::on(roll.clone());
        let proxies = Arc::new(options.proxy.proxies());
        let mut serve = |name, (listener, address), app| {
            let (stop, stopped) = oneshot::channel();
            listeners.spawn(
                name,
                connections::serve(listener, app, places.clone(), Arc::clone(&proxies), stopped),
            );
            Port { address, stop }
        };
        let store_port = match store_listener {
            Some(listener) => {
                let guarded = store.guarded(options.dynamodb_key.clone());
                let guarded = guarded.map_err(StartError::Key)?;
                let (app, key) = guarded.ok_or(StartError::NoStoreToOpen)?;
                Some((serve("the store's port", listener, app), key))
            }
            None => None,
        };
        let site_port = serve("the site's port", site_listener, app);
        let mut bucket = pipeline.bucket(&token.text);
        let mut key = None;
        // Commands of this machine need no other port.
        if store.data_dir.is_some()
            && let Some(guarded) = store.guarded(None).map_err(StartError::Key)?
        {
            bucket = with_tables(bucket, guarded.0);
            key = Some(guarded.1);
        }
        let bucket_port = serve("the bucket's port", bucket_listener, bucket);
        let addresses = Addresses {
            site: site_port.address,
            bucket: bucket_port.address,
            key,
        };
        pipeline
            .announce(&mut store, &addresses)
            .map_err(PipelineError::Io)?;
        supervisor::tell(State::Ready);
        Ok(Self {
            page,
            store,
            token,
            pipeline,
            site_port,
            bucket_port,
            store_port,
            listeners,
            watchdog,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.site_port.address
    }

    /// Where CSV files are put.
    pub fn bucket_address(&self) -> SocketAddr {
        self.bucket_port.address
    }

    /// Says why the program cannot go on, once it cannot.
    pub async fn failed(&mut self) -> String {
        tokio::select! {
            cause = self.store.ended() => cause,
            cause = self.pipeline.ended() => cause,
            cause = self.listeners.ended() => cause,
            cause = self.watchdog.ended() => cause,
            cause = self.page.ended() => cause,
        }
    }

    /// Lets requests under way end, for some seconds, and closes the store.
    pub async fn stop(mut self) {
        supervisor::tell(State::Stopping);
        self.page.stop().await;
        let store_port = self.store_port.map(|(port, _)| port);
        let ports = [Some(self.site_port), Some(self.bucket_port), store_port];
        // Each takes no more requests, and ends with those under way.
        drop(ports.map(|port| port.map(|port| port.stop)));
        self.listeners.all_ended().await;
        self.pipeline.stop().await;
        if timeout(PATIENCE, self.store.close()).await.is_err() {
            tracing::warn!("stopped before the store was closed");
        }
    }
}

/// The bucket, and the tables for requests that name an operation of DynamoDB.
fn with_tables(bucket: Router, tables: Router) -> Router {
    Router::new().fallback(move |request: Request| {
        let is_of_tables = request.headers().contains_key("x-amz-target");
        let app = if is_of_tables { &tables } else { &bucket };
        app.clone().oneshot(request)
    })
}

/// A port, and where it is, which for port 0 only the system knows.
fn listen(
    address: SocketAddr,
    option: &'static str,
) -> Result<(TcpListener, SocketAddr), StartError> {
    let bind = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }?;
        // What is left of the connections of a program before it is no obstacle.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    bind().map_err(|error| StartError::Listen {
        address,
        option,
        error,
    })
}

/// The folder that may hold a résumé beside the data.
fn data_dir(options: &Options) -> Option<PathBuf> {
    let folder = options.store.folder.find().ok();
    folder.filter(|_| !options.in_memory)
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
