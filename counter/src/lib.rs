//! Counts the visitors of a page: one call, one hit, one number.

mod hits;
mod query;
mod stock;
mod transfer;

pub use hits::{Hits, table};
pub use query::{Mode, Query, QueryError};
pub use transfer::PageHits;

use backend::{Error, Metric, json, request};
use lambda_http::http::StatusCode;
use lambda_http::{Body, Request, Response};
use shared::Count;

/// Answers `GET /counter?path=&mode=`: counts a hit and gives its own number,
/// or, with `mode=read`, the number so far. What a browser asks ahead of a view is
/// read, too.
///
/// # Errors
/// [`Error::BadRequest`] for a query that breaks a rule, [`Error::Forbidden`] for a
/// host that is not counted and for a new page where there is no room, the store's.
pub async fn handle(hits: &Hits, request: Request) -> Result<Response<Body>, Error> {
    let query = Query::parse(request.uri().query().unwrap_or_default())
        .map_err(|error| Error::BadRequest(error.to_string()))?;
    hits.bounds.check_host(query.path.as_str())?;
    let mode = match request::is_ahead(&request) {
        true => Mode::Read,
        false => query.mode,
    };
    let count = match mode {
        Mode::Count => hits.increment(&query.path).await?,
        Mode::Read => hits.read(&query.path).await?,
    };
    let mut response = json(StatusCode::OK, &Count { count });
    if mode == Mode::Count {
        response.extensions_mut().insert(Metric::Hits);
    }
    Ok(response)
}
