//! The call the job board makes.

use browser::{Failure, owner_api_url};
use shared::jobs::JobOffer;

use crate::filter::Filter;
use crate::link;

/// Offers that a page has at most.
const LIMIT: usize = 50;

/// The most pages without an offer that one call passes over: each may stand
/// for a thousand offers of other contract types.
const EMPTY_PAGES: usize = 4;

/// Offers, and the query of the next page.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    pub(crate) offers: Vec<JobOffer>,
    pub(crate) next: Option<String>,
}

/// The query of the first page of the offers that `filter` lets through.
pub(crate) fn first(filter: &Filter) -> String {
    format!("limit={LIMIT}&{}", filter.to_query())
}

/// The page of `query` or, if it has no offer, a later one: the first of the
/// next few that has one, or else the last of them.
pub(crate) async fn page(query: String) -> Result<Page, Failure> {
    let mut page = read(&query).await?;
    for _ in 0..EMPTY_PAGES {
        match page.next {
            Some(next) if page.offers.is_empty() => page = read(&next).await?,
            _ => break,
        }
    }
    Ok(page)
}

async fn read(query: &str) -> Result<Page, Failure> {
    let answer = browser::get(&owner_api_url(&format!("/v1/jobs?{query}")), None).await?;
    let header = answer.headers().get("link").unwrap_or_default();
    Ok(Page {
        next: link::next(&header).map(str::to_owned),
        offers: browser::json(answer).await?,
    })
}
