//! The calls the dashboard makes.

use browser::{Failure, api_url, owner_api_url};
use js_sys::Promise;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::Count;
use shared::visits::{MadeLink, NewLink, Summary, VisitsPage};
use wasm_bindgen_futures::JsFuture;

use crate::period::query_from;
use crate::session::Session;

/// The most tries of a throttled call, and the first pause between them in
/// milliseconds; each pause is twice the one before.
const TRIES: u32 = 5;
const PAUSE: i32 = 500;

/// The code that the owner's command has put into the page's address.
#[derive(Debug, Serialize)]
struct Code {
    code: String,
}

/// The answer to a code.
#[derive(Debug, Deserialize)]
struct SignedIn {
    token: String,
}

/// The property and the days of a question, as parts of a query string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    property: String,
    days: String,
}

impl Query {
    pub(crate) fn of(property: &str, days: &str) -> Self {
        Self {
            property: format!("propertyId={}", encode(property)),
            days: days.to_owned(),
        }
    }

    fn summary(&self, days: &str) -> String {
        format!("/visits/summary?{}{days}", self.property)
    }
}

/// Sums all days, which the API gives in parts if they are many.
pub(crate) async fn summary(session: Session, query: &Query) -> Result<Summary, Failure> {
    let mut summary: Summary = get_as_owner(session, &query.summary(&query.days)).await?;
    while let Some(next) = summary.next.take() {
        let days = query_from(&query.days, &next);
        summary.add(get_as_owner(session, &query.summary(&days)).await?);
    }
    Ok(summary)
}

/// Succeeds if `token` is the owner's.
pub(crate) async fn check(session: Session, token: &str, query: &Query) -> Result<(), Failure> {
    let url = owner_api_url(&query.summary(&query.days));
    get::<Summary>(session, Some(token), &url).await.map(|_| ())
}

/// Changes the code of `resume-counter open dashboard` for the token.
pub(crate) async fn sign_in(code: String) -> Result<String, Failure> {
    let answer = browser::post(&owner_api_url("/-/sign-in"), None, &Code { code }).await?;
    let SignedIn { token } = browser::json(answer).await?;
    Ok(token)
}

/// One page of the log: the first one, or the one at `cursor`.
pub(crate) async fn visits(
    session: Session,
    query: &Query,
    limit: usize,
    cursor: Option<&str>,
) -> Result<VisitsPage, Failure> {
    let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={}", encode(cursor)));
    let Query { property, days } = query;
    let path = format!("/visits?{property}{days}&limit={limit}{cursor}");
    get_as_owner(session, &path).await
}

/// Makes a link to `page`, or gives the one that its label has.
pub(crate) async fn add_link(
    session: Session,
    label: String,
    page: String,
) -> Result<MadeLink, Failure> {
    let page = Some(page);
    let url = owner_api_url("/visits/links");
    let answer = browser::post(&url, Some(&session.token()), &NewLink { label, page }).await;
    if let Err(Failure::Token) = answer {
        session.close(Some(Failure::Token));
    }
    browser::json(answer?).await
}

/// All hits of a property so far; reading adds none, and anyone may.
pub(crate) async fn hits(session: Session, property: &str) -> Result<u64, Failure> {
    let url = api_url(&format!("/counter?path={}&mode=read", encode(property)));
    let count: Count = get(session, None, &url).await?;
    Ok(count.count)
}

/// A call that ends the session where the token is no longer the owner's.
async fn get_as_owner<T: DeserializeOwned>(session: Session, path: &str) -> Result<T, Failure> {
    let url = owner_api_url(path);
    let answer = get(session, Some(&session.token()), &url).await;
    if let Err(Failure::Token) = answer {
        session.close(Some(Failure::Token));
    }
    answer
}

async fn get<T: DeserializeOwned>(
    session: Session,
    token: Option<&str>,
    url: &str,
) -> Result<T, Failure> {
    // A header cannot hold other characters, so this is no token.
    if token.is_some_and(|token| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(Failure::Token);
    }
    for turn in 0..TRIES {
        if turn > 0 {
            session.throttled.set(true);
            sleep(PAUSE << (turn - 1)).await;
            session.throttled.set(false);
        }
        match browser::get(url, token).await {
            Err(Failure::Throttled) => {}
            Err(failure) => return Err(failure),
            Ok(answer) => return browser::json(answer).await,
        }
    }
    Err(Failure::Throttled)
}

async fn sleep(milliseconds: i32) {
    let timer = Promise::new(&mut |resolve, _| {
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(timer).await;
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
