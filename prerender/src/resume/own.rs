//! Sections of the writer's own.

use serde::Deserialize;

use super::{Date, WebUrl};

/// A section that the schema does not name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Own {
    /// Its name in the file.
    pub(crate) key: String,
    /// Its heading.
    pub(crate) title: String,
    pub(crate) words: Option<String>,
    pub(crate) list: Vec<String>,
    pub(crate) entries: Vec<OwnEntry>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct OwnEntry {
    pub(crate) title: Option<String>,
    pub(crate) organisation: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) date: Option<Date>,
    pub(crate) start_date: Option<Date>,
    pub(crate) end_date: Option<Date>,
    pub(crate) summary: Option<String>,
    pub(crate) highlights: Vec<String>,
    pub(crate) keywords: Vec<String>,
    /// All else, each under its name.
    pub(crate) more: Vec<(String, String)>,
}
