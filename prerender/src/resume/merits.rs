//! Merits that others can vouch for, skills and interests.

use serde::Deserialize;

use super::{Date, WebUrl};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Award {
    pub(crate) title: Option<String>,
    pub(crate) date: Option<Date>,
    pub(crate) awarder: Option<String>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) summary: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Certificate {
    pub(crate) name: Option<String>,
    pub(crate) date: Option<Date>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) issuer: Option<String>,
    pub(crate) summary: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Publication {
    pub(crate) name: Option<String>,
    pub(crate) publisher: Option<String>,
    pub(crate) release_date: Option<Date>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) summary: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Skill {
    pub(crate) name: Option<String>,
    pub(crate) level: Option<String>,
    pub(crate) keywords: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Language {
    pub(crate) language: Option<String>,
    pub(crate) fluency: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Interest {
    pub(crate) name: Option<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) summary: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reference {
    pub(crate) name: Option<String>,
    pub(crate) reference: Option<String>,
}
