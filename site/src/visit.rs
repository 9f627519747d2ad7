//! Reports that the page was viewed, once and when someone can see it, or why
//! the view is not to be recorded.

use js_sys::{Array, Function, Promise, Reflect};
use leptos::task::spawn_local;
use shared::PagePath;
use shared::visits::{NewVisit, SkipReason};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AddEventListenerOptions, Document, EventTarget, Window};

use crate::{api, mark};

/// The user agents of programs that say they are crawlers: npm's `isbot`, put
/// here by the build script.
const CRAWLERS: &str = include_str!(concat!(env!("OUT_DIR"), "/crawlers.txt"));

/// Waits until `page` is seen and reports it. One that was rendered ahead and
/// is given up unseen is reported as that.
pub(crate) async fn report(window: Window, document: Document, page: PagePath) {
    if is_prerendering(&document) {
        let (document, page) = (document.clone(), page.clone());
        let given_up = Closure::once_into_js(move || {
            if is_prerendering(&document) {
                spawn_local(send(page, Some(SkipReason::Prerender)));
            }
        });
        listen(&window, "pagehide", given_up.unchecked_ref());
    }
    while is_prerendering(&document) {
        happens(&document, "prerenderingchange").await;
    }
    while document.hidden() {
        happens(&document, "visibilitychange").await;
    }
    send(page, reason_to_skip(&window)).await;
}

async fn send(page: PagePath, skipped: Option<SkipReason>) {
    let visit = NewVisit {
        property_id: Some(page.as_str().to_owned()),
        skipped,
        ..NewVisit::default()
    };
    api::report_visit(&visit).await;
}

/// Why a view by this browser is no visit, if there is a reason.
fn reason_to_skip(window: &Window) -> Option<SkipReason> {
    let navigator = window.navigator();
    let says = |name, value: JsValue| get(&navigator, name) == value;
    if mark::is_set(window) {
        Some(SkipReason::Owner)
    } else if says("webdriver", JsValue::TRUE) {
        Some(SkipReason::Automation)
    } else if is_crawler(&get(&navigator, "userAgent")).unwrap_or(false) {
        Some(SkipReason::Crawler)
    } else if says("globalPrivacyControl", JsValue::TRUE) {
        Some(SkipReason::GlobalPrivacyControl)
    } else if says("doNotTrack", "1".into()) {
        Some(SkipReason::DoNotTrack)
    } else {
        None
    }
}

/// Whether `user_agent` is a crawler's. Through `Reflect`, because a browser
/// that is too old for the pattern throws: then nothing is known.
fn is_crawler(user_agent: &JsValue) -> Option<bool> {
    let constructor: Function = get(&js_sys::global(), "RegExp").dyn_into().ok()?;
    let pattern = Reflect::construct(&constructor, &Array::of2(&CRAWLERS.into(), &"i".into()));
    let pattern: js_sys::RegExp = pattern.ok()?.unchecked_into();
    Some(pattern.test(&user_agent.as_string()?))
}

fn is_prerendering(document: &Document) -> bool {
    get(document, "prerendering").is_truthy()
}

/// A property that web-sys does not know, or takes to be always there.
fn get(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &name.into()).unwrap_or_default()
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
