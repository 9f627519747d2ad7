//! Work over a stretch of time: jobs, voluntary work, studies,
//! projects.

use serde::Deserialize;

use super::{Date, WebUrl};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Work {
    pub(crate) name: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) position: Option<String>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) start_date: Option<Date>,
    pub(crate) end_date: Option<Date>,
    pub(crate) summary: Option<String>,
    pub(crate) highlights: Vec<String>,
    pub(crate) keywords: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Volunteer {
    pub(crate) organization: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) position: Option<String>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) start_date: Option<Date>,
    pub(crate) end_date: Option<Date>,
    pub(crate) summary: Option<String>,
    pub(crate) highlights: Vec<String>,
    pub(crate) keywords: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Education {
    pub(crate) institution: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) area: Option<String>,
    pub(crate) study_type: Option<String>,
    pub(crate) start_date: Option<Date>,
    pub(crate) end_date: Option<Date>,
    pub(crate) score: Option<String>,
    pub(crate) courses: Vec<String>,
    pub(crate) summary: Option<String>,
    pub(crate) highlights: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Project {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) highlights: Vec<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) start_date: Option<Date>,
    pub(crate) end_date: Option<Date>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) roles: Vec<String>,
    pub(crate) entity: Option<String>,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
}
