//! The place of a visitor. On AWS it comes from CloudFront; here it comes in the
//! same headers, from a file that the owner has or from a CDN that knows a secret, and
//! from nobody else.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use backend::origin::{Cdn, SECRET_HEADER};
use maxminddb::{MaxMindDbError, Reader, geoip2};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

const OF_THE_CDN: &str = "cloudfront-";
const CITY: HeaderName = HeaderName::from_static("cloudfront-viewer-city");
const COUNTRY: HeaderName = HeaderName::from_static("cloudfront-viewer-country");
const SECRET: HeaderName = HeaderName::from_static(SECRET_HEADER);

/// Says in a request where its visitor is.
#[derive(Clone)]
pub(crate) struct Viewer {
    secret: String,
    /// The CDN before this program, if there is one.
    cdn: Cdn,
    places: Option<Arc<Reader<Vec<u8>>>>,
}

/// The reason why places cannot be looked up.
#[derive(Debug, thiserror::Error)]
pub enum GeoIpError {
    /// The file cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, std::io::Error),
    /// It is no such database.
    #[error("{0} is no MaxMind database (MMDB): {1}")]
    Database(PathBuf, MaxMindDbError),
    /// No secret can be had.
    #[error("the system gives no random numbers: {0}")]
    Random(getrandom::Error),
}

impl std::fmt::Debug for Viewer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Viewer(..)")
    }
}

impl Viewer {
    /// Believes a CDN that sends `cdn_secret`, and looks places up in `file`.
    ///
    /// # Errors
    /// Where the file is no such database.
    pub(crate) fn new(cdn_secret: Option<&str>, file: Option<&Path>) -> Result<Self, GeoIpError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(GeoIpError::Random)?;
        let places = file.map(open).transpose()?;
        Ok(Self {
            secret: hex::encode(secret),
            cdn: cdn_secret.map_or_else(Cdn::default, Cdn::from_secret),
            places: places.map(Arc::new),
        })
    }

    /// The check that believes its headers.
    pub(crate) fn cdn(&self) -> Cdn {
        Cdn::from_secret(&self.secret)
    }

    /// Takes away what a client says of its place, and adds what is known of it.
    pub(crate) fn mark(&self, headers: &mut HeaderMap, visitor: IpAddr) {
        if self.cdn.sent(headers) {
            self.sign(headers);
            return;
        }
        let forged = headers
            .keys()
            .filter(|name| name.as_str().starts_with(OF_THE_CDN));
        let forged: Vec<_> = forged.cloned().chain([SECRET]).collect();
        for name in forged {
            headers.remove(name);
        }
        let Some((city, country)) = self.places.as_ref().map(|all| look_up(all, visitor)) else {
            return;
        };
        for (name, value) in [(CITY, city), (COUNTRY, country)] {
            if let Some(Ok(value)) = value.map(HeaderValue::try_from) {
                headers.insert(name, value);
            }
        }
        self.sign(headers);
    }

    fn sign(&self, headers: &mut HeaderMap) {
        if let Ok(secret) = HeaderValue::try_from(&self.secret) {
            headers.insert(SECRET, secret);
        }
    }
}

fn open(file: &Path) -> Result<Reader<Vec<u8>>, GeoIpError> {
    let bytes = fs::read(file).map_err(|error| GeoIpError::File(file.to_owned(), error))?;
    Reader::from_source(bytes).map_err(|error| GeoIpError::Database(file.to_owned(), error))
}

/// The city, percent-encoded, and the country's code. A file of countries alone has
/// no cities.
fn look_up(places: &Reader<Vec<u8>>, visitor: IpAddr) -> (Option<String>, Option<String>) {
    let found = places.lookup(visitor).ok();
    let place = found.and_then(|found| found.decode::<geoip2::City>().ok().flatten());
    let Some(place) = place else {
        return (None, None);
    };
    let city = place.city.names.english;
    let city = city.map(|name| utf8_percent_encode(name, NON_ALPHANUMERIC).to_string());
    (city, place.country.iso_code.map(str::to_owned))
}
