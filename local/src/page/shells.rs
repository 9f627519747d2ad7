//! The pages without their words, which the program carries.

use std::path::Path;

use bytes::Bytes;
use include_dir::{Dir, include_dir};
use prerender::{Files, Shell, read_folder};

use super::PageError;

static SHELLS: Dir<'static> = include_dir!("$OUT_DIR/shells");

/// The shell in `folder`, or the program's own; none where it was built without.
pub(crate) fn find(folder: Option<&Path>) -> Result<Option<Shell>, PageError> {
    match folder {
        None => {
            let mut files = Files::new();
            collect(&SHELLS, &mut files);
            Ok(Shell::from_files(files))
        }
        Some(folder) => match Shell::from_files(read_folder(folder)?) {
            Some(shell) => Ok(Some(shell)),
            None => Err(PageError::NoShell(folder.to_owned())),
        },
    }
}

fn collect(folder: &Dir<'static>, files: &mut Files) {
    for file in folder.files() {
        if let Some(name) = file.path().to_str() {
            // A build on Windows writes the other slash.
            let name = name.replace('\\', "/");
            files.insert(name, Bytes::from_static(file.contents()));
        }
    }
    for folder in folder.dirs() {
        collect(folder, files);
    }
}
