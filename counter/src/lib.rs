//! Counts the visitors of a page: one call, one hit, one number.

mod badge;
mod hits;
mod owner;
mod query;
mod stock;
mod transfer;

pub use hits::{Hits, table};
pub use owner::{Moved, taken};
pub use query::{Mode, Query, QueryError};
pub use transfer::PageHits;

use backend::{Error, Metric, crawler, json, request};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::Count;

use badge::Badge;

/// Answers `GET /counter?path=&mode=`: counts a hit and gives its own number, with
/// `mode=view` unless a crawler asks, or with `mode=read` the number so far. Answers
/// `GET /badge.svg` and `GET /badge.json` likewise, which count with `count=1` alone.
/// What a browser asks ahead of a view is read, too.
///
/// # Errors
/// [`Error::BadRequest`] for a query that breaks a rule, [`Error::Forbidden`] for a
/// host that is not counted and for a new page where there is no room, the store's.
pub async fn handle(hits: &Hits, request: Request) -> Result<Response<Body>, Error> {
    let query = request.uri().query().unwrap_or_default();
    let (asked, badge) = match request::route(&request) {
        route @ ("GET /badge.svg" | "GET /badge.json") => (
            Query::parse_badge(query),
            Some((route, Badge::parse(query)?)),
        ),
        _ => (Query::parse(query), None),
    };
    let asked = asked.map_err(|error| Error::BadRequest(error.to_string()))?;
    hits.bounds.check_host(asked.path.as_str())?;
    let is_hit = match asked.mode {
        _ if request::is_ahead(&request) => false,
        Mode::Count => true,
        Mode::View => !crawler::is_crawler(&request),
        Mode::Read => false,
    };
    let count = match is_hit {
        true => hits.increment(&asked.path).await?,
        false => hits.read(&asked.path).await?,
    };
    let mut response = match badge {
        Some(("GET /badge.svg", badge)) => badge.svg(count),
        Some((_, badge)) => badge.json(count),
        None => json(StatusCode::OK, &Count { count }),
    };
    if is_hit {
        response.extensions_mut().insert(Metric::Hits);
    }
    Ok(response)
}
