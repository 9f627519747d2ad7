//! What tells one visitor from another during a day, and is never stored.

use backend::request;
use lambda_http::Request;
use lambda_http::http::header::USER_AGENT;

/// Address and browser of whoever asks. It has no `Debug`, so that no log line
/// can hold it.
pub(crate) struct Visitor {
    pub(crate) address: String,
    pub(crate) user_agent: String,
}

/// Who asks. Behind a CDN the connection's address is the CDN's, and the
/// viewer's own comes in a header, with a port.
pub(crate) fn of(request: &Request) -> Visitor {
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let viewer = header("cloudfront-viewer-address");
    let viewer = viewer.and_then(|text| Some(text.rsplit_once(':')?.0.to_owned()));
    let caller = || request::gateway(request)?.http.source_ip.clone();
    Visitor {
        address: viewer.or_else(caller).unwrap_or_default(),
        user_agent: header(USER_AGENT.as_str()).unwrap_or_default(),
    }
}
