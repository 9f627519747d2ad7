//! The steps on the static page, in order: someone sees it, one decision is
//! made for number and log, the number is asked for, and the view is reported.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::PagePath;
use shared::visits::SkipReason;
use wasm_bindgen::JsCast;
use web_sys::{Element, Window};

use crate::arrival::Arrival;
use crate::counter::{Counter, Reading};
use crate::{api, day, downloads, mark, seen, skip};

/// Starts every live part that the page has a place for.
pub fn mount() {
    let (window, document) = (window(), document());
    mark::follow_address(&window, &document);
    let arrival = Arrival::read(&window, &document);
    let reading = RwSignal::new(Reading::Waiting);
    let counter = document.get_element_by_id("counter");
    if let Some(counter) = &counter {
        counter.set_text_content(None);
        let place = counter.clone().unchecked_into();
        leptos::mount::mount_to(place, move || view! { <Counter reading /> }).forget();
    }
    let Some(page) = page_name(&window) else {
        reading.set(Reading::Unknown);
        return;
    };
    spawn_local(async move {
        seen::wait(&window, &document, &page).await;
        let skipped = skip::reason(&window, &document);
        spawn_local(api::report_view(page.clone(), arrival.clone(), skipped));
        downloads::follow(&window, &document, &page, arrival.link);
        if let Some(counter) = counter {
            reading.set(number(&window, &counter, &page, skipped).await);
        }
    });
}

/// Counts this view, and otherwise only reads the number: if there is a reason
/// to skip it, or if the counter is daily and has counted this browser today.
async fn number(
    window: &Window,
    counter: &Element,
    page: &PagePath,
    skipped: Option<SkipReason>,
) -> Reading {
    let is_daily = counter.get_attribute("data-counts").as_deref() == Some("daily");
    let count = if skipped.is_some() || (is_daily && day::is_counted(window, page)) {
        api::read_count(page).await
    } else {
        let count = api::count_view(page).await;
        if is_daily && count.is_some() {
            day::remember(window, page);
        }
        count
    };
    match count {
        Some(count) => Reading::Number(localised(count.count)),
        None => Reading::Unknown,
    }
}

/// The name this page is counted under: the one in its head, if its address was
/// known when it was written, else the one of the browser's address.
fn page_name(window: &Window) -> Option<PagePath> {
    let name = document().query_selector("meta[name=page]").ok().flatten();
    if let Some(name) = name.and_then(|name| name.get_attribute("content")) {
        return PagePath::parse(&name).ok();
    }
    let location = window.location();
    let (host, pathname) = (location.host().ok()?, location.pathname().ok()?);
    PagePath::from_location(&host, &pathname).ok()
}

/// `number` with the separators of the page's language. Below a thousand there
/// is nothing to separate, and the browser's first look at its language data
/// blocks a slow phone for longer than all the rest of this program.
fn localised(number: u64) -> String {
    if number < 1_000 {
        return number.to_string();
    }
    let root = document().document_element();
    let language = root.and_then(|root| root.get_attribute("lang"));
    js_sys::Number::from(number as f64)
        .to_locale_string(&language.unwrap_or_default())
        .into()
}
