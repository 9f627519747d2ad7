//! Addresses on the web, checked because they become links and sources.

use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, Deserializer, Error};
use url::{Position, Url};

/// An absolute `http` or `https` address. Other schemes are refused, since
/// `javascript:` in a link is code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WebUrl(Url);

impl WebUrl {
    pub(crate) fn parse(text: &str) -> Option<Self> {
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

    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The address as people write it on paper: no scheme, no final slash, the
    /// letters that stand behind punycode and percent signs.
    pub(crate) fn short(&self) -> String {
        let host = self.host();
        let (readable, _) = idna::domain_to_unicode(host);
        let port = self.0.port().map(|port| format!(":{port}"));
        let rest = &self.0[Position::BeforePath..];
        let decoded = percent_decode_str(rest).decode_utf8();
        // A space or a control character would end the address, or hide in it.
        let rest = match &decoded {
            Ok(text) if !text.contains(|c: char| c.is_whitespace() || c.is_control()) => text,
            _ => rest,
        };
        let text = format!("{readable}{}{rest}", port.unwrap_or_default());
        let text = text.trim_end_matches('/');
        text.strip_prefix("www.").unwrap_or(text).to_owned()
    }
}

impl<'de> Deserialize<'de> for WebUrl {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a web address"))
    }
}

/// The address of the page that a text without a scheme means.
pub(super) fn with_scheme(text: &str) -> Option<WebUrl> {
    let rest = text.strip_prefix("//").unwrap_or(text);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let is_host = labels.len() > 1
        && labels.iter().all(|label| !label.is_empty())
        && !rest.contains(|c: char| c.is_whitespace() || c == '@' && !rest.contains('/'))
        && labels.last().is_some_and(|top| {
            top.chars().count() > 1 && !top.starts_with(|c: char| c.is_ascii_digit())
        });
    is_host
        .then(|| WebUrl::parse(&format!("https://{rest}")))
        .flatten()
}

/// Tells whether a text is one e-mail address: one `@`, with something before it and
/// a domain after.
pub(crate) fn is_email(text: &str) -> bool {
    let shaped = text.split_once('@').is_some_and(|(local, domain)| {
        let labels = || domain.split('.');
        !local.is_empty() && labels().count() > 1 && labels().all(|label| !label.is_empty())
    });
    shaped
        && text.matches('@').count() == 1
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>?&,;".contains(c))
}

/// A picture: somewhere on the web, in the document itself, or a file of this
/// site, by its path from the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Image {
    Remote(WebUrl),
    Inline(String),
    Local(String),
}

impl Image {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(url) = WebUrl::parse(text) {
            return Some(Self::Remote(url));
        }
        if text.starts_with("data:image/") && !text.contains(|c: char| "\"'<>".contains(c)) {
            return Some(Self::Inline(text.to_owned()));
        }
        let is_path = matches!(
            Url::parse(text),
            Err(url::ParseError::RelativeUrlWithoutBase)
        ) && !text.contains('\\')
            && !text.contains(|c: char| c.is_control())
            && text.split('/').all(|part| !matches!(part, "" | "." | ".."));
        is_path.then(|| Self::Local(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Image {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a picture"))
    }
}
