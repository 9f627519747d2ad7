//! The parts of a request beside its query: the route that the gateway chose,
//! and the JSON of the body.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequestContext;
use lambda_http::http::HeaderMap;
use lambda_http::http::header::CONTENT_TYPE;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::Error;

/// The gateway's half of the event.
pub fn gateway(request: &Request) -> Option<&ApiGatewayV2httpRequestContext> {
    match request.request_context_ref()? {
        RequestContext::ApiGatewayV2(context) => Some(context),
        #[allow(unreachable_patterns, reason = "other builds have other gateways")]
        _ => None,
    }
}

/// The route that the gateway chose, such as `GET /visits`. A function does not
/// look at the path, since a stage's name may stand before it.
pub fn route(request: &Request) -> &str {
    gateway(request)
        .and_then(|context| context.route_key.as_deref())
        .unwrap_or_default()
}

/// True if a browser asks ahead of a visit that may not come. It says so in
/// `Sec-Purpose`, <https://fetch.spec.whatwg.org/#sec-purpose-header>.
pub fn is_ahead(request: &Request) -> bool {
    let purpose = request.headers().get("sec-purpose");
    purpose.is_some_and(|value| value.as_bytes().starts_with(b"prefetch"))
}

/// The body as a JSON object of at most `limit` bytes.
///
/// # Errors
/// 413, 415, or 400 with what the parser found and where.
pub fn json<T: DeserializeOwned>(request: &Request, limit: usize) -> Result<T, Error> {
    let body: &[u8] = request.body();
    check_length(body.len() as u64, limit)?;
    check_type(request.headers())?;
    // A struct could be read from an array, too.
    if body.trim_ascii_start().first() == Some(&b'[') {
        let sentence = "The body has to be an object.";
        return Err(Error::BadRequest(sentence.to_owned()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Error::BadRequest(format!("The body {}.", json_fault(&error))))
}

/// Characters of a fault that are told; those of the functions' own names have fewer.
const MAX_FAULT_CHARS: usize = 300;

/// Words for clients, by those that the parser has for Rust's types.
const WORDS: [(&str, &str); 6] = [
    ("invalid type: sequence,", "invalid type: array,"),
    ("invalid type: map,", "invalid type: object,"),
    ("floating point `", "number `"),
    ("unknown variant `", "unknown value `"),
    ("expected a map", "expected an object"),
    (
        "expected a nonzero u32",
        "expected a whole number from 1 to 4294967295",
    ),
];

/// Says what is wrong with JSON that cannot be used: the rest of a sentence, after the
/// JSON's name.
pub fn json_fault(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => "is not complete JSON: it ends too early".to_owned(),
        Category::Data => {
            let fault = WORDS
                .iter()
                .fold(error.to_string(), |text, (from, to)| text.replace(from, to));
            format!("is not what is expected: {}", shortened(fault))
        }
        // Also for a number where the name of an operation is expected, say.
        Category::Syntax | Category::Io => {
            format!("is not the JSON that is expected, from line {line}, column {column} on")
        }
    }
}

/// A fault without its end where it is long: it may repeat a key of the client's.
fn shortened(fault: String) -> String {
    match fault.char_indices().nth(MAX_FAULT_CHARS) {
        Some((end, _)) => format!("{}…", &fault[..end]),
        None => fault,
    }
}

/// The request's `Idempotency-Key`, if it has one.
///
/// # Errors
/// [`Error::BadRequest`] for one that is empty, too long or not plain text.
pub fn idempotency_key(request: &Request) -> Result<Option<String>, Error> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str().map(str::trim) {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Error::BadRequest(
            "`Idempotency-Key` has to be 1 to 255 printable ASCII characters.".to_owned(),
        )),
    }
}

/// Refuses a body by its length.
///
/// # Errors
/// 413 beyond `limit` bytes.
pub fn check_length(bytes: u64, limit: usize) -> Result<(), Error> {
    if bytes > limit as u64 {
        let sentence = format!("The body is {bytes} bytes long: at most {limit} are taken.");
        return Err(Error::PayloadTooLarge(sentence));
    }
    Ok(())
}

/// Refuses a body by its type. A body without a type is taken for JSON, and so
/// is plain text, the type that browsers give a string that a page sends.
///
/// # Errors
/// 415 for a type that is not JSON.
pub fn check_type(headers: &HeaderMap) -> Result<(), Error> {
    let Some(value) = headers.get(CONTENT_TYPE) else {
        return Ok(());
    };
    // Bytes beyond ASCII are in no type's name.
    let kind = value.to_str().map_err(|_| Error::UnsupportedMediaType)?;
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    let may_be_json = essence.is_empty()
        || essence == "application/json"
        || essence == "text/plain"
        || (essence.starts_with("application/") && essence.ends_with("+json"));
    may_be_json.then_some(()).ok_or(Error::UnsupportedMediaType)
}
