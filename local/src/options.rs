//! The options of the server: its ports, its limits, its store.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;

use axum::http::{HeaderValue, Uri};
use clap::Args;
use clap::builder::{FalseyValueParser, NonEmptyStringValueParser};
use url::{Position, Url};
use visits::Zone;

use crate::address;
use crate::number;
use crate::system::System;
use crate::{LogOptions, PageOptions, ProxyOptions, StartError, Systems};

mod store;

pub use store::{Folder, StoreOptions};

/// The headings of the options, by what somebody needs them for.
pub(crate) mod heading {
    pub(crate) const COUNTER: &str = "The counter and its page";
    pub(crate) const VISITS: &str = "Visits";
    pub(crate) const JOBS: &str = "Job offers";
    pub(crate) const ITEMS: &str = "Items";
    pub(crate) const ALL: &str = "All systems";
    pub(crate) const STORE: &str = "The store";
    pub(crate) const LOG: &str = "The log";
}

/// The owner's time zone.
#[derive(Clone, Debug, Args)]
pub struct ZoneOptions {
    /// Time zone of the days and hours of visits, by its name in the IANA database,
    /// such as Europe/Berlin.
    #[arg(
        help_heading = heading::VISITS,
        long,
        env = "RESUME_COUNTER_TIME_ZONE",
        default_value = "UTC",
        value_name = "NAME"
    )]
    pub time_zone: Zone,
}

/// How to serve.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The systems that are served.
    #[command(flatten)]
    pub systems: Systems,

    /// Host whose pages are counted [default: any]; may be repeated.
    #[arg(
        help_heading = heading::COUNTER,
        long,
        env = "RESUME_COUNTER_COUNTED_HOSTS",
        value_delimiter = ',',
        value_name = "HOST",
        value_parser = parse_host
    )]
    pub counted_hosts: Vec<String>,

    /// The highest number of pages, and of properties: a new one beyond it is refused
    /// with 403. 0 is no limit, which a store without transactions needs.
    #[arg(
        help_heading = heading::COUNTER,
        long,
        env = "RESUME_COUNTER_MAX_PAGES",
        default_value_t = backend::MAX_PAGES,
        allow_negative_numbers = true,
        value_name = "N",
        value_parser = number::parse_pages
    )]
    pub max_pages: u64,

    /// Days after which single visits are deleted; the totals of their days stay. 0
    /// keeps the visits for good.
    #[arg(
        help_heading = heading::VISITS,
        long,
        env = "RESUME_COUNTER_VISIT_RETENTION",
        default_value_t = 0,
        allow_negative_numbers = true,
        value_name = "DAYS",
        value_parser = number::parse_days
    )]
    pub visit_retention: u16,

    /// The owner's time zone.
    #[command(flatten)]
    pub zone: ZoneOptions,

    /// Origin whose pages may call the counter, or * for all; may be repeated.
    #[arg(
        help_heading = heading::COUNTER,
        long,
        env = "RESUME_COUNTER_ALLOW_ORIGIN",
        default_value = "*",
        value_delimiter = ',',
        value_name = "ORIGIN",
        value_parser = parse_origin
    )]
    pub allow_origin: Vec<HeaderValue>,

    /// The page that is served.
    #[command(flatten)]
    pub page: PageOptions,

    /// The store that is used.
    #[command(flatten)]
    pub store: StoreOptions,

    /// Address and port of the bucket that CSV files are put into [default: the
    /// next port after the site's, on 127.0.0.1].
    #[arg(help_heading = heading::JOBS, long, env = "RESUME_COUNTER_S3_LISTEN", value_name = "ADDRESS", value_parser = address::parse)]
    pub s3_listen: Option<SocketAddr>,

    /// Address and port to listen on, or the port alone; port 0 takes a free one.
    #[arg(
        help_heading = heading::ALL,
        long,
        env = "RESUME_COUNTER_LISTEN",
        default_value = "127.0.0.1:3000",
        value_name = "ADDRESS",
        value_parser = address::parse
    )]
    pub listen: SocketAddr,

    /// Origin whose pages, beside the program's own, may call the rest of the API;
    /// may be repeated.
    #[arg(
        help_heading = heading::ALL,
        long,
        env = "RESUME_COUNTER_OWNER_ORIGIN",
        value_delimiter = ',',
        value_name = "ORIGIN",
        value_parser = parse_origin
    )]
    pub owner_origin: Vec<HeaderValue>,

    /// Requests a second that a path of the API takes; more are answered 429.
    #[arg(
        help_heading = heading::ALL,
        long,
        env = "RESUME_COUNTER_THROTTLE_RATE",
        default_value = "10",
        allow_negative_numbers = true,
        value_name = "N",
        value_parser = number::parse_requests
    )]
    pub throttle_rate: NonZeroU32,

    /// Requests that a path of the API takes at once before --throttle-rate applies.
    #[arg(
        help_heading = heading::ALL,
        long,
        env = "RESUME_COUNTER_THROTTLE_BURST",
        default_value = "10",
        allow_negative_numbers = true,
        value_name = "N",
        value_parser = number::parse_requests
    )]
    pub throttle_burst: NonZeroU32,

    /// Show made-up job offers and visits. Everything is in memory, and neither
    /// your own data nor another store is touched.
    #[arg(help_heading = heading::ALL, long)]
    pub demo: bool,

    /// Keep everything in memory: it ends with the program, and no folder is used.
    #[arg(help_heading = heading::STORE, long, env = "RESUME_COUNTER_IN_MEMORY", value_parser = FalseyValueParser::new())]
    pub in_memory: bool,

    /// Open the built-in DynamoDB to other programs at this address and port.
    /// They need the key that is printed.
    #[arg(help_heading = heading::STORE, long, env = "RESUME_COUNTER_DYNAMODB_LISTEN", value_name = "ADDRESS", value_parser = address::parse)]
    pub dynamodb_listen: Option<SocketAddr>,

    /// Secret of the key for --dynamodb-listen [default: another one at each start].
    /// Better set in the environment: other users of the machine can read a command
    /// line.
    #[arg(
        help_heading = heading::STORE,
        long,
        env = "RESUME_COUNTER_DYNAMODB_KEY",
        hide_env_values = true,
        requires = "dynamodb_listen",
        value_name = "SECRET",
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub dynamodb_key: Option<String>,

    /// The proxies and the file by which a visitor is known.
    #[command(flatten)]
    pub proxy: ProxyOptions,

    /// The options of the log.
    #[command(flatten)]
    pub log: LogOptions,
}

impl Options {
    /// Keeps a demonstration, if one is asked for, away from all data that is kept.
    pub(crate) fn away_from_data(mut self) -> Self {
        if self.demo {
            self.in_memory = true;
            self.store.dynamodb_endpoint = None;
        }
        self
    }

    /// The bucket's address: a port of its own, since objects may not share
    /// an origin with the owner's pages.
    /// There is none without job offers.
    ///
    /// # Errors
    /// Where an address is named for a bucket that is not there.
    pub(crate) fn s3_listen(&self) -> Result<Option<SocketAddr>, StartError> {
        if !self.systems.has(System::Jobs) {
            return match self.s3_listen {
                Some(_) => Err(StartError::NoBucketToOpen),
                None => Ok(None),
            };
        }
        let next = match self.listen.port() {
            0 | u16::MAX => 0,
            port => port + 1,
        };
        let address = self.s3_listen;
        Ok(Some(
            address.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, next).into()),
        ))
    }
}

/// A host as the names of pages start with it, taken also out of an address.
fn parse_host(text: &str) -> Result<String, String> {
    let host = match Url::parse(text) {
        Ok(url) if url.has_host() => url[Position::BeforeHost..Position::AfterPort].to_owned(),
        _ => text.trim().to_owned(),
    };
    let is_host = |letter: char| !letter.is_whitespace() && !"/?#@".contains(letter);
    if host.is_empty() || !host.chars().all(is_host) {
        return Err("write a host such as example.com".to_owned());
    }
    backend::check_host_name(&host).map_err(|error| error.to_string())?;
    Ok(host)
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
        _ => Err(
            "write * or an origin such as https://example.com, without a slash at its end"
                .to_owned(),
        ),
    }
}
