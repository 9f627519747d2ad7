//! Times as S3 has them, from milliseconds since 1970.

use std::time::{Duration, UNIX_EPOCH};

use s3s::dto::Timestamp;

/// The time in whole seconds, as precise as HTTP's own headers.
pub(super) fn from_millis(milliseconds: i64) -> Timestamp {
    let seconds = u64::try_from(milliseconds / 1_000).unwrap_or_default();
    Timestamp::from(UNIX_EPOCH + Duration::from_secs(seconds))
}
