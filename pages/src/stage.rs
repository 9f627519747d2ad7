//! Copies the files that a page's source names into the folder it is built in,
//! as trunk does.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::markup::{Link, file_name, links};

/// Copies all files but the program from the folder of the source into an empty
/// folder.
pub(crate) fn copy(source: &Path, staging: &Path) -> Result<()> {
    if staging.exists() {
        // Left by a build that failed.
        fs::remove_dir_all(staging)?;
    }
    fs::create_dir_all(staging)?;
    let index = source.join("index.html");
    let index = fs::read_to_string(&index).with_context(|| index.display().to_string())?;
    for link in links(&index)? {
        match link {
            Link::Asset(path) | Link::File(path) => {
                copy_file(&source.join(&path), &staging.join(file_name(&path)))?;
            }
            Link::Folder(path) => {
                copy_folder(&source.join(&path), &staging.join(file_name(&path)))?;
            }
            Link::Program(_) => {}
        }
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            copy_file(&entry.path(), &to)?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| from.display().to_string())?;
    Ok(())
}
