//! The site out of memory, as the newest edition has it.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    LOCATION, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use percent_encoding::percent_decode_str;
use prerender::Files;
use sha2::{Digest, Sha256};
use tokio::sync::watch::Receiver;

use super::edition::{Edition, INDEX};
use super::{events, loopback};
use crate::site;

const LOST: &str = "404.html";

/// The editions, and whether there will be more of them.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    pub(crate) editions: Receiver<Arc<Edition>>,
    pub(crate) is_watched: bool,
}

/// Serves the newest edition, and tells a browser on this machine of newer ones.
pub(crate) fn routes(served: Served) -> Router {
    let mut routes = Router::new();
    if served.is_watched {
        routes = routes
            .route(events::EVENTS, get(events::events))
            .route(events::SCRIPT, get(events::script));
    }
    routes
        .fallback(answer)
        .with_state(served)
        .layer(from_fn(site::add_headers))
}

/// Tells whether the caller sits at this machine and is to see a page change.
pub(crate) fn is_watching(served: &Served, caller: SocketAddr, request: &Request) -> bool {
    served.is_watched && loopback::is_here(caller, request.version(), request.headers())
}

pub(crate) async fn answer(
    State(served): State<Served>,
    Extension(ConnectInfo(caller)): Extension<ConnectInfo<SocketAddr>>,
    request: Request,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let edition = Arc::clone(&served.editions.borrow());
    let Some(name) = name_of(request.uri()) else {
        return lost(&edition.files, request.headers());
    };
    if edition.pages.contains(&name) {
        if is_watching(&served, caller, &request) {
            return watched_page(&edition, &name);
        }
        if !edition.is_ready {
            return not_ready();
        }
    }
    if edition.files.contains_key(&name) {
        return file(&edition.files, &name, request.headers());
    }
    if edition.files.contains_key(&format!("{name}/{INDEX}")) {
        return to_folder(request.uri());
    }
    lost(&edition.files, request.headers())
}

/// The file that an address means; none where it is no text.
fn name_of(uri: &Uri) -> Option<String> {
    let path = uri.path().trim_start_matches('/');
    let mut name = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    if name.is_empty() || name.ends_with('/') {
        name.push_str(INDEX);
    }
    Some(name)
}

fn file(files: &Files, name: &str, headers: &HeaderMap) -> Response {
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = match kind.type_() {
        mime_guess::mime::TEXT => format!("{kind}; charset=utf-8"),
        _ => kind.to_string(),
    };
    let (content, encoding) = [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepts(headers, encoding))
        .find_map(|(encoding, suffix)| {
            Some((files.get(&format!("{name}{suffix}"))?, Some(encoding)))
        })
        .unwrap_or((&files[name], None));
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(content)[..8]));
    let known = headers.get_all(IF_NONE_MATCH).iter();
    let is_known = known.filter_map(|tags| tags.to_str().ok()).any(|tags| {
        tags.split(',')
            .map(str::trim)
            .any(|known| known == "*" || known.trim_start_matches("W/") == tag)
    });
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(content.clone()).into_response()
    };
    let head = response.headers_mut();
    let mut insert = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            head.insert(name, value);
        }
    };
    insert(CONTENT_TYPE, &kind);
    insert(ETAG, &tag);
    insert(VARY, ACCEPT_ENCODING.as_str());
    if let Some(encoding) = encoding {
        insert(CONTENT_ENCODING, encoding);
    }
    response
}

/// Tells whether the client takes this encoding, RFC 9110, section 12.5.3.
fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter();
    accepted
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .any(|one| {
            let mut parts = one.split(';').map(str::trim);
            let refused = |weight: &str| {
                let weight = weight.strip_prefix("q=").unwrap_or("1");
                weight.parse() == Ok(0.0)
            };
            parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(encoding))
                && !parts.any(refused)
        })
}

fn lost(files: &Files, headers: &HeaderMap) -> Response {
    let mut headers = headers.clone();
    // The condition is about the file asked for, which is not there.
    headers.remove(IF_NONE_MATCH);
    let mut response = file(files, LOST, &headers);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().remove(ETAG);
    response
}

/// Leads to the page of a folder, from where its references are right.
fn to_folder(uri: &Uri) -> Response {
    // One slash: with two it would be the name of a host.
    let path = uri.path().trim_start_matches('/');
    let query = uri.query().map(|query| format!("?{query}"));
    let to = format!("/{path}/{}", query.unwrap_or_default());
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response()
}

fn not_ready() -> Response {
    let sentence = "The résumé is being corrected. Please come back in a moment.\n";
    (StatusCode::SERVICE_UNAVAILABLE, sentence).into_response()
}

/// The page with the script that keeps it up to date.
fn watched_page(edition: &Edition, name: &str) -> Response {
    let script = format!(
        "<script type=module src=\"{}\" data-edition=\"{}\"></script></head>",
        events::SCRIPT,
        edition.name
    );
    let page = match str::from_utf8(&edition.files[name]) {
        Ok(page) if edition.is_ready => page,
        _ => {
            "<!doctype html><html lang=en><head><meta charset=utf-8><title>Résumé</title></head></html>"
        }
    };
    let page = page.replacen("</head>", &script, 1);
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, page).into_response()
}
