//! The source that led to the page: one of the owner's links, or another site.

use shared::visits::{Link, is_source};
use web_sys::{Document, Url, UrlSearchParams, Window};

/// The most of a visitor's way that is reported. Paths and queries are not among it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrival {
    /// The code of the owner's link.
    pub(crate) link: Option<String>,
    /// The host that led here, or what the address says instead.
    pub(crate) source: Option<String>,
}

impl Arrival {
    /// Reads the page's address and the one before it, and takes the link's code out of
    /// the address, so that it is not passed on with it.
    pub(crate) fn read(window: &Window, document: &Document) -> Self {
        let location = window.location();
        let Ok(query) = location.search() else {
            return Self::default();
        };
        let Ok(parameters) = UrlSearchParams::new_with_str(&query) else {
            return Self::default();
        };
        let link = parameters.get(Link::PARAMETER);
        if link.is_some() {
            hide_code(window, &query);
        }
        let mut names = ["utm_source", "ref"].into_iter();
        let source = names.find_map(|name| as_source(&parameters.get(name)?));
        Self {
            link: link.filter(|code| Link::is_code(code)),
            source: source.or_else(|| host_before(&location.hostname().ok()?, document)),
        }
    }
}

/// Takes the code out of the address, and leaves the rest as it is.
fn hide_code(window: &Window, query: &str) {
    let location = window.location();
    let (Ok(path), Ok(hash)) = (location.pathname(), location.hash()) else {
        return;
    };
    let is_code = |part: &&str| part.split('=').next() == Some(Link::PARAMETER);
    let parts = query.trim_start_matches('?').split('&');
    let rest: Vec<_> = parts.filter(|part| !is_code(part)).collect();
    let mark = if rest.is_empty() { "" } else { "?" };
    if let Ok(history) = window.history() {
        let state = history.state().unwrap_or_default();
        let address = [&path, mark, &rest.join("&"), &hash].concat();
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}

/// The host of the page that had the link to this one, unless it is of the same host.
fn host_before(own: &str, document: &Document) -> Option<String> {
    let host = Url::new(&document.referrer()).ok()?.hostname();
    as_source(&host).filter(|host| host != own.trim_start_matches("www."))
}

fn as_source(text: &str) -> Option<String> {
    // Names of hosts are in ASCII; what is in other letters is none of ours.
    let text = text.to_ascii_lowercase();
    let text = text.strip_prefix("www.").unwrap_or(&text);
    is_source(text).then(|| text.to_owned())
}
