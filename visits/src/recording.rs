//! Writing what was reported: the log, its counts, the visitor's mark and the
//! answer for repeats, in one transaction, so that the counts are always those of
//! the log.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use backend::Error;
use backend::transaction::{Failed, Pause, put, transact, update};
use jiff::Timestamp;
use shared::visits::{SkipReason, Visit};
use tokio::try_join;

use crate::day::{self, Naming, Tally};
use crate::key::Key;
use crate::log::{self, Item, Log, SORT_KEY, number};
use crate::properties;
use crate::salts::{EXPIRES, Mark};
use crate::zone::Zone;

/// The start of the sort key of a visitor of a day.
pub(crate) const UNIQUE: &str = "unique#";

/// The purpose of a part of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Visit,
    Day,
    AllProperties,
    Mark,
    Key,
    /// The property, which is new.
    Property,
    /// The count of the properties.
    Properties,
}

type Parts = Vec<(Part, TransactWriteItem)>;

/// A visit on its way into the table, with the parts of its transaction as known so
/// far.
#[derive(Debug)]
pub(crate) struct Recording<'a> {
    visit: &'a Visit,
    moment: Timestamp,
    /// Its day and hour.
    hour: String,
    /// The mark of a visitor who is known and not yet counted.
    mark: Option<Mark>,
    key: Option<&'a Key>,
    place: Naming,
    source: Naming,
    property: Naming,
    /// True if the property has no visits yet.
    is_of_new_property: bool,
    /// The second at which it is to go.
    end: Option<i64>,
}

/// A visit that is in the table.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) visit: Visit,
    /// True if it was not there before.
    pub(crate) is_new: bool,
}

impl Log {
    /// Stores a visit and counts it, and gives what is stored: for a repeat
    /// with the same key that is the first one's visit.
    ///
    /// # Errors
    /// The store's. After [`Error::StoreUnavailable`] the visit may have been
    /// stored: a repeat is safe with a key, and may count twice without.
    pub(crate) async fn record(&self, mut recording: Recording<'_>) -> Result<Recorded, Error> {
        // The condition in the transaction decides whether a mark is new; but
        // where it fails, it costs as much as the writes.
        let is_known = async {
            match &recording.mark {
                Some(mark) => Ok(self.item(recording.mark_key(mark)).await?.is_some()),
                None => Ok(false),
            }
        };
        let property = &recording.visit.property_id;
        let (is_known, is_of_new_property) = try_join!(is_known, self.is_new(property))?;
        if is_known {
            recording.mark = None;
        }
        recording.is_of_new_property = is_of_new_property;
        let mut pause = Pause::default();
        // While others write the same items, `handle` ends it by its time-out, and an
        // import goes on.
        loop {
            let mut parts = recording.parts(&self.table).map_err(Error::internal)?;
            if recording.is_of_new_property {
                parts.extend(self.new_property(&recording.visit.property_id)?);
            }
            let failed = self.write(parts).await?;
            if failed.is_empty() {
                let visit = recording.visit.clone();
                return Ok(Recorded {
                    visit,
                    is_new: true,
                });
            }
            for part in failed {
                match part {
                    Refused::Busy => pause.wait().await,
                    Refused::Condition(Part::Visit) => {
                        let visit = recording.visit.clone();
                        return Ok(Recorded {
                            visit,
                            is_new: false,
                        });
                    }
                    Refused::Condition(Part::Day) => recording.find_room(),
                    Refused::Condition(Part::AllProperties) => recording.property = Naming::Other,
                    Refused::Condition(Part::Mark) => recording.mark = None,
                    Refused::Condition(Part::Property) => recording.is_of_new_property = false,
                    // Where it was made meanwhile, it needs no room.
                    Refused::Condition(Part::Properties) if recording.is_of_new_property => {
                        return Err(self.bounds.full());
                    }
                    Refused::Condition(Part::Properties) => {}
                    Refused::Condition(Part::Key) => {
                        if let Some(item) = self.item(recording.answer_key()).await? {
                            let visit = Key::first_visit(&item)?;
                            return Ok(Recorded {
                                visit,
                                is_new: false,
                            });
                        }
                    }
                }
            }
        }
    }

    /// One more page view of `property` that was not recorded; a repeat with the
    /// same key changes nothing.
    ///
    /// # Errors
    /// As for a visit.
    pub(crate) async fn count_skipped(
        &self,
        property: &str,
        reason: SkipReason,
        now: Timestamp,
        key: Option<&Key>,
    ) -> Result<(), Error> {
        let day = log::key(property, &day::sort_key(&self.zone.day_of(now)));
        let mut is_of_new_property = self.is_new(property).await?;
        let mut pause = Pause::default();
        loop {
            let count = day::count_skipped(&self.table, day.clone(), reason);
            let count = update(count.map_err(Error::internal)?);
            let mut parts = vec![(Part::Day, count)];
            if let Some(key) = key {
                let put_key = key.put_skipped(&self.table, property, reason);
                parts.push((Part::Key, put(put_key.map_err(Error::internal)?)));
            }
            if is_of_new_property {
                parts.extend(self.new_property(property)?);
            }
            let refused = self.write(parts).await?;
            if refused.is_empty() || refused.contains(&Refused::Condition(Part::Key)) {
                return Ok(());
            }
            if refused.contains(&Refused::Condition(Part::Property)) {
                is_of_new_property = false;
            } else if refused.contains(&Refused::Condition(Part::Properties)) {
                return Err(self.bounds.full());
            } else {
                pause.wait().await;
            }
        }
    }

    /// Writes all parts or none, and gives those because of which none was.
    async fn write(&self, parts: Parts) -> Result<Vec<Refused>, Error> {
        let (names, items): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let failed = transact(&self.client, items).await?.into_iter();
        let refused = failed.filter_map(|failed| match failed {
            Failed::Condition(index) => names.get(index).copied().map(Refused::Condition),
            Failed::Busy => Some(Refused::Busy),
        });
        Ok(refused.collect())
    }

    /// The writes that go with a property's first visit.
    fn new_property(&self, property: &str) -> Result<Parts, Error> {
        let known = properties::put_known(&self.table, property).map_err(Error::internal)?;
        let most = self.bounds.max_pages();
        let count = properties::count_one(&self.table, most).map_err(Error::internal)?;
        Ok(vec![
            (Part::Property, put(known)),
            (Part::Properties, update(count)),
        ])
    }

    pub(crate) async fn item(&self, key: Item) -> Result<Option<Item>, Error> {
        let call = self.client.get_item().table_name(&self.table);
        let answer = call.set_key(Some(key)).consistent_read(true).send().await?;
        Ok(answer.item)
    }
}

/// The reason why a transaction was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    Condition(Part),
    Busy,
}

impl<'a> Recording<'a> {
    /// A visit whose date is `moment`, by the clocks of `zone`.
    pub(crate) fn new(visit: &'a Visit, moment: Timestamp, zone: &Zone) -> Self {
        Self {
            visit,
            moment,
            hour: zone.hour_of(moment),
            mark: None,
            key: None,
            place: Naming::of(&visit.place),
            source: Naming::Named,
            property: Naming::of(&visit.property_id),
            is_of_new_property: false,
            end: None,
        }
    }

    /// The same, by the visitor of this mark, under this key.
    pub(crate) fn by(self, mark: Mark, key: Option<&'a Key>) -> Self {
        Self {
            mark: Some(mark),
            key,
            ..self
        }
    }

    /// The same, deleted after the second `end`.
    pub(crate) fn until(self, end: Option<i64>) -> Self {
        Self { end, ..self }
    }

    /// Counts as `other` what the day may have no room for: the source, else the place,
    /// else both.
    fn find_room(&mut self) {
        let has_source = self.visit.source.is_some();
        (self.source, self.place) = match (self.source, self.place) {
            (Naming::Named, Naming::Named) if has_source => (Naming::Other, Naming::Named),
            (Naming::Other, Naming::Named) => (Naming::Named, Naming::Other),
            _ => (Naming::Other, Naming::Other),
        };
    }

    fn parts(&self, table: &str) -> Result<Parts, BuildError> {
        let Visit {
            property_id, place, ..
        } = self.visit;
        let tally = Tally {
            uniques: u64::from(self.mark.is_some()),
            source: self.visit.source.as_deref().map(|name| (name, self.source)),
            link: self.visit.link.as_deref(),
            hour: self.hour.get("2026-11-21T".len()..),
            ..Tally::new(place, self.place)
        };
        let day = day::count(table, self.day_key(property_id), tally)?;
        let all = self.day_key(day::ALL_PROPERTIES);
        let all = day::count(table, all, Tally::new(property_id, self.property))?;
        let mut parts = vec![
            (Part::Visit, put(self.visit_put(table)?)),
            (Part::Day, update(day)),
            (Part::AllProperties, update(all)),
        ];
        if let Some(mark) = &self.mark {
            parts.push((Part::Mark, put(self.mark_put(table, mark)?)));
        }
        if let Some(key) = self.key {
            parts.push((
                Part::Key,
                put(key.put_visit(table, self.visit, &self.hour)?),
            ));
        }
        Ok(parts)
    }

    fn visit_put(&self, table: &str) -> Result<Put, BuildError> {
        let key = log::visit_key(self.moment, &self.visit.id);
        let visit = new_item(table, log::key(&self.visit.property_id, &key));
        let visit = log::with_visit(visit, self.visit, &self.hour);
        match self.end {
            Some(end) => visit.item(EXPIRES, number(end.unsigned_abs())),
            None => visit,
        }
        .build()
    }

    fn mark_put(&self, table: &str, mark: &Mark) -> Result<Put, BuildError> {
        new_item(table, self.mark_key(mark))
            .item(EXPIRES, number(mark.expires.unsigned_abs()))
            .build()
    }

    fn mark_key(&self, mark: &Mark) -> Item {
        let sort_key = format!("{UNIQUE}{}#{}", self.day(), mark.digest);
        log::key(&self.visit.property_id, &sort_key)
    }

    fn day_key(&self, partition: &str) -> Item {
        log::key(partition, &day::sort_key(self.day()))
    }

    fn day(&self) -> &str {
        &self.hour[.."2026-11-21".len()]
    }

    fn answer_key(&self) -> Item {
        let key = self.key.map_or_else(String::new, Key::sort_key);
        log::key(&self.visit.property_id, &key)
    }
}

fn new_item(table: &str, key: Item) -> PutBuilder {
    Put::builder()
        .table_name(table)
        .set_item(Some(key))
        .condition_expression("attribute_not_exists(#sk)")
        .expression_attribute_names("#sk", SORT_KEY)
}
