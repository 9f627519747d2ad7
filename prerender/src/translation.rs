//! The same résumé in other languages: `resume.fr.json` beside `resume.json`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::resume::Language;

/// A file with a translation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// The file.
    pub path: PathBuf,
    /// The language its name says.
    pub language: Language,
    /// The folder of its page, such as `fr`.
    pub folder: String,
}

/// The translations beside the résumé in `file`, by their names: between the
/// stem and the ending of it stands a language tag.
pub fn translations(file: &Path) -> Vec<Translation> {
    let (Some(stem), Some(ending)) = (file.file_stem(), file.extension()) else {
        return Vec::new();
    };
    let (stem, ending) = (stem.to_string_lossy(), ending.to_string_lossy());
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let Ok(entries) = fs::read_dir(folder.unwrap_or(Path::new("."))) else {
        return Vec::new();
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let rest = name.strip_prefix(&*stem)?.strip_prefix('.')?;
            let tag = rest.strip_suffix(&*ending)?.strip_suffix('.')?;
            let language = Language::from_tag(tag)?;
            Some(Translation {
                path: entry.path(),
                folder: language.tag().to_owned(),
                language,
            })
        })
        .collect();
    found.sort_by(|one, other| one.folder.cmp(&other.folder));
    found
}
