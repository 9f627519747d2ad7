//! The pictures that a résumé names, from beside its file.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::files::at;
use crate::resume::{Image, Resume};
use crate::{FileError, Files};

/// The name that a browser asks for where a page refers to `reference`.
pub(crate) fn name(reference: &str) -> String {
    percent_decode_str(reference)
        .decode_utf8_lossy()
        .into_owned()
}

/// Reads the pictures that `resume` names in `folder`. One that is not there is
/// left out; [`write`](crate::write()) says so.
///
/// # Errors
/// When one cannot be read, or a link leads out of the folder.
pub fn read(folder: &Path, resume: &Resume) -> Result<Files, FileError> {
    let mut pictures = Files::new();
    for (name, path) in paths(folder, resume) {
        let Ok(real) = path.canonicalize() else {
            continue;
        };
        let folder = folder.canonicalize().map_err(|cause| at(folder, cause))?;
        if !real.starts_with(&folder) || !real.is_file() {
            let cause = Error::new(ErrorKind::PermissionDenied, "not a file of its folder");
            return Err(at(&path, cause));
        }
        let content = fs::read(&real).map_err(|cause| at(&path, cause))?;
        pictures.insert(name, content.into());
    }
    Ok(pictures)
}

/// The paths in `folder` of the pictures of `resume`, by the names that they are
/// asked for with.
pub fn paths(folder: &Path, resume: &Resume) -> Vec<(String, PathBuf)> {
    let mut paths = Vec::new();
    if let Some(Image::Local(reference)) = &resume.basics.image {
        let name = name(reference);
        // A name may be written as it is or as an address has it.
        let written = folder.join(reference);
        let path = if written.exists() {
            written
        } else {
            folder.join(&name)
        };
        let is_inside = Path::new(&name)
            .components()
            .all(|part| matches!(part, std::path::Component::Normal(_)));
        if is_inside {
            paths.push((name, path));
        }
    }
    paths
}
