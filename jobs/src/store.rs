//! Messages of the queue into the table: each stands or fails alone.

use std::collections::HashMap;

use backend::causes;
use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use shared::jobs::JobOffer;

use crate::Offers;

/// What is read of an event of SQS:
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
    message_attributes: HashMap<String, Attribute>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attribute {
    string_value: Option<String>,
}

/// The messages that the queue is to give again:
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
    /// Whether the message is to be given again.
    pub fn contains(&self, message_id: &str) -> bool {
        self.failures.iter().any(|f| f.message_id == message_id)
    }
}

/// Stores each message's offer. A message that comes again changes nothing, and
/// neither does one that is older than what is there.
pub async fn store(offers: &Offers, event: Event) -> Failures {
    let outcomes = event.messages.into_iter().map(|message| async {
        let id = message.message_id.clone();
        match store_one(offers, message).await {
            Ok(()) => None,
            Err(error) => {
                tracing::error!(message.id = id, error.cause = %causes(&*error), "not stored");
                Some(Failure { message_id: id })
            }
        }
    });
    Failures {
        failures: join_all(outcomes).await.into_iter().flatten().collect(),
    }
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

async fn store_one(offers: &Offers, message: Message) -> Result<(), Cause> {
    let offer: JobOffer = serde_json::from_str(&message.body)?;
    if offer.id.is_empty() || offer.city.is_empty() {
        return Err("the offer has no id or no city".into());
    }
    // One without a version is older than any that has one.
    let version = message.message_attributes.get("version");
    let version = version.and_then(|attribute| attribute.string_value.as_deref());
    Ok(offers.put(offer, version.unwrap_or_default()).await?)
}
