//! The owner's mark on a browser whose visits are not to be counted. Opening
//! `/#count-off` sets it, and opening `/#count-on` takes it away.
//!
//! It is kept twice. Safari deletes what a page's script has kept after seven days
//! without a click on the page, and leaves a cookie that came with an answer: each
//! report of the owner's view is answered with one.

use shared::visits::OWNER_COOKIE;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Storage, Window};

use crate::{property, set_property};

/// The mark's key in the storage, and its value.
const KEY: &str = "count";
const OFF: &str = "off";

const NOW_OFF: &str = "Visits from this browser are no longer counted.";
const NOW_ON: &str = "Visits from this browser are counted.";
const NOT_KEPT: &str = "This browser keeps no settings, so only this visit is not counted.";

/// True if this visit is the owner's.
pub(crate) fn is_set(window: &Window, document: &Document) -> bool {
    if let Some(fragment) = asked(window).filter(|fragment| fragment.starts_with("#count-")) {
        return fragment == "#count-off";
    }
    let kept = storage(window).and_then(|storage| storage.get_item(KEY).ok()?);
    kept.is_some_and(|mark| mark == OFF) || has_cookie(document)
}

/// Obeys the page's address, now and whenever it changes, and shows the result.
pub(crate) fn follow_address(window: &Window, document: &Document) {
    obey(window, document);
    let (inner, document) = (window.clone(), document.clone());
    let changed = Closure::<dyn Fn()>::new(move || obey(&inner, &document)).into_js_value();
    window.set_onhashchange(Some(changed.unchecked_ref()));
}

fn obey(window: &Window, document: &Document) {
    let said = match asked(window).as_deref() {
        Some("#count-off") => match storage(window).map(|storage| storage.set_item(KEY, OFF)) {
            Some(Ok(())) => NOW_OFF,
            _ => NOT_KEPT,
        },
        Some("#count-on") => {
            // Without storage there is no mark to take away.
            let _ = storage(window).map(|storage| storage.remove_item(KEY));
            let gone = format!("{OWNER_COOKIE}; Path=/; Max-Age=0");
            set_property(document, "cookie", &gone.into());
            NOW_ON
        }
        _ => return,
    };
    if let Some(notice) = document.get_element_by_id("notice") {
        notice.set_text_content(Some(said));
    }
}

fn asked(window: &Window) -> Option<String> {
    window.location().hash().ok()
}

fn has_cookie(document: &Document) -> bool {
    let cookies = property(document, "cookie").as_string();
    cookies.is_some_and(|all| all.split("; ").any(|cookie| cookie == OWNER_COOKIE))
}

/// The browser's storage; none where the visitor has turned it off.
fn storage(window: &Window) -> Option<Storage> {
    window.local_storage().ok()?
}
