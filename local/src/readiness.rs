//! `GET /readyz`: whether the program can do its work now, for whoever sends it
//! visitors or starts it again. `/v1/health` only says that it answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::get;
use backend::{causes, json, message};
use emulator::{Health, Queues};
use platform::disk;
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, watch};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout};

use crate::gateway::door::Door;
use crate::gateway::event;
use crate::pipeline::FILES;
use crate::tasks::Roll;

mod status;

pub use status::{Readiness, ReadinessError, readiness};

/// The time in which each part has to answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// An answer is good for so long: anybody may ask, as often as they like.
const MAX_AGE: Duration = Duration::from_secs(1);
/// Less room than this is none: a load, or the log of the database, takes it at once.
const MIN_ROOM: u64 = 16 << 20;
const WELL: &str = "ok";

/// The parts that are asked.
pub(crate) struct Parts {
    pub(crate) client: Client,
    pub(crate) table: String,
    /// The health of the built-in store.
    pub(crate) health: Option<watch::Receiver<Health>>,
    /// `None` where there are no job offers.
    pub(crate) queues: Option<Queues>,
    /// `None` where nothing is on a disk.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) tasks: Roll,
}

/// The answer of each part: that it is well, or why not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) ready: bool,
    /// For the owner alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) parts: BTreeMap<String, String>,
}

struct Asked {
    parts: Parts,
    door: Door,
    last: Mutex<Option<(Instant, Report)>>,
}

/// The route.
pub(crate) fn routes(parts: Parts, door: Door) -> Router {
    let asked = Asked {
        parts,
        door,
        last: Mutex::default(),
    };
    Router::new()
        .route("/readyz", get(answer))
        .with_state(Arc::new(asked))
}

async fn answer(
    State(asked): State<Arc<Asked>>,
    ConnectInfo(caller): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let is_owner = headers.contains_key(AUTHORIZATION);
    if is_owner && let Some(refusal) = asked.door.refuse(caller, &headers) {
        return event::response(refusal);
    }
    let report = asked.report().await;
    let status = match report.ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let answer = match (is_owner, report.ready) {
        (true, _) => json(status, &report),
        (false, true) => json(
            status,
            &Report {
                ready: true,
                ..Report::default()
            },
        ),
        (false, false) => message(status, "Service Unavailable"),
    };
    let mut response = event::response(answer);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if !report.ready {
        headers.insert(RETRY_AFTER, HeaderValue::from_static("5"));
    }
    response
}

impl Asked {
    /// The parts' answers, of this moment or the one before.
    async fn report(&self) -> Report {
        let mut last = self.last.lock().await;
        match &*last {
            Some((since, report)) if since.elapsed() < MAX_AGE => report.clone(),
            _ => {
                let report = self.parts.report().await;
                *last = Some((Instant::now(), report.clone()));
                report
            }
        }
    }
}

impl Parts {
    async fn report(&self) -> Report {
        let (store, queues, disk) = tokio::join!(self.store(), self.queues(), self.disk());
        let answers = [
            ("store", Some(store)),
            ("queues", queues),
            ("disk", disk),
            ("tasks", Some(self.tasks())),
        ];
        let answers = answers
            .into_iter()
            .filter_map(|(part, answer)| Some((part, answer?)));
        let answers: Vec<_> = answers.collect();
        Report {
            ready: answers.iter().all(|(_, answer)| answer.is_ok()),
            parts: answers
                .into_iter()
                .map(|(part, answer)| {
                    let answer = answer.err().unwrap_or_else(|| WELL.to_owned());
                    (part.to_owned(), answer)
                })
                .collect(),
        }
    }

    async fn store(&self) -> Result<(), String> {
        let health = self.health.as_ref().map(|health| health.borrow().clone());
        if let Some(Health::Failing(cause) | Health::Ended(cause)) = health {
            return Err(cause);
        }
        let key = AttributeValue::S("readiness".to_owned());
        let get = self.client.get_item().table_name(&self.table);
        let get = get.key("path", key).send();
        match timeout(PATIENCE, get).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(causes(&error)),
            Err(_) => Err(silent("the store")),
        }
    }

    async fn queues(&self) -> Option<Result<(), String>> {
        let queues = self.queues.as_ref()?;
        Some(match timeout(PATIENCE, queues.depth(FILES.name)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(silent("the database of the queues")),
        })
    }

    /// A network's disk may not answer, and the question blocks its thread.
    async fn disk(&self) -> Option<Result<(), String>> {
        let folder = self.folder.clone()?;
        let answer = timeout(PATIENCE, spawn_blocking(move || room(&folder))).await;
        Some(match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(silent("the disk")),
        })
    }

    fn tasks(&self) -> Result<(), String> {
        self.tasks
            .missing()
            .map_or(Ok(()), |task| Err(format!("{task} has ended")))
    }
}

fn silent(part: &str) -> String {
    format!("{part} did not answer in {} s", PATIENCE.as_secs())
}

/// Checks that the disk of `folder` takes more.
fn room(folder: &Path) -> Result<(), String> {
    let shown = folder.display();
    let left = disk::room(folder).map_err(|error| format!("{shown} cannot be used: {error}"))?;
    if left.bytes < MIN_ROOM {
        let left = left.bytes >> 10;
        return Err(format!("only {left} KiB are left on the disk of {shown}"));
    }
    if !left.takes_files {
        return Err(format!("the disk of {shown} takes no more files"));
    }
    Ok(())
}
