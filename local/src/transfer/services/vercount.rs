//! Vercount gives no file out; its page of counters loads them as JSON, with `sitePv`,
//! `siteUv` and, under `pageViews`, `path` and `views` of each page.

use std::io::Read;

use serde::Deserialize;
use serde_json::Value;

use super::super::fault;
use super::{Brought, Outcome};

#[derive(Deserialize)]
struct PageView {
    path: String,
    views: u64,
}

pub(super) fn read(content: &mut dyn Read, brought: &mut Brought) -> Outcome<bool> {
    let answer: Value = serde_json::from_reader(content).map_err(|error| fault::of_json(&error))?;
    let counters = ["/data/counters", "/counters", ""];
    let counters = counters.iter().filter_map(|path| answer.pointer(path));
    let Some(counters) = counters
        .into_iter()
        .find(|found| found.get("pageViews").is_some())
    else {
        return Ok(false);
    };
    let pages = Vec::<PageView>::deserialize(&counters["pageViews"]);
    for page in pages.map_err(|error| format!("`pageViews`: {}", fault::of_json(&error)))? {
        brought.add(None, &page.path, page.views)?;
    }
    for (name, kind) in [
        ("sitePv", "views of the whole site"),
        ("siteUv", "visitors of the whole site"),
    ] {
        brought.leave(kind, counters[name].as_u64().unwrap_or(0));
    }
    Ok(true)
}
