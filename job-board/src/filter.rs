//! The filter of the list: in the form, in the page's address, and in the API's
//! query, with the same names.

use leptos::prelude::*;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// The values that an offer has to have, to the letter; an empty one is any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) city: String,
    pub(crate) keyword: String,
    pub(crate) contract_type: String,
}

impl Filter {
    pub(crate) fn from_address() -> Self {
        let search = window().location().search().unwrap_or_default();
        // The browser reads any text as a query, so this does not fail.
        let query = UrlSearchParams::new_with_str(&search).ok();
        Self::from_values(|name| query.as_ref()?.get(name))
    }

    pub(crate) fn from_form(form: &HtmlFormElement) -> Self {
        let data = FormData::new_with_form(form).ok();
        Self::from_values(|name| data.as_ref()?.get(name).as_string())
    }

    fn from_values(value: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| value(name).unwrap_or_default().trim().to_owned();
        Self {
            city: value("city"),
            keyword: value("keyword"),
            contract_type: value("contract_type"),
        }
    }

    /// The filter as a query, such as `city=Lyon&keyword=data+engineer`.
    pub(crate) fn to_query(&self) -> String {
        let Ok(query) = UrlSearchParams::new() else {
            return String::new();
        };
        for (name, value) in [
            ("city", &self.city),
            ("keyword", &self.keyword),
            ("contract_type", &self.contract_type),
        ] {
            if !value.is_empty() {
                query.append(name, value);
            }
        }
        query.to_string().into()
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The title of the page with this filter, in a tab and in the history.
    pub(crate) fn title(&self) -> String {
        let mut title = "Job offers".to_owned();
        for value in [&self.city, &self.keyword, &self.contract_type] {
            if !value.is_empty() {
                title.push_str(" – ");
                title.push_str(value);
            }
        }
        title
    }
}
