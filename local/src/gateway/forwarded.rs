//! The visitor behind a proxy: an address that a trusted proxy names, and nobody
//! else. The crates for this that were looked at take `2001:db8::1` in
//! `X-Forwarded-For` for a host and a port, or a comma in quotes for an end.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::FORWARDED;
use axum::http::{HeaderMap, HeaderName};
use clap::ValueEnum;
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A header in which proxies name those who ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, which most proxies write.
    XForwardedFor,
    /// `Forwarded`, RFC 7239.
    Forwarded,
}

/// The proxies that are trusted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    pub(crate) trusted: Vec<IpNet>,
    /// The header that they write, if that is known.
    pub(crate) header: Option<ProxyHeader>,
}

impl Proxies {
    /// True if `address` is a trusted proxy's.
    pub(crate) fn trust(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted
            .iter()
            .any(|network| network.contains(&address))
    }

    /// The address of whoever asks. Each proxy adds the one that it was asked by, so
    /// the last that is no trusted proxy's is the visitor's; what stands before may
    /// be anyone's word.
    pub(crate) fn visitor(&self, peer: SocketAddr, headers: &HeaderMap) -> SocketAddr {
        if !self.trust(peer.ip()) {
            return peer;
        }
        let mut nearest = peer.ip();
        for named in self.named(headers).into_iter().rev() {
            let Some(address) = named else {
                break;
            };
            nearest = address;
            if !self.trust(address) {
                break;
            }
        }
        (nearest, peer.port()).into()
    }

    /// The addresses that the proxies name, nothing in place of what is none.
    fn named(&self, headers: &HeaderMap) -> Vec<Option<IpAddr>> {
        let header = self.header.unwrap_or({
            // A proxy that writes this one does not look at the other, which
            // anyone may send.
            if headers.contains_key(X_FORWARDED_FOR) {
                ProxyHeader::XForwardedFor
            } else {
                ProxyHeader::Forwarded
            }
        });
        let name = match header {
            ProxyHeader::XForwardedFor => X_FORWARDED_FOR,
            ProxyHeader::Forwarded => FORWARDED,
        };
        let mut named = Vec::new();
        for line in headers.get_all(name) {
            match (line.to_str(), header) {
                (Ok(line), ProxyHeader::XForwardedFor) => {
                    named.extend(line.split(',').map(address))
                }
                (Ok(line), ProxyHeader::Forwarded) => {
                    named.extend(split(line, ',').into_iter().map(forwarded_for));
                }
                (Err(_), _) => named.push(None),
            }
        }
        named
    }
}

/// The parts between separators that are not in quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let separators = move |letter: char| {
        let is_part = is_quoted && (is_escaped || letter != '"');
        is_escaped = is_quoted && letter == '\\' && !is_escaped;
        if !is_part && letter == '"' {
            is_quoted = !is_quoted;
        }
        letter == separator && !is_quoted
    };
    text.split(separators).collect()
}

/// The address in one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut found = None;
    for pair in split(element, ';') {
        let (name, value) = pair.trim().split_once('=')?;
        if name.eq_ignore_ascii_case("for") && found.replace(value).is_some() {
            return None;
        }
    }
    let value = found?;
    let quoted = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    address(quoted.unwrap_or(value))
}

/// An address, with or without brackets and a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let address = bare.unwrap_or(text).parse();
    let address = address.or_else(|_| text.parse().map(|with_port: SocketAddr| with_port.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests;
