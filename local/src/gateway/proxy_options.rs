//! The options that say who asks, and from where, behind a proxy.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use ipnet::IpNet;

use super::forwarded::{Proxies, ProxyHeader};
use crate::options::heading;

/// The proxies and the file by which a visitor is known.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = heading::ALL)]
pub struct ProxyOptions {
    /// Address or network (CIDR) of a proxy in front of this program, which names its
    /// visitors in X-Forwarded-For or Forwarded; may be repeated.
    #[arg(
        long,
        env = "RESUME_COUNTER_TRUSTED_PROXY",
        value_delimiter = ',',
        value_name = "CIDR",
        value_parser = parse_network
    )]
    pub trusted_proxy: Vec<IpNet>,

    /// Header that the trusted proxies write [default: X-Forwarded-For where it comes,
    /// else Forwarded].
    #[arg(long, env = "RESUME_COUNTER_PROXY_HEADER", value_name = "HEADER")]
    pub proxy_header: Option<ProxyHeader>,

    /// Secret that a CDN before this program sends in X-Origin-Secret, so that its
    /// CloudFront-Viewer-… headers are believed. Better set in the environment: other
    /// users of the machine can read a command line.
    #[arg(
        long,
        env = "RESUME_COUNTER_CDN_SECRET",
        hide_env_values = true,
        value_name = "SECRET",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub cdn_secret: Option<String>,

    /// File of places by address (MMDB), such as GeoLite2-City or DB-IP's.
    #[arg(long, env = "RESUME_COUNTER_GEOIP", value_name = "FILE")]
    pub geoip: Option<PathBuf>,
}

impl ProxyOptions {
    pub(crate) fn proxies(&self) -> Proxies {
        Proxies {
            trusted: self.trusted_proxy.clone(),
            header: self.proxy_header,
        }
    }
}

/// A network, or a single address.
fn parse_network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address
        .or_else(|_| text.parse())
        .map_err(|_| "write an address or a network, such as 10.0.0.0/8".to_owned())
}
