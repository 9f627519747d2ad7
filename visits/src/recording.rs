//! Writing a visit: the log, its counts, the visitor's mark and the answer for
//! repeats, in one transaction, so that the counts are always those of the log.

use std::time::Duration;

use aws_sdk_dynamodb::error::{BuildError, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use backend::Error;
use jiff::Timestamp;
use shared::visits::Visit;
use tokio::time::{sleep, timeout};

use crate::day::{self, Naming};
use crate::log::{self, DATE, Item, Log, PLACE, SORT_KEY, number, text};
use crate::range;
use crate::salts::{EXPIRES, Mark};

/// Leaves time for the answer within the function's five seconds.
const PATIENCE: Duration = Duration::from_millis(3_500);
/// How long a repeat of a request is known as one.
const KEY_SECONDS: i64 = 24 * 60 * 60;

/// A visit on its way into the table.
#[derive(Debug)]
pub(crate) struct Recording<'a> {
    pub(crate) visit: &'a Visit,
    /// The visit's date, read.
    pub(crate) moment: Timestamp,
    /// Who came, unless that is not known or already counted.
    pub(crate) mark: Option<Mark>,
    /// The request's `Idempotency-Key`, and when it came.
    pub(crate) key: Option<(&'a str, Timestamp)>,
}

/// A visit that is in the table.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) visit: Visit,
    /// Whether it was not there before.
    pub(crate) is_new: bool,
}

/// How the parts of the transaction are written, as far as is known yet.
struct Plan {
    place: Naming,
    property: Naming,
    mark: Option<Mark>,
}

/// What a part of the transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Visit,
    Day,
    AllProperties,
    Mark,
    Key,
}

impl Log {
    /// Stores a visit and counts it, and gives what is stored: for a repeat
    /// with the same key that is the first one's visit.
    ///
    /// # Errors
    /// The store's. After [`Error::StoreUnavailable`] the visit may have been
    /// stored: a repeat is safe with a key, and may count twice without.
    pub(crate) async fn record(&self, recording: Recording<'_>) -> Result<Recorded, Error> {
        match timeout(PATIENCE, self.write(recording)).await {
            Ok(outcome) => outcome,
            Err(elapsed) => Err(Error::StoreUnavailable(elapsed.into())),
        }
    }

    async fn write(&self, recording: Recording<'_>) -> Result<Recorded, Error> {
        let mut plan = Plan {
            place: Naming::of(&recording.visit.place),
            property: Naming::of(&recording.visit.property_id),
            mark: self.new_mark(&recording).await?,
        };
        let mut pause = Duration::from_millis(10);
        loop {
            let parts = recording.parts(&self.table, &plan);
            let (names, items): (Vec<_>, Vec<_>) =
                parts.map_err(Error::internal)?.into_iter().unzip();
            let call = self.client.transact_write_items();
            let Err(error) = call.set_transact_items(Some(items)).send().await else {
                return Ok(Recorded {
                    visit: recording.visit.clone(),
                    is_new: true,
                });
            };
            let Some(reasons) = cancellation_reasons(&error) else {
                return Err(error.into());
            };
            let mut is_busy = false;
            for (part, reason) in names.into_iter().zip(reasons) {
                match (reason.as_str(), part) {
                    ("None", _) => {}
                    ("ConditionalCheckFailed", Part::Visit) => {
                        let visit = recording.visit.clone();
                        return Ok(Recorded {
                            visit,
                            is_new: false,
                        });
                    }
                    ("ConditionalCheckFailed", Part::Day) => plan.place = Naming::Other,
                    ("ConditionalCheckFailed", Part::AllProperties) => {
                        plan.property = Naming::Other;
                    }
                    ("ConditionalCheckFailed", Part::Mark) => plan.mark = None,
                    ("ConditionalCheckFailed", Part::Key) => {
                        if let Some(item) = self.item(&recording.key_key()).await? {
                            let visit = log::visit(&item)?;
                            return Ok(Recorded {
                                visit,
                                is_new: false,
                            });
                        }
                    }
                    (
                        "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded",
                        _,
                    ) => is_busy = true,
                    _ => return Err(Error::internal(error)),
                }
            }
            if is_busy {
                sleep(pause.mul_f64(0.5 + fastrand::f64())).await;
                pause *= 2;
            }
        }
    }

    /// The mark, unless its visitor is known already. The condition in the
    /// transaction decides; but where it fails, it costs as much as the writes.
    async fn new_mark(&self, recording: &Recording<'_>) -> Result<Option<Mark>, Error> {
        let Some(mark) = &recording.mark else {
            return Ok(None);
        };
        let known = self.item(&recording.mark_key(mark)).await?;
        Ok(known.is_none().then(|| mark.clone()))
    }

    async fn item(&self, key: &Item) -> Result<Option<Item>, Error> {
        let call = self.client.get_item().table_name(&self.table);
        let answer = call
            .set_key(Some(key.clone()))
            .consistent_read(true)
            .send()
            .await?;
        Ok(answer.item)
    }
}

impl Recording<'_> {
    fn parts(
        &self,
        table: &str,
        plan: &Plan,
    ) -> Result<Vec<(Part, TransactWriteItem)>, BuildError> {
        let date = range::day_of(self.moment);
        let Visit {
            property_id, place, ..
        } = self.visit;
        let (place, property) = (
            (place.as_str(), plan.place),
            (&**property_id, plan.property),
        );
        let is_unique = plan.mark.is_some();
        let day = day::count(table, (property_id, &date), place, is_unique)?;
        let all = day::count(table, (day::ALL_PROPERTIES, &date), property, false)?;
        let mut parts = vec![
            (Part::Visit, put(self.visit_put(table)?)),
            (Part::Day, update(day)),
            (Part::AllProperties, update(all)),
        ];
        if let Some(mark) = &plan.mark {
            parts.push((Part::Mark, put(self.mark_put(table, mark)?)));
        }
        if let Some((_, now)) = self.key {
            parts.push((Part::Key, put(self.key_put(table, now)?)));
        }
        Ok(parts)
    }

    fn visit_put(&self, table: &str) -> Result<Put, BuildError> {
        let key = log::visit_key(self.moment, &self.visit.id);
        self.answer_put(table, log::key(&self.visit.property_id, &key))
            .condition_expression("attribute_not_exists(#sk)")
            .build()
    }

    /// Remembers the answer for repeats. A key that has expired may be used
    /// again before the store gets round to deleting it.
    fn key_put(&self, table: &str, now: Timestamp) -> Result<Put, BuildError> {
        let seconds = |moment: i64| number(moment.unsigned_abs());
        self.answer_put(table, self.key_key())
            .item(EXPIRES, seconds(now.as_second() + KEY_SECONDS))
            .condition_expression("attribute_not_exists(#sk) OR #expires < :now")
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":now", seconds(now.as_second()))
            .build()
    }

    fn answer_put(&self, table: &str, key: Item) -> PutBuilder {
        Put::builder()
            .table_name(table)
            .set_item(Some(key))
            .item(log::ID, text(&self.visit.id))
            .item(DATE, text(&self.visit.date))
            .item(PLACE, text(&self.visit.place))
            .expression_attribute_names("#sk", SORT_KEY)
    }

    fn mark_put(&self, table: &str, mark: &Mark) -> Result<Put, BuildError> {
        Put::builder()
            .table_name(table)
            .set_item(Some(self.mark_key(mark)))
            .item(EXPIRES, number(mark.expires.unsigned_abs()))
            .condition_expression("attribute_not_exists(#sk)")
            .expression_attribute_names("#sk", SORT_KEY)
            .build()
    }

    fn mark_key(&self, mark: &Mark) -> Item {
        let date = range::day_of(self.moment);
        log::key(
            &self.visit.property_id,
            &format!("unique#{date}#{}", mark.digest),
        )
    }

    fn key_key(&self) -> Item {
        let key = self.key.map_or("", |(key, _)| key);
        log::key(&self.visit.property_id, &format!("key#{key}"))
    }
}

/// Why each part was not written; nothing where the transaction failed otherwise.
fn cancellation_reasons(error: &SdkError<TransactWriteItemsError>) -> Option<Vec<String>> {
    match error.as_service_error()? {
        TransactWriteItemsError::TransactionCanceledException(cancelled) => {
            let reasons = cancelled.cancellation_reasons().iter();
            Some(
                reasons
                    .map(|reason| reason.code().unwrap_or("None").to_owned())
                    .collect(),
            )
        }
        _ => None,
    }
}

fn put(put: Put) -> TransactWriteItem {
    TransactWriteItem::builder().put(put).build()
}

fn update(update: Update) -> TransactWriteItem {
    TransactWriteItem::builder().update(update).build()
}
