//! A résumé in the JSON Resume schema, version 1.0.0: the only source of the
//! page's words, checked while it is read.
//!
//! Every property is optional, as the schema has it. What is there but blank
//! (null, an empty string, list or object) counts as absent.

mod basics;
mod date;
mod experience;
mod merits;
mod web;

pub(crate) use basics::{Basics, Location, Profile};
pub(crate) use date::{Date, Timestamp};
pub(crate) use experience::{Education, Project, Volunteer, Work};
pub(crate) use merits::{Award, Certificate, Interest, Language, Publication, Reference, Skill};
pub(crate) use web::{Email, Image, WebUrl};

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

/// The whole document. Like the schema, it knows all its sections and refuses
/// others, while an item inside a section may carry properties of its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resume {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    pub(crate) basics: Basics,
    pub(crate) work: Vec<Work>,
    pub(crate) volunteer: Vec<Volunteer>,
    pub(crate) education: Vec<Education>,
    pub(crate) awards: Vec<Award>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) publications: Vec<Publication>,
    pub(crate) skills: Vec<Skill>,
    pub(crate) languages: Vec<Language>,
    pub(crate) interests: Vec<Interest>,
    pub(crate) references: Vec<Reference>,
    pub(crate) projects: Vec<Project>,
    pub(crate) meta: Meta,
}

/// What the document says about itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Meta {
    pub(crate) canonical: Option<WebUrl>,
    pub(crate) version: Option<String>,
    pub(crate) last_modified: Option<Timestamp>,
}

impl Resume {
    /// Reads a résumé from the text of a JSON file.
    ///
    /// # Errors
    /// The first value that breaks the schema, with its path in the document.
    pub fn parse(json: &str) -> Result<Self, ResumeError> {
        let mut document: Value = serde_json::from_str(json).map_err(|fault| ResumeError {
            path: None,
            fault: fault.to_string(),
        })?;
        drop_blanks(&mut document);
        serde_path_to_error::deserialize(document).map_err(|error| ResumeError {
            path: Some(error.path().to_string()),
            fault: error.inner().to_string(),
        })
    }
}

/// Why a document is not a résumé, in one line.
#[derive(Debug)]
pub struct ResumeError {
    /// Where the offending value is, such as `work[2].startDate`; absent when
    /// the text is not JSON at all.
    path: Option<String>,
    fault: String,
}

impl fmt::Display for ResumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{path}: {}", self.fault),
            None => write!(f, "not JSON: {}", self.fault),
        }
    }
}

impl std::error::Error for ResumeError {}

/// Removes the blank members of every object, children first. Elements of a
/// list stay, so that the index in an error is the one in the file.
fn drop_blanks(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(drop_blanks);
            members.retain(|_, member| !is_blank(member));
        }
        Value::Array(elements) => elements.iter_mut().for_each(drop_blanks),
        _ => {}
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(elements) => elements.iter().all(is_blank),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
