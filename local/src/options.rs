//! The command line. Every option can also come from the environment, where an
//! option on the command line wins.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use axum::http::{HeaderValue, Uri};
use clap::Parser;
use clap::builder::FalseyValueParser;

/// A résumé site that counts its visitors, on this machine.
///
/// Serves GET /counter, the built site, and the store they need. No cloud
/// account is used.
#[derive(Clone, Debug, Parser)]
#[command(name = "resume-counter", version, about, long_about)]
pub struct Options {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(
        long,
        env = "RESUME_COUNTER_LISTEN",
        default_value = "127.0.0.1:3000",
        value_name = "ADDRESS"
    )]
    pub listen: SocketAddr,

    /// Folder the counts are kept in [default: resume-counter in the user's data folder].
    #[arg(long, env = "RESUME_COUNTER_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,

    /// Keep the counts in memory: they end with the program, and no folder is used.
    #[arg(long, env = "RESUME_COUNTER_IN_MEMORY", value_parser = FalseyValueParser::new())]
    pub in_memory: bool,

    /// Answer a hit only once it is on the disk, so that it survives a power
    /// loss. Without it a hit survives the end of the program, kill -9
    /// included, but the last moments before a power loss may be lost.
    #[arg(long, env = "RESUME_COUNTER_FSYNC", value_parser = FalseyValueParser::new())]
    pub fsync: bool,

    /// Folder of the built site [default: site/dist where it exists].
    #[arg(long, env = "RESUME_COUNTER_SITE", value_name = "DIR")]
    pub site: Option<PathBuf>,

    /// Use this DynamoDB-compatible store instead of the built-in one, with
    /// the access keys and the region of the environment.
    #[arg(long, env = "DYNAMODB_ENDPOINT", value_name = "URL")]
    pub dynamodb_endpoint: Option<String>,

    /// Name of the table of hits.
    #[arg(
        long,
        env = "DYNAMODB_TABLE",
        default_value = "CloudResumeCounterHits",
        value_name = "NAME"
    )]
    pub table: String,

    /// Origin whose pages may call the API, or * for all; may be repeated.
    #[arg(
        long,
        env = "RESUME_COUNTER_ALLOW_ORIGIN",
        default_value = "*",
        value_delimiter = ',',
        value_name = "ORIGIN",
        value_parser = parse_origin
    )]
    pub allow_origin: Vec<HeaderValue>,

    /// Requests a second that the API takes; more are answered 429.
    #[arg(
        long,
        env = "RESUME_COUNTER_THROTTLE_RATE",
        default_value = "10",
        value_name = "N"
    )]
    pub throttle_rate: NonZeroU32,

    /// Requests the API takes at once before the rate counts.
    #[arg(
        long,
        env = "RESUME_COUNTER_THROTTLE_BURST",
        default_value = "10",
        value_name = "N"
    )]
    pub throttle_burst: NonZeroU32,

    /// Log every request.
    #[arg(long, short, env = "RESUME_COUNTER_VERBOSE", value_parser = FalseyValueParser::new())]
    pub verbose: bool,
}

/// An origin as browsers send it, RFC 6454, section 6.2: it is compared to the
/// letter, so one of another form would never match.
fn parse_origin(text: &str) -> Result<HeaderValue, String> {
    let is_origin = text.parse::<Uri>().is_ok_and(|uri| {
        let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
        scheme
            && uri
                .authority()
                .is_some_and(|host| text.ends_with(host.as_str()))
    });
    match text.parse() {
        Ok(value) if text == "*" || is_origin => Ok(value),
        _ => Err("expected * or an origin such as https://example.com".to_owned()),
    }
}
