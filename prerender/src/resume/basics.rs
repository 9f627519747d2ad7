//! The person of the résumé, and the ways to reach them.

use serde::Deserialize;

use super::{Image, WebUrl};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Basics {
    pub(crate) name: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) image: Option<Image>,
    /// An address where [`is_email`](super::is_email) says so, else words.
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) url: Option<WebUrl>,
    pub(crate) summary: Option<String>,
    pub(crate) location: Option<Location>,
    pub(crate) profiles: Vec<Profile>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Location {
    pub(crate) address: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) region: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Profile {
    pub(crate) network: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) url: Option<WebUrl>,
}
