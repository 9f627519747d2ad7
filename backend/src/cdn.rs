//! The status that CloudFront would take away: it replaces every 403 by the site's page
//! for dead links, because a bucket that nobody may list answers so, and a rule for
//! errors holds for all origins of a distribution. The APIs' 403 passes it as a header,
//! which a function of CloudFront's makes a status again (`SiteStatusFunction` in
//! template.yaml).

use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Request, Response};

/// The header by which the distribution names itself to the APIs.
const CDN: &str = "x-cdn";
/// The header with the true status of an answer.
const STATUS: &str = "x-status";

/// True if the distribution asks.
pub(crate) fn is_from(request: &Request) -> bool {
    request.headers().contains_key(CDN)
}

/// Moves a 403 from the status to a header.
pub(crate) fn hide_status(mut answer: Response<Body>) -> Response<Body> {
    if answer.status() == StatusCode::FORBIDDEN {
        *answer.status_mut() = StatusCode::OK;
        let headers = answer.headers_mut();
        headers.insert(STATUS, HeaderValue::from_static("403"));
    }
    answer
}
