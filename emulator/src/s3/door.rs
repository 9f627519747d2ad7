//! The bucket for other processes: only the body of a signed request is read,
//! and no object is ever a page that a browser would run.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Response, StatusCode};
use s3s::service::S3Service;

/// The longest URI that is answered, as on S3.
const MAX_URI_BYTES: usize = 8 * 1024;

pub(super) fn router(service: S3Service) -> Router {
    Router::new().fallback(answer).with_state(service)
}

async fn answer(State(service): State<S3Service>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let response = match refusal(&head) {
        Some((status, code, sentence)) => refuse(status, code, sentence),
        None => {
            let request = Request::from_parts(head, body);
            super::answer(&service, request).await.map(Body::new)
        }
    };
    harmless(response)
}

/// The reason to refuse a request by its head alone.
fn refusal(head: &Parts) -> Option<(StatusCode, &'static str, &'static str)> {
    let query = head.uri.query().unwrap_or_default();
    let parameter = |name: &str| query.split('&').any(|pair| pair.starts_with(name));
    let authorization = head.headers.get(AUTHORIZATION);
    let authorization = authorization.map(HeaderValue::as_bytes);
    let is_form = head
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|content| content.as_bytes().starts_with(b"multipart/form-data"));
    if head.uri.to_string().len() > MAX_URI_BYTES {
        return Some((
            StatusCode::URI_TOO_LONG,
            "InvalidURI",
            "The address is too long.",
        ));
    }
    if head.method == Method::POST && is_form {
        return Some((
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            "This bucket takes no uploads from forms; put the object.",
        ));
    }
    if authorization.is_some_and(|value| value.starts_with(b"AWS4-HMAC-SHA256 "))
        || parameter("X-Amz-Signature=")
    {
        return unknown(head);
    }
    if authorization.is_some_and(|value| value.starts_with(b"AWS ")) || parameter("Signature=") {
        return Some((
            StatusCode::BAD_REQUEST,
            "InvalidRequest",
            "Signature version 2 is not taken. Please sign with AWS4-HMAC-SHA256, \
             signature version 4.",
        ));
    }
    Some((
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "Requests have to be signed: the access key id is `owner`, the secret key the owner's token.",
    ))
}

/// The headers that change what a put does, in ways that this bucket has not.
const UNKNOWN_HEADERS: [&str; 3] = [
    "x-amz-rename-source",
    "x-amz-write-offset-bytes",
    "x-amz-server-side-encryption-customer-algorithm",
];

/// The reason to refuse what would be taken for a plain request, and do another thing.
fn unknown(head: &Parts) -> Option<(StatusCode, &'static str, &'static str)> {
    let query = head.uri.query().unwrap_or_default();
    let has_version = query
        .split('&')
        .any(|pair| pair.starts_with("versionId=") && pair != "versionId=null");
    if has_version {
        return Some((
            StatusCode::BAD_REQUEST,
            "InvalidArgument",
            "This bucket keeps no versions of an object.",
        ));
    }
    let is_unknown = UNKNOWN_HEADERS
        .iter()
        .any(|name| head.headers.contains_key(*name));
    is_unknown.then_some((
        StatusCode::NOT_IMPLEMENTED,
        "NotImplemented",
        "This bucket appends nothing, renames nothing and encrypts nothing: put, copy and delete \
         objects.",
    ))
}

fn refuse(status: StatusCode, code: &str, sentence: &str) -> Response<Body> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>{code}</Code><Message>{sentence}</Message></Error>"
    );
    let mut response = Response::new(Body::from(xml));
    *response.status_mut() = status;
    let content = HeaderValue::from_static("application/xml");
    response.headers_mut().insert(CONTENT_TYPE, content);
    response
}

/// Keeps an object that a browser shows from being a page with rights.
fn harmless(mut response: Response<Body>) -> Response<Body> {
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}
