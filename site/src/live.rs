//! The moving parts of the static page, each mounted into the element that
//! holds its placeholder.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::PagePath;
use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement, Window};

use crate::counter::{Counter, Reading};
use crate::{api, mark, visit};

/// Mounts every live part that the page has a place for, and reports the visit.
pub fn mount() {
    let window = window();
    let document = document();
    let page = page_path(&window);
    mark::follow_address(&window, &document);
    if let Some(place) = document.get_element_by_id("counter") {
        mount_counter(&window, &document, place.unchecked_into(), page.clone());
    }
    if let Some(page) = page {
        spawn_local(visit::report(window, document, page));
    }
}

fn mount_counter(window: &Window, document: &Document, place: HtmlElement, page: Option<PagePath>) {
    let reading = RwSignal::new(Reading::Waiting);
    place.set_text_content(None);
    leptos::mount::mount_to(place, move || view! { <Counter reading /> }).forget();

    let is_owner = mark::is_set(window);
    let language = document
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .unwrap_or_default();
    spawn_local(async move {
        let count = match page {
            Some(page) if is_owner => api::read_count(&page).await,
            Some(page) => api::count_visit(&page).await,
            None => None,
        };
        reading.set(match count {
            Some(count) => Reading::Number(localised(count.count, &language)),
            None => Reading::Unknown,
        });
    });
}

/// The name this page is counted under: `host/pathname`.
fn page_path(window: &Window) -> Option<PagePath> {
    let location = window.location();
    let (host, pathname) = (location.host().ok()?, location.pathname().ok()?);
    PagePath::parse(&format!("{host}{pathname}")).ok()
}

/// `number` with the separators of `language`. Below a thousand there is nothing
/// to separate, and the browser's first look at its language data blocks a slow
/// phone for longer than all the rest of this program.
fn localised(number: u64, language: &str) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    js_sys::Number::from(number as f64)
        .to_locale_string(language)
        .into()
}
