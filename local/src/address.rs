//! Addresses to listen on, as people write them.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};

const FORMS: &str =
    "write an address and a port, such as 127.0.0.1:3000, localhost:3000, or 3000 alone";

/// Parses an address with a port. One without a host is of this machine alone.
///
/// # Errors
/// A sentence for the user.
pub(crate) fn parse(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').unwrap_or(("", text));
    let port: u16 = port.parse().map_err(|_| FORMS.to_owned())?;
    if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    let found = (host, port).to_socket_addrs();
    let found = found.ok().and_then(|mut addresses| addresses.next());
    found.ok_or_else(|| format!("the address of {host} cannot be found; {FORMS}"))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_address_is_read_as_people_write_it() {
        for (text, address) in [
            ("127.0.0.1:3000", "127.0.0.1:3000"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:3000", "[::1]:3000"),
            ("localhost:3000", "127.0.0.1:3000"),
            ("Localhost:0", "127.0.0.1:0"),
            (":8080", "127.0.0.1:8080"),
            ("8080", "127.0.0.1:8080"),
        ] {
            assert_eq!(parse(text), Ok(address.parse().unwrap()), "{text}");
        }
        for text in [
            "",
            "nowhere",
            "localhost",
            "localhost:",
            "127.0.0.1:65536",
            "http://x",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
