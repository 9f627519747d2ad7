//! The owner's time zone: the days and hours of visits are those of its clocks. Its
//! rules are part of the program, because Lambda's systems come without them.

use std::str::FromStr;

use backend::environment;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

/// A time zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A name that no time zone has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time zone: write its name in the IANA database, such as Europe/Berlin")]
pub struct UnknownZone(String);

impl Default for Zone {
    fn default() -> Self {
        Self(TimeZone::UTC)
    }
}

impl FromStr for Zone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZoneDatabase::bundled().get(name).ok();
        let zone = zone.filter(|zone| !zone.is_unknown());
        zone.map(Self).ok_or_else(|| UnknownZone(name.to_owned()))
    }
}

impl Zone {
    /// Reads `VISIT_TIME_ZONE`. Unset, it is UTC.
    ///
    /// # Errors
    /// When it names no time zone.
    pub fn from_env() -> Result<Self, UnknownZone> {
        environment::optional("VISIT_TIME_ZONE").map_or(Ok(Self::default()), |name| name.parse())
    }

    /// Its name in the database.
    pub(crate) fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The day of a moment, `YYYY-MM-DD`.
    pub(crate) fn day_of(&self, moment: Timestamp) -> String {
        self.at(moment).date().to_string()
    }

    /// The day and the hour of a moment, `YYYY-MM-DDThh`. The hour that is twice in the
    /// night in which clocks go back is one.
    pub(crate) fn hour_of(&self, moment: Timestamp) -> String {
        self.at(moment).strftime("%Y-%m-%dT%H").to_string()
    }

    /// A moment as RFC 3339 writes it, by this zone's clocks; `None` by those of UTC.
    pub(crate) fn local(&self, moment: Timestamp) -> Option<String> {
        let local = self.at(moment).strftime("%Y-%m-%dT%H:%M:%S%:z");
        (self.0 != TimeZone::UTC).then(|| local.to_string())
    }

    /// The first moment of a day. It is not always midnight, which clocks may skip.
    pub(crate) fn start_of(&self, day: Date) -> Timestamp {
        let start = day.to_zoned(self.0.clone());
        let far = match day.year() {
            ..0 => Timestamp::MIN,
            _ => Timestamp::MAX,
        };
        start.map_or(far, |start| start.timestamp())
    }

    /// The last millisecond of a day.
    pub(crate) fn end_of(&self, day: Date) -> Timestamp {
        let next = day.checked_add(1.day());
        let next = next.map_or(Timestamp::MAX, |next| self.start_of(next));
        next.saturating_sub(SignedDuration::from_millis(1))
            .unwrap_or(next)
            .max(self.start_of(day))
    }

    /// The day of a moment.
    pub(crate) fn date_of(&self, moment: Timestamp) -> Date {
        self.at(moment).date()
    }

    fn at(&self, moment: Timestamp) -> Zoned {
        moment.to_zoned(self.0.clone())
    }
}
