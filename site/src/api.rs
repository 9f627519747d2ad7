//! The calls the page makes.

use browser::{api_url, owner_api_url};
use gloo_net::http::Request;
use js_sys::Reflect;
use shared::visits::{NewVisit, SkipReason};
use shared::{Count, PagePath};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Headers, RequestCredentials, RequestInit, Response};

use crate::arrival::Arrival;

/// The longest time that a visitor waits for a number, in milliseconds.
const PATIENCE: u32 = 5_000;

/// Counts this view of `page` and returns its number, or nothing if the API
/// fails or does not answer in full within [`PATIENCE`]. It is not tried again:
/// a call whose answer was lost may have been counted.
pub(crate) async fn count_view(page: &PagePath) -> Option<Count> {
    ask(&page.to_query()).await
}

/// Returns the number of `page` without counting.
pub(crate) async fn read_count(page: &PagePath) -> Option<Count> {
    ask(&format!("{}&mode=read", page.to_query())).await
}

async fn ask(query: &str) -> Option<Count> {
    let answer = Request::get(&api_url(&format!("/counter?{query}")))
        .abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)))
        .send()
        .await
        .ok()?;
    if !answer.ok() {
        return None;
    }
    answer.json().await.ok()
}

/// Reports a view of `page`, or the reason not to record it. The request goes
/// on when the page is left. Nobody waits for the outcome, so a failure
/// concerns nobody.
pub(crate) async fn report_view(page: PagePath, arrival: Arrival, skipped: Option<SkipReason>) {
    if let Ok(Some(_)) = leptos::prelude::document().query_selector("meta[name=visits]") {
        // Where this page is, nothing records visits.
        return;
    }
    // Of a view that is not recorded nothing else is said.
    let Arrival { link, source } = match skipped {
        Some(_) => Arrival::default(),
        None => arrival,
    };
    let visit = NewVisit {
        property_id: Some(page.as_str().to_owned()),
        source,
        link,
        skipped,
        ..NewVisit::default()
    };
    let _ = post("/visits", &visit).await;
}

/// Sends through web-sys, as gloo-net cannot keep a request alive beyond the page.
async fn post(path: &str, visit: &NewVisit) -> Result<(), JsValue> {
    let body = serde_json::to_string(visit).map_err(|error| error.to_string())?;
    let window = leptos::prelude::window();
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    // Without a key, a request that the browser repeats would be a second
    // visit. On plain HTTP there are no such identifiers.
    if window.is_secure_context() {
        headers.set("idempotency-key", &window.crypto()?.random_uuid())?;
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    // Only the owner's mark comes back as a cookie.
    request.set_credentials(match visit.skipped {
        Some(SkipReason::Owner) => RequestCredentials::SameOrigin,
        _ => RequestCredentials::Omit,
    });
    request.set_body(&body.into());
    Reflect::set(&request, &"keepalive".into(), &JsValue::TRUE)?;
    let answer =
        JsFuture::from(window.fetch_with_str_and_init(&owner_api_url(path), &request)).await?;
    // An answer that is not read holds its connection.
    JsFuture::from(answer.unchecked_into::<Response>().text()?).await?;
    Ok(())
}
