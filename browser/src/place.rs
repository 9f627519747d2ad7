//! The place of a program: the static page's `main`, with the id `content`.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Puts `page` in the place of the static page's notice that it is coming.
pub fn mount<V: IntoView + 'static>(page: impl FnOnce() -> V + 'static) {
    if cfg!(debug_assertions) {
        console_error_panic_hook::set_once();
    }
    if let Some(place) = document().get_element_by_id("content") {
        place.set_inner_html("");
        leptos::mount::mount_to(place.unchecked_into(), page).forget();
    }
}
