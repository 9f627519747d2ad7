//! Files in memory, and the way to and from a folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use bytes::Bytes;

/// Files by their names, in which `/` stands between folders.
pub type Files = BTreeMap<String, Bytes>;

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// The error of the system.
    pub cause: io::Error,
}

/// Reads every file in `folder` and below. What has a name that is no UTF-8 is
/// left out, as no page can ask for it.
///
/// # Errors
/// Names the first file that cannot be read.
pub fn read_folder(folder: &Path) -> Result<Files, FileError> {
    let mut files = Files::new();
    read_below(folder, "", &mut files)?;
    Ok(files)
}

fn read_below(folder: &Path, prefix: &str, files: &mut Files) -> Result<(), FileError> {
    for entry in fs::read_dir(folder).map_err(|cause| at(folder, cause))? {
        let path = entry.map_err(|cause| at(folder, cause))?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let name = format!("{prefix}{name}");
        if path.is_dir() {
            read_below(&path, &format!("{name}/"), files)?;
        } else {
            let content = fs::read(&path).map_err(|cause| at(&path, cause))?;
            files.insert(name, content.into());
        }
    }
    Ok(())
}

/// Writes `files` into `folder`, the pages after what they need. Whatever else
/// is there stays, but for what an earlier build left: files that are named for
/// their content, and compressed copies, which would be taken for those of the
/// new files. A file that is there with the same content is not touched.
///
/// # Errors
/// Names the first file that cannot be written.
pub fn write_folder(folder: &Path, files: &Files) -> Result<(), FileError> {
    fs::create_dir_all(folder).map_err(|cause| at(folder, cause))?;
    let is_page = |name: &str| name.contains(".html");
    let (pages, assets): (Vec<_>, Vec<_>) = files.iter().partition(|(name, _)| is_page(name));
    for (name, content) in assets.into_iter().chain(pages) {
        let path = folder.join(name);
        if fs::read(&path).is_ok_and(|there| there == *content) {
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|cause| at(parent, cause))?;
        }
        fs::write(&path, content).map_err(|cause| at(&path, cause))?;
    }
    for name in left_over(folder, files) {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|cause| at(&path, cause))?;
    }
    Ok(())
}

/// The files that an earlier build left beside `files`: copies that are not made
/// any more, and files that are named like one of them but for the content.
fn left_over(folder: &Path, files: &Files) -> Vec<String> {
    let forms: BTreeSet<_> = files.keys().filter_map(|name| form(name)).collect();
    let folders: BTreeSet<_> = files
        .keys()
        .map(|name| name.rfind('/').map_or("", |slash| &name[..=slash]))
        .collect();
    let mut names = Vec::new();
    for prefix in folders {
        let Ok(entries) = fs::read_dir(folder.join(prefix)) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let is_older = || form(&name).is_some_and(|form| forms.contains(&form));
            if !files.contains_key(&name) && (is_copy(&name, files) || is_older()) {
                names.push(name);
            }
        }
    }
    names
}

/// The name without what it says of the content; none where it says nothing.
fn form(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let parts: Vec<_> = file.split(['-', '_', '.']).collect();
    let hash = parts.iter().find(|part| is_hash(part))?;
    Some(format!("{folder}/{}", file.replace(*hash, "")))
}

/// Tells whether `name` is a compressed copy of one of `files`.
fn is_copy(name: &str, files: &Files) -> bool {
    let original = name
        .strip_suffix(".br")
        .or_else(|| name.strip_suffix(".gz"));
    original.is_some_and(|original| files.contains_key(original))
}

fn is_hash(part: &str) -> bool {
    part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub(crate) fn at(path: &Path, cause: io::Error) -> FileError {
    FileError {
        path: path.to_owned(),
        cause,
    }
}
