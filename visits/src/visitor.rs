//! The traits that tell one visitor from another during a day, which are never stored.

use std::net::{IpAddr, Ipv6Addr};

use backend::{Cdn, request};
use lambda_http::Request;
use lambda_http::http::header::USER_AGENT;

/// Address and browser of whoever asks. It has no `Debug`, so that no log line
/// can hold it.
pub(crate) struct Visitor {
    pub(crate) address: String,
    pub(crate) user_agent: String,
}

/// Finds who asks. Behind a CDN the connection's address is the CDN's, and the
/// viewer's own comes in a header, with a port.
pub(crate) fn of(request: &Request, cdn: &Cdn) -> Visitor {
    let viewer = cdn.header(request, "cloudfront-viewer-address");
    let viewer = viewer.and_then(|text| Some(text.rsplit_once(':')?.0.to_owned()));
    let caller = || request::gateway(request)?.http.source_ip.clone();
    let agent = request.headers().get(USER_AGENT);
    let agent = agent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Visitor {
        address: viewer.or_else(caller).map(one_visitors).unwrap_or_default(),
        user_agent: agent.unwrap_or_default(),
    }
}

/// An IPv4 address, or the first 64 bits of an IPv6 one: the rest is the visitor's
/// own choice, and changes within a day.
fn one_visitors(address: String) -> String {
    match address
        .parse::<IpAddr>()
        .map(|address| address.to_canonical())
    {
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        Ok(address) => address.to_string(),
        Err(_) => address,
    }
}
