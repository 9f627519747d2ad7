//! The addresses of the APIs, from the page's head.

use leptos::prelude::document;

/// The address of `path`, which begins with a slash, at the counter's API.
pub fn api_url(path: &str) -> String {
    address("meta[name=api]", path)
}

/// The address of `path` at the API of visits and job offers.
pub fn owner_api_url(path: &str) -> String {
    address("meta[name=owner-api]", path)
}

/// A page that names no API asks the origin it came from.
fn address(meta: &str, path: &str) -> String {
    let meta = document().query_selector(meta).ok().flatten();
    let base = meta.and_then(|meta| meta.get_attribute("content"));
    format!("{}{path}", base.unwrap_or_default())
}
