//! All visits of a property and period as a file, made in the browser.

use browser::Failure;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::visits::Visit;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

use super::section::section;
use crate::api::{self, Query};
use crate::export::{Format, file_name};
use crate::period::Period;
use crate::session::Session;
use crate::words;

/// Visits in one answer: as many as the API gives.
const PAGE: usize = 1_000;

/// The progress of a file.
#[derive(Clone, Debug)]
enum Progress {
    Idle,
    Reading(u64),
    Saved(u64),
    Failed(Failure),
}

/// The choice of a file, and its progress.
#[component]
pub(crate) fn Download(
    /// The session whose token is sent.
    session: Session,
    /// The query of the visits.
    query: Query,
    /// The property and period for the file's name.
    choice: (String, Period),
    /// The number of visits.
    total: u64,
) -> impl IntoView {
    let progress = RwSignal::new(Progress::Idle);
    let reading = move || matches!(progress.get(), Progress::Reading(_));
    let (property, period) = choice;
    let button = |format: Format, label| {
        let name = file_name(&property, period.label(), format);
        let query = query.clone();
        let start = move |_| {
            if reading() {
                return;
            }
            let (name, query) = (name.clone(), query.clone());
            spawn_local(async move {
                progress.set(match collect(session, &query, progress).await {
                    Ok(visits) => {
                        // Only a browser without blobs fails here.
                        let _ = save(&name, &format.write(&visits), format.media_type());
                        Progress::Saved(visits.len() as u64)
                    }
                    Err(failure) => Progress::Failed(failure),
                });
            });
        };
        view! { <button aria-disabled=move || reading().then_some("true") on:click=start>{label}</button> }
    };
    let said = move || match progress.get() {
        Progress::Idle => words::count(total, "visit", "visits"),
        Progress::Reading(done) => format!(
            "Reading: {} of {}",
            words::number(done),
            words::number(total)
        ),
        Progress::Saved(done) => format!("Saved {}", words::count(done, "visit", "visits")),
        Progress::Failed(failure) => failure.to_string(),
    };
    let bar = move || match progress.get() {
        Progress::Reading(done) => Some(view! {
            <progress aria-label="Visits read" max=total.to_string() value=done.to_string()></progress>
        }),
        _ => None,
    };
    let content = view! {
        <div class="pager">
            {button(Format::Csv, "CSV")}
            {button(Format::Json, "JSON")}
            <span role="status">{said}</span>
            {bar}
        </div>
    };
    section("download", "Download", content.into_any())
}

async fn collect(
    session: Session,
    query: &Query,
    progress: RwSignal<Progress>,
) -> Result<Vec<Visit>, Failure> {
    let mut visits = Vec::new();
    let mut cursor = None;
    loop {
        progress.set(Progress::Reading(visits.len() as u64));
        let page = api::visits(session, query, PAGE, cursor.as_deref()).await?;
        visits.extend(page.visits);
        cursor = page.next;
        if cursor.is_none() {
            return Ok(visits);
        }
    }
}

fn save(name: &str, content: &str, media_type: &str) -> Result<(), JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&content.into()), &kind)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&address)
}
