//! The pages that this browser has been counted on today, for a counter that
//! counts a browser once a day. It keeps a day for each page, and nothing that
//! could tell one browser from another.

use shared::PagePath;
use web_sys::Window;

/// True if this browser was counted on `page` today (UTC). One that keeps
/// nothing is counted each time.
pub(crate) fn is_counted(window: &Window, page: &PagePath) -> bool {
    let storage = window.local_storage().ok().flatten();
    let kept = storage.and_then(|storage| storage.get_item(&key(page)).ok()?);
    kept.is_some_and(|day| day == today())
}

/// Keeps that this browser was counted on `page` today.
pub(crate) fn remember(window: &Window, page: &PagePath) {
    if let Ok(Some(storage)) = window.local_storage() {
        // A browser that keeps nothing is counted each time.
        let _ = storage.set_item(&key(page), &today());
    }
}

fn key(page: &PagePath) -> String {
    format!("counted:{}", page.as_str())
}

/// The date in UTC, such as `2026-11-26`.
fn today() -> String {
    let mut date = String::from(js_sys::Date::new_0().to_iso_string());
    date.truncate(date.len() - "T00:00:00.000Z".len());
    date
}
