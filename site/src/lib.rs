//! The live parts of the résumé page, in the browser. `prerender` writes the
//! page itself.

#![cfg(feature = "csr")]

mod api;
mod arrival;
mod counter;
mod day;
mod downloads;
pub mod live;
mod mark;
mod seen;
mod skip;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// A property that web-sys does not know, or takes for always present.
fn property(target: &JsValue, name: &str) -> JsValue {
    Reflect::get(target, &name.into()).unwrap_or_default()
}

/// Sets a property, where that is allowed.
fn set_property(target: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(target, &name.into(), value);
}
