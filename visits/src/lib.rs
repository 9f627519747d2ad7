//! Records when and from where a property was visited, and reports it to the
//! owner.

mod cursor;
mod day;
mod key;
mod links;
mod log;
mod properties;
mod property;
pub mod qr;
mod range;
mod recording;
mod removal;
mod report;
mod retention;
mod salts;
mod summary;
mod transfer;
mod visitor;
mod zone;

pub use log::{Log, table};
pub use removal::Removal;
pub use retention::{BadRetention, Retention};
pub use salts::{Salts, table as salts_table};
pub use transfer::{DayRecord, Record};
pub use zone::{UnknownZone, Zone};

use std::time::Duration;

use backend::query::{limit, parameter};
use backend::{Cdn, Error, Metric, Owner, json, request};
use jiff::Timestamp;
use lambda_http::http::StatusCode;
use lambda_http::http::header::SET_COOKIE;
use lambda_http::{Body, Request, Response};
use shared::visits::{NewLink, NewVisit, OWNER_COOKIE, SkipReason};
use tokio::time::timeout;

use crate::key::Key;
use crate::range::Range;
use crate::recording::Recording;
use crate::report::Report;

/// The function's context: its tables, its owner, its CDN and its clock.
#[derive(Clone, Debug)]
pub struct Visits {
    /// The visits and what is counted of them.
    pub log: Log,
    /// The days' salts.
    pub salts: Salts,
    /// The owner, who alone may read the log.
    pub owner: Owner,
    /// The CDN that says where visitors are.
    pub cdn: Cdn,
    /// The clock.
    pub clock: fn() -> Timestamp,
}

/// Bytes of a body: a visit's JSON is some hundred; this leaves room for escapes.
pub const MAX_BODY_BYTES: usize = 16 * 1024;
const DEFAULT_LIMIT: usize = 50;

/// Leaves time for a cold start and the answer within the function's five seconds.
const PATIENCE: Duration = Duration::from_secs(4);

/// Answers the routes of visits.
///
/// # Errors
/// What the client has to mend, and the store's.
pub async fn handle(visits: &Visits, request: Request) -> Result<Response<Body>, Error> {
    match timeout(PATIENCE, answer(visits, &request)).await {
        Ok(answer) => answer,
        Err(elapsed) => Err(Error::StoreUnavailable(elapsed.into())),
    }
}

async fn answer(visits: &Visits, request: &Request) -> Result<Response<Body>, Error> {
    match request::route(request) {
        "POST /visits" => record(visits, request).await,
        "GET /visits" => list(visits, request).await,
        "GET /visits/summary" => summarize(visits, request).await,
        "POST /visits/links" => add_link(visits, request).await,
        _ => Err(Error::NotFound("There is no such route.".to_owned())),
    }
}

/// `POST /visits`: 201 with the visit, or 200 where it was not to be recorded.
async fn record(visits: &Visits, request: &Request) -> Result<Response<Body>, Error> {
    let now = (visits.clock)();
    let key = Key::of(request, now)?;
    let body: NewVisit = request::json(request, MAX_BODY_BYTES)?;
    // What has no name has no host.
    let is_named = body.property_id.is_some();
    let report = Report::parse(body, request, &visits.cdn, now)?;
    if is_named {
        visits.log.bounds.check_host(report.property())?;
    }
    match report {
        Report::Visit { mut visit, moment } => {
            visit.link = visits.log.known_link(visit.link).await?;
            let salt = visits.salts.of_day(now, &visits.log.zone).await?;
            let mark = salt.mark(&visit.property_id, &visitor::of(request, &visits.cdn));
            let retention = visits.log.retention;
            let recording = Recording::new(&visit, moment, &visits.log.zone)
                .by(mark, key.as_ref())
                .until(retention.map(|retention| retention.end(moment, now)));
            let stored = visits.log.record(recording).await?;
            let mut response = json(StatusCode::CREATED, &stored.visit);
            if stored.is_new {
                response.extensions_mut().insert(Metric::Visits);
            }
            Ok(response)
        }
        Report::Skipped { property, reason } => {
            let log = &visits.log;
            log.count_skipped(&property, reason, now, key.as_ref())
                .await?;
            let answer = NewVisit {
                property_id: Some(property),
                skipped: Some(reason),
                ..NewVisit::default()
            };
            let mut response = json(StatusCode::OK, &answer);
            if reason == SkipReason::Owner && is_of_own_origin(request) {
                keep_mark(&mut response);
            }
            Ok(response)
        }
    }
}

/// True unless a browser says that a page of another origin asks: that could turn
/// counting off in any visitor's browser. See <https://www.w3.org/TR/fetch-metadata/>.
fn is_of_own_origin(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site");
    site.is_none_or(|site| site == "same-origin")
}

/// Has the owner's browser keep the mark, which it deletes after a week where a
/// script alone has kept it. 400 days are the most that browsers take.
fn keep_mark(response: &mut Response<Body>) {
    let cookie = format!("{OWNER_COOKIE}; Path=/; Max-Age=34560000; SameSite=Lax");
    if let Ok(cookie) = cookie.parse() {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
}

/// `GET /visits`: one page of a property's log, newest first.
async fn list(visits: &Visits, request: &Request) -> Result<Response<Body>, Error> {
    visits.owner.authorize(request)?;
    let query = request.uri().query().unwrap_or_default();
    let property = property::of_query(query)?;
    let range = Range::of_moments(query, &visits.log.zone)?;
    let limit = limit(query, DEFAULT_LIMIT)?;
    let cursor = parameter(query, "cursor")?;
    let after = cursor.map(|cursor| cursor::decode(&cursor)).transpose()?;
    let now = (visits.clock)();
    let log = &visits.log;
    let page = log.page(&property, &range, limit, after, now).await?;
    Ok(json(StatusCode::OK, &page))
}

/// `GET /visits/summary`: what is counted of a property's days.
async fn summarize(visits: &Visits, request: &Request) -> Result<Response<Body>, Error> {
    visits.owner.authorize(request)?;
    let query = request.uri().query().unwrap_or_default();
    let property = property::of_query(query)?;
    let today = visits.log.zone.date_of((visits.clock)());
    let range = Range::of_days(query, today)?;
    let summary = visits.log.summary(&property, &range, today).await?;
    Ok(json(StatusCode::OK, &summary))
}

/// `POST /visits/links`: 201 with a new link, or 200 with the one of this label.
async fn add_link(visits: &Visits, request: &Request) -> Result<Response<Body>, Error> {
    visits.owner.authorize(request)?;
    let NewLink { label, page } = request::json(request, MAX_BODY_BYTES)?;
    let page = page.map(|page| links::check_page(&page)).transpose();
    let page = page.map_err(Error::Unprocessable)?;
    let (link, is_new) = visits.log.add_link(&label, (visits.clock)()).await?;
    let status = match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let made = links::with_code(link, page.as_deref())?;
    Ok(json(status, &made))
}
