//! The files that are meant by names on the command line: files, and what folders
//! hold of them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jobs::keys;

use super::LoadError;

/// A file to be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CsvFile {
    pub(crate) path: PathBuf,
    /// Its key in the bucket.
    pub(crate) key: String,
    /// The name by which the bucket speaks of it.
    pub(crate) name: String,
}

/// All files, each of which can be opened and has a name of its own.
pub(super) fn find(paths: &[PathBuf]) -> Result<Vec<CsvFile>, LoadError> {
    let mut files: Vec<CsvFile> = Vec::new();
    for path in paths {
        let found = match path.is_dir() {
            true => in_folder(path)?,
            false => vec![path.clone()],
        };
        for path in found {
            let file = CsvFile::at(&path).ok_or_else(|| LoadError::Name(path.clone()))?;
            if files.iter().any(|other| other.name == file.name) {
                return Err(LoadError::Twice(path));
            }
            files.push(file);
        }
    }
    for file in &files {
        let opened = File::open(&file.path);
        opened.map_err(|error| LoadError::File(file.path.clone(), error))?;
    }
    Ok(files)
}

impl CsvFile {
    fn at(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let key = format!("{}{name}", keys::FILES);
        let name = keys::name(&key).filter(|_| keys::is_csv(&key))?.to_owned();
        Some(Self {
            path: path.to_owned(),
            key,
            name,
        })
    }
}

/// The CSV files of a folder, by name; hidden ones are no files of the user's.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let failed = |error| LoadError::File(folder.to_owned(), error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy());
        let is_meant = name.is_some_and(|name| keys::is_csv(&name) && !name.starts_with('.'));
        if is_meant && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    match files.is_empty() {
        true => Err(LoadError::NoFiles(folder.to_owned())),
        false => Ok(files),
    }
}
