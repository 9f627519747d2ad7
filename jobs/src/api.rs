//! The API of job offers: everyone may read, the owner may write.

use backend::query::{limit, parameter};
use backend::{Error, Owner, json, request};
use jiff::Timestamp;
use lambda_http::http::header::{CACHE_CONTROL, LINK, LOCATION};
use lambda_http::http::{HeaderName, HeaderValue, StatusCode};
use lambda_http::{Body, Request, RequestExt, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use shared::jobs::JobOffer;
use uuid::Uuid;

use crate::cursor::Cursor;
use crate::offers::Filter;
use crate::{Log, Offers, draft, text, version};

/// The function's clients and settings.
#[derive(Clone, Debug)]
pub struct Api {
    /// The offers.
    pub offers: Offers,
    /// The log of answered requests. Its clock gives the versions their times.
    pub log: Log,
    /// The owner, who may write.
    pub owner: Owner,
    /// The clock.
    pub clock: fn() -> Timestamp,
}

/// The most bytes of a body: eleven values at their longest, with room for escapes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
const DEFAULT_LIMIT: usize = 100;
/// The longest filter in a URL, which also has to hold the cursor of the next page.
const MAX_FILTER_CHARS: usize = 5_000;
/// The most offers on a page for all but the owner: anyone may ask for pages, and each
/// uses up some of what the table may be read in a second.
const MAX_PUBLIC: usize = 100;

/// Lets the CDN, and no other cache, give an answer again for some seconds.
const PUBLIC: HeaderValue = HeaderValue::from_static("public, max-age=0, s-maxage=5");

/// The bytes that are escaped in a path's part and a query's value: RFC 3986, section 2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Answers the routes under `/v1`.
///
/// # Errors
/// Those that the client can mend, 401 for a write without the owner's token, and the
/// store's.
pub async fn handle(api: &Api, request: Request) -> Result<Response<Body>, Error> {
    match request::route(&request) {
        "GET /v1/health" => Ok(json(StatusCode::OK, &[(); 0])),
        "GET /v1/jobs" => list(api, &request).await,
        "GET /v1/jobs/{proxy+}" | "GET /v1/jobs/{id}" => read(api, &request).await,
        "POST /v1/jobs" => create(api, &request).await,
        "PUT /v1/jobs/{proxy+}" | "PUT /v1/jobs/{id}" => update(api, &request).await,
        "DELETE /v1/jobs/{proxy+}" | "DELETE /v1/jobs/{id}" => delete(api, &request).await,
        _ => Err(Error::NotFound("There is no such route.".to_owned())),
    }
}

async fn list(api: &Api, request: &Request) -> Result<Response<Body>, Error> {
    let query = request.uri().query().unwrap_or_default();
    let filter = Filter {
        city: value(query, "city")?,
        keyword: value(query, "keyword")?,
        contract_type: value(query, "contract_type")?,
    };
    let is_owner = api.owner.authorize(request).is_ok();
    let limit = match limit(query, DEFAULT_LIMIT)? {
        limit if is_owner => limit,
        limit => limit.min(MAX_PUBLIC),
    };
    if filter_of_url(&filter).len() > MAX_FILTER_CHARS {
        let sentence = format!(
            "`city`, `keyword` and `contract_type` are longer than {MAX_FILTER_CHARS} characters together in the URL: shorten them."
        );
        return Err(Error::BadRequest(sentence));
    }
    let cursor = parameter(query, "cursor")?;
    let cursor = cursor.map(|text| Cursor::decode(&text)).transpose()?;
    let page = api.offers.page(&filter, limit, cursor).await?;
    let mut answer = json(StatusCode::OK, &page.offers);
    if !is_owner {
        answer.headers_mut().insert(CACHE_CONTROL, PUBLIC);
    }
    Ok(match page.next {
        Some(next) => with(answer, LINK, &link(&filter, limit, &next)),
        None => answer,
    })
}

async fn read(api: &Api, request: &Request) -> Result<Response<Body>, Error> {
    let offer = api.offers.get(&id(request)?).await?;
    let mut answer = json(StatusCode::OK, &offer.ok_or_else(not_found)?);
    if api.owner.authorize(request).is_err() {
        answer.headers_mut().insert(CACHE_CONTROL, PUBLIC);
    }
    Ok(answer)
}

async fn create(api: &Api, request: &Request) -> Result<Response<Body>, Error> {
    api.owner.authorize(request)?;
    let idempotency_key = request::idempotency_key(request)?;
    let mut offer = draft::new(&body(request)?)?;
    let now = (api.clock)();
    offer.id = Uuid::now_v7().to_string();
    let has_date = !offer.created_date.is_empty();
    if !has_date {
        offer.created_date = now.strftime("%Y-%m-%d").to_string();
    }
    let version = version::at(api.log.now(now).await?);
    let new = (offer, version);
    let Some(key) = idempotency_key else {
        api.offers.put(&new).await?;
        return Ok(created(&new.0));
    };
    loop {
        if let Some(first) = api.log.answered(&key).await? {
            let mut repeated = new.0;
            if !has_date {
                // The repeat may come a day later.
                repeated.created_date.clone_from(&first.created_date);
            }
            return first_answer(first, repeated);
        }
        // Another request with the key may be quicker, and is then found.
        let remembered = api.log.remember(&key, &new.0).map_err(Error::internal)?;
        if api.offers.create(&new, remembered).await? {
            return Ok(created(&new.0));
        }
    }
}

fn created(offer: &JobOffer) -> Response<Body> {
    let answer = json(StatusCode::CREATED, offer);
    let id = utf8_percent_encode(&offer.id, ESCAPED);
    with(answer, LOCATION, &format!("/v1/jobs/{id}"))
}

/// The answer to a request that was answered before.
fn first_answer(first: JobOffer, repeated: JobOffer) -> Result<Response<Body>, Error> {
    let same = JobOffer {
        id: first.id.clone(),
        ..repeated
    };
    if same != first {
        let sentence =
            "This `Idempotency-Key` was used for another request before: send a new one.";
        return Err(Error::Unprocessable(sentence.to_owned()));
    }
    Ok(created(&first))
}

async fn update(api: &Api, request: &Request) -> Result<Response<Body>, Error> {
    api.owner.authorize(request)?;
    let body = body(request)?;
    let id = id(request)?;
    let stored = api.offers.get(&id).await?.ok_or_else(not_found)?;
    let changes = draft::changes(&body, &stored)?;
    let key = (&*stored.id, &*stored.city);
    let version = version::at(api.log.now((api.clock)()).await?);
    let updated = api
        .offers
        .update(key, changes.into_values(), &version)
        .await?;
    Ok(json(StatusCode::OK, &updated.ok_or_else(not_found)?))
}

async fn delete(api: &Api, request: &Request) -> Result<Response<Body>, Error> {
    api.owner.authorize(request)?;
    if !api.offers.delete(&id(request)?).await? {
        return Err(not_found());
    }
    let mut answer = Response::new(Body::Empty);
    *answer.status_mut() = StatusCode::NO_CONTENT;
    Ok(answer)
}

/// Reads the id at the end of the path, which may contain slashes. An id that cannot be
/// a key is a 404.
fn id(request: &Request) -> Result<String, Error> {
    let parameters = request.path_parameters();
    let id = parameters.first("proxy").or_else(|| parameters.first("id"));
    let id = id.unwrap_or_default();
    if id.is_empty() || id.len() > JobOffer::max_bytes("id") {
        return Err(not_found());
    }
    Ok(text::nfc(id.to_owned()))
}

/// Reads the fields of a body, and brings them into the form in which they are stored.
fn body(request: &Request) -> Result<draft::Body, Error> {
    let mut body: draft::Body = request::json(request, MAX_BODY_BYTES)?;
    for (field, value) in &mut body {
        if let Value::String(value) = value {
            *value = text::form(field, std::mem::take(value));
        }
    }
    Ok(body)
}

/// Reads a parameter of the query that narrows the list down; an empty one counts as
/// absent.
fn value(query: &str, name: &'static str) -> Result<Option<String>, Error> {
    let value = parameter(query, name)?.filter(|value| !value.is_empty());
    let limit = JobOffer::max_bytes(name);
    match value {
        Some(value) if value.len() > limit => Err(Error::BadRequest(format!(
            "`{name}` is {} bytes long: at most {limit} are allowed.",
            value.len()
        ))),
        value => Ok(value.map(|value| text::form(name, value))),
    }
}

/// The link to the next page (RFC 8288): the same question, from the end of this page
/// on.
fn link(filter: &Filter, limit: usize, next: &Cursor) -> String {
    let (filter, next) = (filter_of_url(filter), next.encode());
    format!("</v1/jobs?limit={limit}{filter}&cursor={next}>; rel=\"next\"")
}

fn filter_of_url(filter: &Filter) -> String {
    let mut text = String::new();
    let values = [
        ("city", &filter.city),
        ("keyword", &filter.keyword),
        ("contract_type", &filter.contract_type),
    ];
    for (name, value) in values {
        if let Some(value) = value {
            let value = utf8_percent_encode(value, ESCAPED);
            text.push_str(&format!("&{name}={value}"));
        }
    }
    text
}

fn with(mut answer: Response<Body>, name: HeaderName, value: &str) -> Response<Body> {
    // All values are percent-encoded or UUIDs, so every header takes them.
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
    answer
}

fn not_found() -> Error {
    Error::NotFound("There is no such job offer.".to_owned())
}
