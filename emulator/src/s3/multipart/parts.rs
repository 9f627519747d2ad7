//! Checks of an upload's parts: their numbers and checksums, and whether they make an object.

use s3s::dto::{CompletedPart, ETag};
use s3s::{S3Result, s3_error};

use crate::s3::Caller;
use crate::s3::attributes::Attributes;
use crate::s3::checksums::{Algorithm, Checksums};
use crate::s3::index::{Stored, Upload};

/// The smallest part that S3 takes, except for the last.
const MIN_PART_BYTES: i64 = 5 * 1024 * 1024;
const MAX_PARTS: i32 = 10_000;

/// The parts that are named, each checked against the stored one.
pub(super) fn chosen(
    upload: &Upload,
    named: &[CompletedPart],
    mut there: Vec<(i32, Stored)>,
) -> S3Result<Vec<Stored>> {
    if named.is_empty() {
        return Err(s3_error!(
            MalformedXML,
            "You must specify at least one part"
        ));
    }
    if !named.is_sorted_by(|a, b| a.part_number < b.part_number) {
        return Err(s3_error!(
            InvalidPartOrder,
            "The list of parts was not in ascending order. Parts must be ordered by part number."
        ));
    }
    let mut parts = Vec::new();
    for part in named {
        let place = there
            .iter()
            .position(|(number, _)| Some(*number) == part.part_number);
        let stored = place.map(|place| there.swap_remove(place).1);
        let stored = stored.filter(|stored| is_meant(upload, part, stored));
        parts.push(stored.ok_or_else(|| {
            s3_error!(
                InvalidPart,
                "One or more of the specified parts could not be found. The part may not have \
                 been uploaded, or the specified entity tag or checksum may not match the part's."
            )
        })?);
    }
    let all_but_last = parts.split_last().map_or(&[][..], |(_, rest)| rest);
    if all_but_last.iter().any(|part| part.size < MIN_PART_BYTES) {
        return Err(s3_error!(
            EntityTooSmall,
            "Your proposed upload is smaller than the minimum allowed size"
        ));
    }
    Ok(parts)
}

/// True if the part is named with the right tag and checksums, and with every
/// checksum that is required.
fn is_meant(upload: &Upload, named: &CompletedPart, stored: &Stored) -> bool {
    let said = [
        (Algorithm::Crc32, &named.checksum_crc32),
        (Algorithm::Crc32c, &named.checksum_crc32c),
        (Algorithm::Crc64nvme, &named.checksum_crc64nvme),
        (Algorithm::Sha1, &named.checksum_sha1),
        (Algorithm::Sha256, &named.checksum_sha256),
    ];
    let has_said = |wanted| {
        said.iter()
            .any(|(a, value)| *a == wanted && value.is_some())
    };
    let must_say = upload
        .attributes
        .algorithm
        .filter(|_| upload.attributes.is_composite);
    let is_true = said.iter().all(|(algorithm, value)| {
        let known = stored.attributes.checksums.get(algorithm);
        value
            .as_ref()
            .is_none_or(|value| known.is_none_or(|known| known == value))
    });
    let etag = named.e_tag.as_ref().map(ETag::value);
    is_true && must_say.is_none_or(has_said) && etag == Some(&stored.etag)
}

/// Refuses the checksum of a part that its upload did not announce, or the lack of one
/// that it needs. Of clients that announce none, several send one by default, which has
/// been checked and is welcome; the functions of this project have to announce theirs,
/// as S3 has been seen to insist on it.
pub(super) fn check_algorithm(
    caller: Caller,
    upload: &Attributes,
    sent: &Checksums,
) -> S3Result<()> {
    let announced = upload.algorithm;
    if announced.is_none() && caller == Caller::Outside {
        return Ok(());
    }
    let other = sent.keys().find(|sent| Some(**sent) != announced).copied();
    if other.is_none() && !(upload.is_composite && sent.is_empty()) {
        return Ok(());
    }
    let name = |algorithm: Option<Algorithm>| {
        algorithm.map_or_else(|| "null".to_owned(), |a| a.name().to_ascii_lowercase())
    };
    Err(s3_error!(
        InvalidRequest,
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
        name(announced),
        name(other)
    ))
}

pub(super) fn check_number(number: i32) -> S3Result<()> {
    match number {
        1..=MAX_PARTS => Ok(()),
        _ => Err(s3_error!(
            InvalidArgument,
            "Part number must be an integer between 1 and 10000, inclusive"
        )),
    }
}
