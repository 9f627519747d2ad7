//! S3's event of new objects:
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>.

use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::Deserialize;

use crate::log::Load;

/// An event of S3, as far as it is read.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "Records", default)]
    records: Vec<Creation>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Creation {
    event_time: Timestamp,
    s3: Entity,
}

#[derive(Clone, Debug, Deserialize)]
struct Entity {
    bucket: Bucket,
    object: Object,
}

#[derive(Clone, Debug, Deserialize)]
struct Bucket {
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Object {
    key: String,
    #[serde(default)]
    sequencer: Option<String>,
}

impl Event {
    /// Gives a load for each object. An object that is put again under its key is
    /// another load, an event that comes again is the same.
    pub(super) fn loads(self) -> impl Iterator<Item = Load> {
        self.records.into_iter().map(|record| {
            let Object { key, sequencer } = record.s3.object;
            let sequencer = sequencer.filter(|sequencer| !sequencer.is_empty());
            let moment = record.event_time.to_string();
            Load {
                id: format!("load#{}#{key}", sequencer.as_ref().unwrap_or(&moment)),
                bucket: record.s3.bucket.name,
                key: decode(&key),
                uploaded: record.event_time,
                sequencer,
            }
        })
    }
}

/// Decodes a key, which events encode as forms do. S3 takes no key that is not UTF-8.
fn decode(key: &str) -> String {
    let spaced = key.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
