//! The attributes of an object, kept beside its bytes.

use std::collections::BTreeMap;

use s3s::dto::{Checksum, Metadata};
use s3s::{S3Result, s3_error};
use serde::{Deserialize, Serialize};

use super::checksums::Algorithm;

/// Headers that come back as they were sent, the caller's own metadata, and
/// checksums.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Attributes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_encoding: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_disposition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cache_control: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) metadata: BTreeMap<String, String>,
    /// By algorithm, in Base64.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) checksums: BTreeMap<Algorithm, String>,
    /// The algorithm that an upload in parts named. `is_composite` is true
    /// unless the checksum is one of the whole object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) algorithm: Option<Algorithm>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_composite: bool,
}

/// S3's own limit.
const MAX_METADATA_BYTES: usize = 2 * 1024;

impl Attributes {
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Sets the caller's metadata.
    ///
    /// # Errors
    /// When it is larger than S3 takes.
    pub(super) fn with_metadata(mut self, metadata: Option<Metadata>) -> S3Result<Self> {
        self.metadata = metadata.into_iter().flatten().collect();
        let bytes = self
            .metadata
            .iter()
            .map(|(name, value)| name.len() + value.len());
        if bytes.sum::<usize>() > MAX_METADATA_BYTES {
            return Err(s3_error!(
                MetadataTooLarge,
                "Your metadata headers exceed the maximum allowed metadata size"
            ));
        }
        Ok(self)
    }

    /// The caller's metadata, if there is any.
    pub(super) fn metadata(&self) -> Option<Metadata> {
        let metadata = self.metadata.clone();
        Some(metadata.into_iter().collect()).filter(|map: &Metadata| !map.is_empty())
    }

    /// The checksums as S3's answers have them.
    pub(super) fn checksum(&self) -> Checksum {
        let of = |algorithm| self.checksums.get(&algorithm).cloned();
        Checksum {
            checksum_crc32: of(Algorithm::Crc32),
            checksum_crc32c: of(Algorithm::Crc32c),
            checksum_crc64nvme: of(Algorithm::Crc64nvme),
            checksum_sha1: of(Algorithm::Sha1),
            checksum_sha256: of(Algorithm::Sha256),
            ..Default::default()
        }
    }
}
