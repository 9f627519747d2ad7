//! The built site: compressed files as the build left them, hashed assets kept
//! for ever, pages asked for anew each time.

use std::io;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, HeaderName, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::{ServeDir, ServeFile};

use crate::Systems;

/// Bytes of a file that are read at once: it is what an answer that nobody reads
/// keeps in memory.
const CHUNK_BYTES: usize = 16 * 1024;

/// The headers of every file of the site. The pages bring the rest of their
/// content security policy themselves; framing can only be forbidden here.
const SECURITY: [(HeaderName, &str); 4] = [
    (CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
    (REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// Serves `folder`, and its `404.html` for what is not there or belongs to a system
/// that is left out.
pub(crate) fn routes(folder: &Path, systems: &Systems) -> Router {
    let missing = ServeFile::new(folder.join("404.html"))
        .precompressed_br()
        .precompressed_gzip();
    let missing = Router::new()
        .fallback_service(missing)
        .layer(from_fn(drop_conditions));
    let files = ServeDir::new(folder)
        .with_buf_chunk_size(CHUNK_BYTES)
        .precompressed_br()
        .precompressed_gzip()
        .not_found_service(missing.clone());
    let hidden: Vec<_> = systems.pages_left_out().collect();
    let serve = move |request: Request| {
        let (mut files, missing) = (files.clone(), missing.clone());
        let mut again = Request::new(Body::empty());
        again.uri_mut().clone_from(request.uri());
        again.headers_mut().clone_from(request.headers());
        let first = request
            .uri()
            .path()
            .split('/')
            .find(|part| !part.is_empty());
        let is_hidden = first.is_some_and(|folder| hidden.contains(&folder));
        async move {
            if is_hidden {
                let mut page = missing.oneshot(again).await.into_response();
                *page.status_mut() = StatusCode::NOT_FOUND;
                return page;
            }
            match files.try_call(request).await {
                Ok(response) => response.map(Body::new),
                Err(error) if is_no_name(&error) => {
                    let mut page = missing.oneshot(again).await.into_response();
                    *page.status_mut() = StatusCode::NOT_FOUND;
                    page
                }
                Err(error) => {
                    tracing::error!(error.cause = %error, "a file of the site was not read");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            }
        }
    };
    Router::new().fallback(serve).layer(from_fn(add_headers))
}

/// Tells whether no file can have that name: it is too long, or has a zero byte.
fn is_no_name(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidFilename | io::ErrorKind::InvalidInput
    )
}

/// Conditions and ranges are about the file asked for, which is not there.
async fn drop_conditions(mut request: Request, next: Next) -> Response {
    for name in [
        IF_MATCH,
        IF_MODIFIED_SINCE,
        IF_NONE_MATCH,
        IF_UNMODIFIED_SINCE,
        RANGE,
    ] {
        request.headers_mut().remove(name);
    }
    let mut response = next.run(request).await;
    response.headers_mut().remove(ETAG);
    response.headers_mut().remove(LAST_MODIFIED);
    response
}

pub(crate) async fn add_headers(request: Request, next: Next) -> Response {
    let hashed = is_hashed(request.uri().path());
    let mut response = next.run(request).await;
    let status = response.status();
    let lasting = hashed && (status.is_success() || status == StatusCode::NOT_MODIFIED);
    let cache = if lasting {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Tells whether a file is named for its content, as in `style-0123456789abcdef.css`.
fn is_hashed(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .unwrap_or_default()
        .split(['-', '_', '.'])
        .any(|part| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
