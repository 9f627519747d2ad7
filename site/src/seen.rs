//! The moment someone sees the page: it is visible, not only rendered ahead.

use js_sys::{Function, Promise};
use leptos::task::spawn_local;
use shared::PagePath;
use shared::visits::SkipReason;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AddEventListenerOptions, Document, EventTarget, Window};

use crate::arrival::Arrival;
use crate::{api, property};

/// Waits until `page` is seen. A page that was rendered ahead and is given up
/// unseen is reported as a skipped one.
pub(crate) async fn wait(window: &Window, document: &Document, page: &PagePath) {
    if is_prerendering(document) {
        let (document, page) = (document.clone(), page.clone());
        let given_up = Closure::once_into_js(move || {
            if is_prerendering(&document) {
                spawn_local(api::report_view(
                    page,
                    Arrival::default(),
                    Some(SkipReason::Prerender),
                ));
            }
        });
        listen(window, "pagehide", given_up.unchecked_ref());
    }
    while is_prerendering(document) {
        happens(document, "prerenderingchange").await;
    }
    while document.hidden() {
        happens(document, "visibilitychange").await;
    }
}

fn is_prerendering(document: &Document) -> bool {
    property(document, "prerendering").is_truthy()
}

/// Waits for the next `event` of `target`.
async fn happens(target: &EventTarget, event: &str) {
    let next = Promise::new(&mut |resolve, _| listen(target, event, &resolve));
    let _ = JsFuture::from(next).await;
}

fn listen(target: &EventTarget, event: &str, listener: &Function) {
    let options = AddEventListenerOptions::new();
    options.set_once(true);
    let _ = target
        .add_event_listener_with_callback_and_add_event_listener_options(event, listener, &options);
}
