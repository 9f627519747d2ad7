//! The calls the page makes.

use gloo_net::http::Request;
use shared::{Count, PagePath};
use web_sys::AbortSignal;

use crate::API_BASE;

/// How long a visitor is kept waiting for a number, in milliseconds.
const PATIENCE: u32 = 5_000;

/// Counts this visit of `page` and returns its number, or nothing where the API
/// fails or has not answered in full within [`PATIENCE`]. Not tried again: a
/// call whose answer was lost may have been counted.
pub(crate) async fn count_visit(page: &PagePath) -> Option<Count> {
    let base = API_BASE.trim_end_matches('/');
    let url = format!("{base}/counter?{}", page.to_query());
    let answer = Request::get(&url)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(PATIENCE)))
        .send()
        .await
        .ok()?;
    if !answer.ok() {
        return None;
    }
    answer.json().await.ok()
}
