//! Stores messages of the queue in the table: each succeeds or fails alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use backend::causes;
use serde::{Deserialize, Serialize};
use shared::jobs::JobOffer;

use crate::log::Mark;
use crate::offers::Outcome;
use crate::{Log, Offers, SplitError, loaded};

/// The part of SQS's event that is read:
/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "Records")]
    messages: Vec<Message>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    body: String,
    #[serde(default)]
    attributes: Attributes,
    #[serde(default)]
    message_attributes: HashMap<String, Attribute>,
}

/// SQS's own attributes of a message.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Attributes {
    approximate_receive_count: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attribute {
    string_value: Option<String>,
}

/// The messages that the queue has to give again:
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Failures {
    #[serde(rename = "batchItemFailures")]
    failures: Vec<Failure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Failure {
    #[serde(rename = "itemIdentifier")]
    message_id: String,
}

impl Failures {
    /// Returns true if the message has to be given again.
    pub fn contains(&self, message_id: &str) -> bool {
        self.failures.iter().any(|f| f.message_id == message_id)
    }
}

/// The function's clients.
#[derive(Clone, Debug)]
pub struct Store {
    /// The table of offers.
    pub offers: Offers,
    /// The log of the rows that are through.
    pub log: Log,
    /// The client of the bucket, for the outcome at a file's end.
    pub s3: aws_sdk_s3::Client,
}

/// The number of times a message is given before it counts as dead, as the template has
/// it: a table that is slow for long makes no dead letters.
pub const MAX_RECEIVES: u32 = 10;

/// Stores each message's offer. A message that comes again changes nothing, and neither
/// does one that is older than the stored offer.
pub async fn store(store: &Store, event: Event) -> Failures {
    let mut failed = Failed::default();
    let mut notes = Notes::new();
    let mut rows = Vec::new();
    let mut offers = Vec::new();
    for message in event.messages {
        let row = message.row();
        match message.offer() {
            Ok(offer) => {
                offers.push(offer);
                rows.push(row);
            }
            Err(error) => failed.add(row, &*error, &mut notes),
        }
    }
    let outcomes = store.offers.put_all(offers).await;
    for (row, outcome) in rows.into_iter().zip(outcomes) {
        match outcome {
            Ok(outcome) => row.note(mark(outcome), &mut notes),
            Err(error) => failed.add(row, &error, &mut notes),
        }
    }
    for (load, rows) in notes {
        if let Err(error) = note(store, &load, &rows).await {
            tracing::error!(load, error.cause = %causes(&error), "the outcome of rows was not noted");
            // The messages come again, and then change nothing but the log.
            failed
                .ids
                .extend(rows.into_iter().map(|row| row.message_id));
        }
    }
    let ids = failed.ids.into_iter();
    Failures {
        failures: ids.map(|message_id| Failure { message_id }).collect(),
    }
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The row of a file that a message holds.
struct Row {
    message_id: String,
    /// The load, and the row's number in it.
    place: Option<(String, u64)>,
    is_last_try: bool,
}

/// The outcomes of rows, by load.
type Notes = BTreeMap<String, Vec<Noted>>;

struct Noted {
    message_id: String,
    number: u64,
    mark: Mark,
}

#[derive(Default)]
struct Failed {
    ids: BTreeSet<String>,
}

impl Message {
    fn attribute(&self, name: &str) -> Option<&str> {
        let attribute = self.message_attributes.get(name)?;
        attribute.string_value.as_deref()
    }

    fn row(&self) -> Row {
        let place = self.attribute("row").and_then(|row| row.split_once(' '));
        let place = place.and_then(|(number, load)| Some((load.to_owned(), number.parse().ok()?)));
        let receives = self.attributes.approximate_receive_count.parse();
        Row {
            message_id: self.message_id.clone(),
            place,
            is_last_try: receives.is_ok_and(|receives: u32| receives >= MAX_RECEIVES),
        }
    }

    fn offer(self) -> Result<(JobOffer, String), Cause> {
        // An offer without a version is older than any that has one.
        let version = self.attribute("version").unwrap_or_default().to_owned();
        let offer: JobOffer = serde_json::from_str(&self.body)?;
        if offer.id.is_empty() || offer.city.is_empty() {
            return Err("the offer has no id or no city".into());
        }
        Ok((offer, version))
    }
}

impl Row {
    fn note(self, mark: Mark, notes: &mut Notes) {
        if let Some((load, number)) = self.place {
            notes.entry(load).or_default().push(Noted {
                message_id: self.message_id,
                number,
                mark,
            });
        }
    }
}

impl Failed {
    fn add(&mut self, row: Row, error: &(dyn std::error::Error + 'static), notes: &mut Notes) {
        let id = &row.message_id;
        tracing::error!(message.id = id, error.cause = %causes(error), "a row was not stored");
        self.ids.insert(id.clone());
        if row.is_last_try {
            row.note(Mark::Dead, notes);
        }
    }
}

async fn note(store: &Store, load: &str, rows: &[Noted]) -> Result<(), SplitError> {
    let marks: Vec<_> = rows.iter().map(|row| (row.number, row.mark)).collect();
    if store.log.note(load, &marks).await? {
        loaded::publish(&store.log, &store.s3, load).await?;
    }
    Ok(())
}

fn mark(outcome: Outcome) -> Mark {
    match outcome {
        Outcome::Stored => Mark::Stored,
        Outcome::Known => Mark::Known,
        Outcome::Again => Mark::Again,
    }
}
