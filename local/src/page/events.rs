//! The events for an open page on this machine while the résumé is written:
//! server-sent events, and the script that reads them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::json;

use super::edition::Edition;
use super::serve::{Served, answer, is_watching};

/// The paths of the events and of the script. No file of a site can have the names.
pub(crate) const EVENTS: &str = "/-/events";
pub(crate) const SCRIPT: &str = "/-/watch.js";

/// Tells of the edition that there is, then of each newer one.
pub(crate) async fn events(
    State(served): State<Served>,
    caller: Extension<ConnectInfo<SocketAddr>>,
    request: Request,
) -> Response {
    if !is_watching(&served, caller.0.0, &request) {
        return answer(State(served), caller, request).await;
    }
    let mut editions = served.editions;
    editions.mark_changed();
    // It ends with the watch.
    let told = stream::unfold(editions, |mut editions| async {
        editions.changed().await.ok()?;
        let edition = Arc::clone(&editions.borrow_and_update());
        Some((Ok::<_, Infallible>(event(&edition)), editions))
    });
    Sse::new(told)
        .keep_alive(KeepAlive::default())
        .into_response()
}

fn event(edition: &Edition) -> Event {
    let told = json!({ "edition": edition.name, "findings": edition.findings });
    Event::default().data(told.to_string())
}

/// The script.
pub(crate) async fn script(
    State(served): State<Served>,
    caller: Extension<ConnectInfo<SocketAddr>>,
    request: Request,
) -> Response {
    if !is_watching(&served, caller.0.0, &request) {
        return answer(State(served), caller, request).await;
    }
    let kind = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("watch.js")).into_response()
}
