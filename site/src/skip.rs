//! The reasons why a view of the page is neither counted nor recorded.

use js_sys::{Array, Function, Reflect};
use shared::visits::{CRAWLERS, SkipReason};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Window};

use crate::{mark, property};

/// Finds the reason, if there is one.
pub(crate) fn reason(window: &Window, document: &Document) -> Option<SkipReason> {
    let navigator = window.navigator();
    let says = |name, value: JsValue| property(&navigator, name) == value;
    if mark::is_set(window, document) {
        Some(SkipReason::Owner)
    } else if says("webdriver", JsValue::TRUE) {
        Some(SkipReason::Automation)
    } else if is_crawler(&property(&navigator, "userAgent")).unwrap_or(false) {
        Some(SkipReason::Crawler)
    } else if says("globalPrivacyControl", JsValue::TRUE) {
        Some(SkipReason::GlobalPrivacyControl)
    } else if says("doNotTrack", "1".into()) {
        Some(SkipReason::DoNotTrack)
    } else {
        None
    }
}

/// True if `user_agent` is a crawler's. It goes through `Reflect`, because a
/// browser that is too old for the pattern throws: the result is then `None`.
fn is_crawler(user_agent: &JsValue) -> Option<bool> {
    let constructor: Function = property(&js_sys::global(), "RegExp").dyn_into().ok()?;
    let pattern = Reflect::construct(&constructor, &Array::of2(&CRAWLERS.into(), &"i".into()));
    let pattern: js_sys::RegExp = pattern.ok()?.unchecked_into();
    Some(pattern.test(&user_agent.as_string()?))
}
