//! The address that a site will have, and those of the APIs that it asks.

use std::env;

use url::Url;

use crate::PrerenderError;

/// The surroundings of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path of the site's folder, with a slash at both ends.
    pub(crate) path: String,
    /// The address of the site, where it is known.
    pub(crate) base_url: Option<Url>,
    /// The counter's address without `/counter`; empty for the page's own
    /// origin.
    pub(crate) api: String,
    /// The address of `/visits` and `/v1/jobs`, likewise.
    pub(crate) owner_api: String,
    /// Visits are recorded there, so the page reports them.
    records_visits: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            base_url: None,
            api: String::new(),
            owner_api: String::new(),
            records_visits: true,
        }
    }
}

impl Place {
    /// At this address, such as `https://example.com/cv/`; a page does not know
    /// its own without one.
    #[must_use]
    pub fn at(mut self, base_url: Option<Url>) -> Self {
        if let Some(mut url) = base_url {
            url.set_query(None);
            url.set_fragment(None);
            if !url.path().ends_with('/') {
                url.set_path(&format!("{}/", url.path()));
            }
            url.path().clone_into(&mut self.path);
            self.base_url = Some(url);
        }
        self
    }

    /// Under this path of an address that is not known.
    #[must_use]
    pub fn under(mut self, path: &str) -> Self {
        self.path = format!("/{}/", path.trim_matches('/')).replace("//", "/");
        self
    }

    /// The place without a log of visits: the page reports none.
    #[must_use]
    pub fn without_visits(mut self) -> Self {
        self.records_visits = false;
        self
    }

    /// With the APIs where the environment of a build says they are, in
    /// `RESUME_API_BASE` and `RESUME_OWNER_API_BASE`.
    ///
    /// # Errors
    /// When one of them is neither an origin nor a path.
    pub fn from_env() -> Result<Self, PrerenderError> {
        Self::default().with_apis(
            env::var("RESUME_API_BASE").ok().as_deref(),
            env::var("RESUME_OWNER_API_BASE").ok().as_deref(),
        )
    }

    /// With the APIs at these addresses. Without one for the owner's, both are
    /// in one place; without any, they are the page's own origin.
    ///
    /// # Errors
    /// When one of them is neither an origin nor a path.
    pub fn with_apis(
        mut self,
        api: Option<&str>,
        owner_api: Option<&str>,
    ) -> Result<Self, PrerenderError> {
        let api = api.unwrap_or_default();
        for (base, field) in [
            (api, &mut self.api),
            (owner_api.unwrap_or(api), &mut self.owner_api),
        ] {
            if origin(base).is_none() {
                return Err(PrerenderError::ApiBase(base.to_owned()));
            }
            base.trim_end_matches('/').clone_into(field);
        }
        Ok(self)
    }

    /// The elements in which a page's program reads this.
    pub(crate) fn meta(&self) -> String {
        let mut meta = String::new();
        for (name, content) in [("api", &self.api), ("owner-api", &self.owner_api)] {
            if !content.is_empty() {
                let content = content.replace('&', "&amp;").replace('"', "&quot;");
                meta.push_str(&format!("<meta name={name} content=\"{content}\">"));
            }
        }
        if !self.records_visits {
            meta.push_str("<meta name=visits content=off>");
        }
        meta
    }

    /// The origins elsewhere that a page calls.
    pub(crate) fn origins(&self) -> Vec<String> {
        let mut origins: Vec<_> = [&self.api, &self.owner_api]
            .into_iter()
            .filter_map(|base| origin(base)?)
            .collect();
        origins.dedup();
        origins
    }
}

/// The origin of an API's address, or `Some(None)` where it is the page's own.
fn origin(api: &str) -> Option<Option<String>> {
    if api.is_empty() || (api.starts_with('/') && !api.starts_with("//")) {
        return Some(None);
    }
    let url = Url::parse(api)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(Some(url.origin().ascii_serialization()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_api_elsewhere_is_an_origin_of_its_own() {
        for (api, owner_api, origins) in [
            (None, None, vec![]),
            (Some("/prod/"), None, vec![]),
            (
                Some("https://api.example.com:8443/prod"),
                None,
                vec!["https://api.example.com:8443"],
            ),
            (
                Some("https://a.example.com"),
                Some("https://b.example.com/x"),
                vec!["https://a.example.com", "https://b.example.com"],
            ),
        ] {
            let place = Place::default().with_apis(api, owner_api).unwrap();
            assert_eq!(place.origins(), origins);
        }
    }

    #[test]
    fn an_api_that_is_no_address_is_refused() {
        for base in [
            "api.example.com",
            "ftp://api.example.com",
            "//api.example.com",
        ] {
            let place = Place::default().with_apis(None, Some(base));
            assert!(place.is_err(), "{base}");
        }
    }
}
