//! The time of the newest version. The machine's clock may go back; a later write has a
//! newer version all the same.

use aws_sdk_dynamodb::error::SdkError;
use backend::Error;
use jiff::{SignedDuration, Timestamp};

use super::{Item, Log, key, read, text};
use crate::version;

const CLOCK: &str = "clock";
const TIME: &str = "time";
const SEQUENCER: &str = "sequencer";

/// The tries to set the clock, which fail when others set it at the same time.
const TRIES: u32 = 50;

impl Log {
    /// Gives a time for a write of now, which is later than that of each version
    /// before.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn now(&self, now: Timestamp) -> Result<Timestamp, Error> {
        self.next(now, None).await
    }

    /// Gives a time for a file that arrived at `uploaded` by the bucket's clock. If the
    /// bucket's `sequencer` says that the file is the latest, its time is later than
    /// all before, too; a file whose event comes late keeps its own time.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn arrival(
        &self,
        uploaded: Timestamp,
        sequencer: &str,
    ) -> Result<Timestamp, Error> {
        self.next(uploaded, Some(sequencer)).await
    }

    async fn next(&self, time: Timestamp, sequencer: Option<&str>) -> Result<Timestamp, Error> {
        for _ in 0..TRIES {
            let newest = self.newest().await?;
            let last_time: Option<Timestamp> = read(&newest, TIME).parse().ok();
            let last_sequencer = read(&newest, SEQUENCER);
            if sequencer.is_some_and(|sequencer| !comes_after(sequencer, last_sequencer)) {
                return Ok(time);
            }
            let tick = SignedDuration::from_millis(1);
            let after = last_time.and_then(|last| last.checked_add(tick).ok());
            let next = after.map_or(time, |after| after.max(time));
            let sequencer = sequencer.unwrap_or(last_sequencer);
            if self.set(&newest, next, sequencer).await? {
                return Ok(next);
            }
        }
        let cause = "the clock of the job offers is written by too many at once";
        Err(Error::StoreUnavailable(cause.into()))
    }

    async fn newest(&self) -> Result<Item, Error> {
        let get = self.client.get_item().table_name(&self.table);
        let get = get.set_key(Some(key(CLOCK, CLOCK))).consistent_read(true);
        Ok(get.send().await?.item.unwrap_or_default())
    }

    /// Sets the clock, unless another did since `before` was read.
    async fn set(&self, before: &Item, time: Timestamp, sequencer: &str) -> Result<bool, Error> {
        let mut put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(key(CLOCK, CLOCK)))
            .item(TIME, text(version::at(time)))
            .expression_attribute_names("#time", TIME)
            .condition_expression("attribute_not_exists(#time)");
        if !sequencer.is_empty() {
            put = put.item(SEQUENCER, text(sequencer));
        }
        if let Some(time) = before.get(TIME) {
            put = put
                .condition_expression("#time = :time")
                .expression_attribute_values(":time", time.clone());
        }
        match put.send().await {
            Err(SdkError::ServiceError(e)) if e.err().is_conditional_check_failed_exception() => {
                Ok(false)
            }
            outcome => Ok(outcome.map(|_| true)?),
        }
    }
}

/// Compares sequencers: hexadecimal digits, the shorter filled up with zeros:
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>.
fn comes_after(new: &str, old: &str) -> bool {
    let length = new.len().max(old.len());
    let fill = |text: &str| format!("{:0<length$}", text.to_ascii_uppercase());
    fill(new) > fill(old)
}
