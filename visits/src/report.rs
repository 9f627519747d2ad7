//! The report of a visit by a client, checked and with its defaults filled in.

use backend::{Cdn, Error, crawler, request};
use jiff::{SignedDuration, Timestamp};
use lambda_http::Request;
use percent_encoding::percent_decode_str;
use shared::visits::{Link, NewVisit, SkipReason, Visit, is_source};
use uuid::{ContextV7, Uuid};

use crate::{property, range};

/// The record to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// A visit for the log.
    Visit {
        visit: Visit,
        /// The visit's date, read.
        moment: Timestamp,
    },
    /// A page view of which only the reason is counted.
    Skipped {
        property: String,
        reason: SkipReason,
    },
}

/// Longest place in bytes; the longest name of a town has 168 letters, and is
/// shortened by those who live there.
const MAX_PLACE_BYTES: usize = 100;
pub(crate) const UNKNOWN: &str = "unknown";

/// Clocks are wrong by minutes; a day allows for a wrong time zone as well.
const MAX_AHEAD: SignedDuration = SignedDuration::from_hours(24);
const EARLIEST: Timestamp = Timestamp::constant(946_684_800, 0); // 2000-01-01

impl Report {
    /// The name of what was viewed.
    pub(crate) fn property(&self) -> &str {
        match self {
            Self::Visit { visit, .. } => &visit.property_id,
            Self::Skipped { property, .. } => property,
        }
    }

    /// Checks `visit`, which came with `request`.
    ///
    /// # Errors
    /// [`Error::Unprocessable`] with the rule that is broken.
    pub(crate) fn parse(
        visit: NewVisit,
        request: &Request,
        cdn: &Cdn,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let property =
            property::parse(visit.property_id.as_deref()).map_err(Error::Unprocessable)?;
        let is_visit = [&visit.date, &visit.place, &visit.source, &visit.link];
        if visit.skipped.is_some() && is_visit.into_iter().any(Option::is_some) {
            let sentence = "With `skipped`, only `propertyId` may be sent: leave out `date`, `place`, `source` and `link`.";
            return Err(Error::Unprocessable(sentence.to_owned()));
        }
        if let Some(reason) = skip_reason(&visit, request) {
            return Ok(Self::Skipped { property, reason });
        }
        let (date, moment) = match visit.date {
            Some(date) => {
                let moment = check_date(&date, now).map_err(Error::Unprocessable)?;
                (date, moment)
            }
            None => (range::sortable(now), now),
        };
        let place = check_place(visit.place.as_deref().unwrap_or_default());
        let place = place.map_err(Error::Unprocessable)?;
        let place = place.unwrap_or_else(|| place_of_viewer(request, cdn));
        check_source(visit.source.as_deref()).map_err(Error::Unprocessable)?;
        check_link(visit.link.as_deref()).map_err(Error::Unprocessable)?;
        let visit = Visit {
            id: Uuid::new_v7(uuid_timestamp(now)).to_string(),
            property_id: property,
            date,
            place,
            source: visit.source,
            link: visit.link,
            local_date: None,
        };
        Ok(Self::Visit { visit, moment })
    }
}

/// Finds why a view is no visit, where the page does not say: nobody is looking
/// yet, or a program says what it is.
fn skip_reason(visit: &NewVisit, request: &Request) -> Option<SkipReason> {
    if visit.skipped.is_some() {
        visit.skipped
    } else if request::is_ahead(request) {
        Some(SkipReason::Prefetch)
    } else if is_of_a_page(visit) && crawler::is_crawler(request) {
        Some(SkipReason::Crawler)
    } else {
        None
    }
}

/// Tells a page's report from that of a client which keeps a log of its own: only
/// the latter knows when and from where.
fn is_of_a_page(visit: &NewVisit) -> bool {
    visit.date.is_none() && visit.place.is_none()
}

/// The moment of a visit's date, or the sentence that says what is wrong with it.
pub(crate) fn check_date(date: &str, now: Timestamp) -> Result<Timestamp, String> {
    let Some(moment) = range::moment(date) else {
        return Err(
            "`date` has to be a time in RFC 3339, such as 2026-11-21T10:30:00Z.".to_owned(),
        );
    };
    if moment < EARLIEST || moment.duration_since(now) > MAX_AHEAD {
        return Err("`date` has to lie between the year 2000 and tomorrow.".to_owned());
    }
    Ok(moment)
}

/// A visit's place, if it is said, or the sentence that says what is wrong with it.
pub(crate) fn check_place(place: &str) -> Result<Option<String>, String> {
    let place = place.trim();
    if place.len() > MAX_PLACE_BYTES {
        return Err(format!(
            "`place` is {} bytes long: at most {MAX_PLACE_BYTES} are allowed.",
            place.len()
        ));
    }
    if place.contains(char::is_control) {
        return Err("`place` contains a control character.".to_owned());
    }
    Ok(Some(place.to_owned()).filter(|place| !place.is_empty()))
}

/// Refuses what is no source of a visit.
pub(crate) fn check_source(source: Option<&str>) -> Result<(), String> {
    match source {
        Some(source) if !is_source(source) => Err(
            "`source` has to be up to 50 lower-case letters, digits, dots, hyphens and underscores."
                .to_owned(),
        ),
        _ => Ok(()),
    }
}

/// Refuses what cannot be the code of a link.
pub(crate) fn check_link(link: Option<&str>) -> Result<(), String> {
    match link {
        Some(link) if !Link::is_code(link) => Err(
            "`link` has to be the code of a link: six lower-case letters and digits.".to_owned(),
        ),
        _ => Ok(()),
    }
}

/// Town and country as CloudFront adds them to a request:
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/adding-cloudfront-headers.html>.
fn place_of_viewer(request: &Request, cdn: &Cdn) -> String {
    let header = |name| {
        let value = cdn.header(request, name)?;
        let text = percent_decode_str(value.trim()).decode_utf8().ok()?;
        check_place(&text).ok().flatten()
    };
    let city = header("cloudfront-viewer-city");
    let country = header("cloudfront-viewer-country");
    match (city, country) {
        (Some(city), Some(country)) => {
            let both = check_place(&format!("{city}, {country}"));
            both.ok().flatten().unwrap_or(city)
        }
        (Some(place), None) | (None, Some(place)) => place,
        (None, None) => UNKNOWN.to_owned(),
    }
}

fn uuid_timestamp(now: Timestamp) -> uuid::Timestamp {
    let seconds = now.as_second().unsigned_abs();
    let nanoseconds = now.subsec_nanosecond().unsigned_abs();
    uuid::Timestamp::from_unix(ContextV7::new(), seconds, nanoseconds)
}
