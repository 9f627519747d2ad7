//! Objects that older programs left as files under their keys: they are moved
//! in at the first start.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;

use s3s::crypto::{Checksum as _, Md5};

use super::attributes::Attributes;
use super::blobs::Blobs;
use super::index::{Index, Stored};

/// Moves the files under `folder` in, and removes the folder.
///
/// # Errors
/// The disk's; the remaining files are moved in at the next start.
pub(super) fn adopt(folder: &Path, index: &Index, blobs: &Blobs) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    adopt_folder(folder, "", index, blobs)?;
    let Some(parent) = folder.parent() else {
        return Ok(());
    };
    // Notes about the files, and unfinished uploads.
    for file in fs::read_dir(parent)? {
        let file = file?;
        let is_note = file.file_name().as_encoded_bytes().starts_with(b".");
        if is_note && file.file_type()?.is_file() {
            fs::remove_file(file.path())?;
        }
    }
    fs::remove_dir_all(folder)
}

fn adopt_folder(folder: &Path, prefix: &str, index: &Index, blobs: &Blobs) -> io::Result<()> {
    for file in fs::read_dir(folder)? {
        let file = file?;
        let name = file.file_name();
        let Some(name) = name.to_str() else {
            continue;
        };
        let key = format!("{prefix}{name}");
        let kind = file.file_type()?;
        if kind.is_dir() {
            adopt_folder(&file.path(), &format!("{key}/"), index, blobs)?;
        } else if kind.is_file() {
            adopt_file(&file.path(), &key, index, blobs)?;
        }
    }
    Ok(())
}

fn adopt_file(file: &Path, key: &str, index: &Index, blobs: &Blobs) -> io::Result<()> {
    let metadata = fs::metadata(file)?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
    let modified = modified.unwrap_or_default().as_millis();
    let etag = hex::encode(md5(file)?);
    let draft = blobs.take(file)?;
    let object = Stored {
        blob: draft.name(),
        size: i64::try_from(metadata.len()).unwrap_or(i64::MAX),
        modified: i64::try_from(modified).unwrap_or(i64::MAX),
        etag,
        attributes: Attributes::default(),
    };
    if index.adopt(key, &object).map_err(io::Error::other)? {
        draft.keep();
    }
    // Removed last: a program that is killed before begins with this file
    // again.
    fs::remove_file(file)
}

/// The digest of a file's bytes.
///
/// # Errors
/// The disk's.
pub(super) fn md5(file: &Path) -> io::Result<[u8; 16]> {
    let mut digest = Md5::new();
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest.finalize()),
            read => digest.update(&buffer[..read]),
        }
    }
}
