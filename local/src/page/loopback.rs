//! The people at this machine. Only they are shown what the owner sees while
//! writing.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{FORWARDED, HOST, VIA};
use axum::http::{HeaderMap, HeaderName, Version};

/// The headers that proxies add.
const OF_PROXIES: [HeaderName; 6] = [
    FORWARDED,
    VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

/// Tells whether a browser on this machine asks, by a name of this machine. A proxy
/// on it asks for somebody else: it says so in a header, or speaks the HTTP/1.0
/// that browsers do not, or passes on the name that was asked for.
pub(crate) fn is_here(caller: SocketAddr, version: Version, headers: &HeaderMap) -> bool {
    caller.ip().to_canonical().is_loopback()
        && version >= Version::HTTP_11
        && !OF_PROXIES.iter().any(|name| headers.contains_key(name))
        && headers
            .get(HOST)
            .and_then(|host| host.to_str().ok())
            .is_some_and(is_name_of_loopback)
}

fn is_name_of_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(caller: &str, version: Version, headers: &[(&'static str, &str)]) -> bool {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        is_here(caller.parse().unwrap(), version, &headers)
    }

    #[test]
    fn a_browser_on_this_machine_is_here() {
        for (caller, host) in [
            ("127.0.0.1:5000", "127.0.0.1:3000"),
            ("127.0.0.1:5000", "localhost:3000"),
            ("[::1]:5000", "[::1]:3000"),
            ("[::ffff:127.0.0.1]:5000", "LOCALHOST"),
        ] {
            assert!(asks(caller, Version::HTTP_11, &[("host", host)]), "{host}");
        }
    }

    #[test]
    fn others_are_not_and_neither_is_a_proxy_on_this_machine() {
        let here = ("host", "127.0.0.1:3000");
        for (caller, version, headers) in [
            ("192.0.2.1:5000", Version::HTTP_11, vec![here]),
            ("[2001:db8::1]:5000", Version::HTTP_11, vec![here]),
            ("127.0.0.1:5000", Version::HTTP_10, vec![here]),
            ("127.0.0.1:5000", Version::HTTP_11, vec![]),
            (
                "127.0.0.1:5000",
                Version::HTTP_11,
                vec![("host", "example.org")],
            ),
            (
                "127.0.0.1:5000",
                Version::HTTP_11,
                vec![("host", "127.0.0.1.example.org")],
            ),
            (
                "127.0.0.1:5000",
                Version::HTTP_11,
                vec![here, ("x-forwarded-for", "192.0.2.1")],
            ),
            (
                "127.0.0.1:5000",
                Version::HTTP_11,
                vec![here, ("forwarded", "for=192.0.2.1")],
            ),
        ] {
            assert!(!asks(caller, version, &headers), "{caller} {headers:?}");
        }
    }
}
