//! The running program: one port, the API and the site behind it, one store.

use std::future::pending;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use backend::Owner;
use backend::dynamodb::AccessKey;
use jiff::Timestamp;
use platform::supervisor::{self, State};
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
use crate::pipeline::{Pipeline, PipelineError, Place};
use crate::readiness::{self, Parts};
use crate::sign_in;
use crate::store::Store;
use crate::system::System;
use crate::tasks::{Roll, Tasks};
use crate::token::Token;
use crate::watchdog;
use crate::{Options, ProxyOptions, Systems, retention, token};

mod functions;
mod port;
mod start_error;
mod summary;

use functions::functions;
use port::{Port, listen};
pub use start_error::StartError;

/// The longest that a shutdown waits for the store.
const PATIENCE: Duration = Duration::from_secs(5);

/// A server that runs until it is stopped.
#[derive(Debug)]
pub struct Server {
    systems: Systems,
    page: Page,
    store: Store,
    token: Token,
    /// The consumers of job offers' files.
    pipeline: Option<Pipeline>,
    /// Goes after what uses it.
    _place: Option<Place>,
    site_port: Port,
    bucket_port: Option<Port>,
    /// The port of the tables for the program's own commands, where there is no bucket.
    tables_port: Option<Port>,
    store_port: Option<(Port, AccessKey)>,
    /// The tasks that answer on the ports.
    listeners: Tasks,
    watchdog: Tasks,
}

impl Server {
    /// Opens the port, the site and the store.
    ///
    /// # Errors
    /// In one sentence for the user.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let options = options.away_from_data();
        if options.dynamodb_listen.is_some() && options.store.remote().is_some() {
            return Err(StartError::NoStoreToOpen);
        }
        if let Some(name) = options.store.shared_name(&options.systems) {
            return Err(StartError::SharedTable(name.to_owned()));
        }
        // All ports first: a taken one is found before anything is written.
        let site_listener = listen(options.listen, "--listen")?;
        let bucket_listener = match options.s3_listen()? {
            Some(address) => Some(listen(address, "--s3-listen")?),
            None => None,
        };
        let store_listener = match options.dynamodb_listen {
            Some(address) => Some(listen(address, "--dynamodb-listen")?),
            None => None,
        };
        let roll = Roll::default();
        let data_dir = data_dir(&options);
        let page = Page::open(
            &options.page,
            &options.systems,
            data_dir.as_deref(),
            roll.clone(),
        )?;
        let mut store = if options.in_memory && options.store.remote().is_none() {
            Store::in_memory().await?
        } else {
            Store::open(&options.store).await?
        };
        let tables = options.store.tables(&options.systems);
        store.make_tables(tables).await?;
        let token = owner_token(&options)?;
        let mut place = Place::find(&options, &store)?;
        let pipeline = match &place {
            Some(place) if options.systems.has(System::Jobs) => {
                Some(Pipeline::start(&options, &store, place, roll.clone()).await?)
            }
            _ => None,
        };
        let owner = Owner::from_token(&token.text);
        let ProxyOptions {
            cdn_secret, geoip, ..
        } = &options.proxy;
        let viewer = Viewer::new(cdn_secret.as_deref(), geoip.as_deref())?;
        let functions = functions(&options, &store, owner.clone(), viewer.cdn());
        let door = Door::new(&options, owner, viewer);
        if options.max_pages > 0 {
            functions.hits.take_stock().await?;
        }
        if options.systems.has(System::Visits) {
            retention::begin(&options, &functions.visits.log);
        }
        if options.demo {
            if let Some(pipeline) = &pipeline {
                demo::load_offers(&pipeline.client()?).await?;
            }
            if options.systems.has(System::Visits) {
                let page = format!("{}/", site_listener.1);
                demo::record_visits(&functions.visits.log, &page, Timestamp::now()).await?;
            }
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
            queues: pipeline.as_ref().map(|pipeline| pipeline.queues.clone()),
            folder: place.as_ref().map(|place| place.path().to_owned()),
            tasks: roll.clone(),
        };
        let sign_in = match options.systems.has(System::Visits) {
            true => sign_in::routes(token.clone(), door.clone()),
            false => Router::new(),
        };
        let app = api::routes(&options, &door, functions)
            .merge(openapi::routes(&options.systems))
            .merge(sign_in)
            .merge(readiness::routes(parts, door))
            .merge(page.routes());
        let places = Places::for_this_process();
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
        let mut tables = None;
        // Commands of this machine find them at the bucket's port.
        if store.data_dir.is_some() {
            tables = store.guarded(None).map_err(StartError::Key)?;
        }
        let bucket = pipeline.as_ref().map(|one| one.bucket(&token.text));
        let bucket_port = match (bucket_listener, bucket, &tables) {
            (Some(listener), Some(bucket), Some((tables, _))) => {
                let both = with_tables(bucket, tables.clone());
                Some(serve("the bucket's port", listener, both))
            }
            (Some(listener), Some(bucket), None) => {
                Some(serve("the bucket's port", listener, bucket))
            }
            _ => None,
        };
        let tables_port = match (&bucket_port, &tables) {
            (None, Some((tables, _))) => {
                let listener = listen((Ipv4Addr::LOCALHOST, 0).into(), "--data-dir")?;
                Some(serve("the commands' port", listener, tables.clone()))
            }
            _ => None,
        };
        let at_tables = tables_port.as_ref().or(bucket_port.as_ref());
        let addresses = Addresses {
            site: site_port.address,
            bucket: bucket_port.as_ref().map(|port| port.address),
            tables: at_tables
                .zip(tables)
                .map(|(port, (_, key))| (port.address, key)),
        };
        if let Some(place) = &mut place {
            place
                .announce(&mut store, &addresses)
                .map_err(PipelineError::Io)?;
        }
        supervisor::tell(State::Ready);
        Ok(Self {
            systems: options.systems,
            page,
            store,
            token,
            pipeline,
            _place: place,
            site_port,
            bucket_port,
            tables_port,
            store_port,
            listeners,
            watchdog,
        })
    }

    /// The address at which it listens.
    pub fn address(&self) -> SocketAddr {
        self.site_port.address
    }

    /// The address of the bucket for CSV files, if there is one.
    pub fn bucket_address(&self) -> Option<SocketAddr> {
        Some(self.bucket_port.as_ref()?.address)
    }

    /// Says why the program cannot go on, once it cannot.
    pub async fn failed(&mut self) -> String {
        tokio::select! {
            cause = self.store.ended() => cause,
            cause = pipeline_ended(self.pipeline.as_mut()) => cause,
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
        let ports = [
            Some(self.site_port),
            self.bucket_port,
            self.tables_port,
            store_port,
        ];
        // Each takes no more requests, and ends with those under way.
        drop(ports.map(|port| port.map(|port| port.stop)));
        self.listeners.all_ended().await;
        if let Some(pipeline) = self.pipeline {
            pipeline.stop().await;
        }
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

/// Says which reader ended, once one has.
async fn pipeline_ended(pipeline: Option<&mut Pipeline>) -> String {
    match pipeline {
        Some(pipeline) => pipeline.ended().await,
        None => pending().await,
    }
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
