//! Addresses on the web, checked because they become links and sources.

use serde::de::{Deserialize, Deserializer, Error};
use url::{Position, Url};

/// An absolute `http` or `https` address. Other schemes are refused, since
/// `javascript:` in a link is code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebUrl(Url);

impl WebUrl {
    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(Self(url))
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Scheme, host and port, as content security policies name a source.
    pub(crate) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The address that `reference` means on this page.
    pub(crate) fn join(&self, reference: &str) -> Option<String> {
        self.0.join(reference).ok().map(String::from)
    }

    /// The address as people write it on paper: no scheme, no final slash.
    pub(crate) fn short(&self) -> &str {
        let text = self.0[Position::BeforeHost..].trim_end_matches('/');
        text.strip_prefix("www.").unwrap_or(text)
    }
}

impl<'de> Deserialize<'de> for WebUrl {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format_args!(
                "expected a web address such as https://example.com/, found {text:?}"
            ))
        })
    }
}

/// An e-mail address: one `@`, with something before it and a domain after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email(String);

impl Email {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        let shaped = text.split_once('@').is_some_and(|(local, domain)| {
            let labels = || domain.split('.');
            !local.is_empty() && labels().count() > 1 && labels().all(|label| !label.is_empty())
        });
        let clean =
            !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>?&".contains(c));
        if shaped && clean && text.matches('@').count() == 1 {
            return Ok(Self(text));
        }
        Err(D::Error::custom(format_args!(
            "expected an e-mail address such as name@example.com, found {text:?}"
        )))
    }
}

/// A picture: somewhere on the web, or a file of this site, by its path from
/// the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    Remote(WebUrl),
    Local(String),
}

impl Image {
    pub(crate) fn src(&self) -> &str {
        match self {
            Self::Remote(url) => url.as_str(),
            Self::Local(path) => path,
        }
    }
}

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        if let Some(url) = WebUrl::parse(&text) {
            return Ok(Self::Remote(url));
        }
        let is_path = matches!(
            Url::parse(&text),
            Err(url::ParseError::RelativeUrlWithoutBase)
        ) && !text.starts_with('/')
            && text.split('/').all(|part| !part.is_empty() && part != "..");
        if is_path {
            return Ok(Self::Local(text));
        }
        Err(D::Error::custom(format_args!(
            "expected a web address, or the path of a file beside the page such as images/me.jpg, found {text:?}"
        )))
    }
}
