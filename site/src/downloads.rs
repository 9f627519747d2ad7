//! Downloads of the page's other forms, each recorded as a visit of its own name.

use leptos::task::spawn_local;
use shared::PagePath;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, Event, Window};

use crate::arrival::Arrival;
use crate::{api, skip};

/// Reports each download from now on: one of `resume.pdf` on `example.com/` as
/// a visit of `example.com/resume.pdf`, by the link that led to the page, or with the
/// reason not to record it.
pub(crate) fn follow(window: &Window, document: &Document, page: &PagePath, link: Option<String>) {
    let page = page.as_str();
    let folder = page.rfind('/').map_or("", |at| &page[..=at]).to_owned();
    let (window, here) = (window.clone(), document.clone());
    let clicked = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if let Some(file) = file(&event)
            && let Ok(name) = PagePath::parse(&format!("{folder}{file}"))
        {
            // The owner may have turned counting off since the page was seen.
            let arrival = Arrival {
                link: link.clone(),
                source: None,
            };
            spawn_local(api::report_view(
                name,
                arrival,
                skip::reason(&window, &here),
            ));
        }
    });
    let _ =
        document.add_event_listener_with_callback("click", clicked.into_js_value().unchecked_ref());
}

/// The file that a click asks for, if it is on a download link.
fn file(event: &Event) -> Option<String> {
    let clicked: Element = event.target()?.dyn_into().ok()?;
    clicked.closest("a[download]").ok()??.get_attribute("href")
}
