//! GoatCounter: the CSV has a row for each view, and the archive of its JSON has sums
//! by hour, <https://www.goatcounter.com/help/export>. It counts visitors: a view that
//! is not the first of its session is none.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::fault;
use super::table::Table;
use super::{Brought, Outcome};

/// The sums of the archive: which path has which number stands in another file.
#[derive(Debug, Default)]
pub(super) struct Hits {
    hits: BTreeMap<u64, u64>,
    paths: BTreeMap<u64, String>,
    events: BTreeSet<u64>,
}

#[derive(Deserialize)]
struct Path {
    id: u64,
    path: String,
    #[serde(default)]
    event: bool,
}

#[derive(Deserialize)]
struct HitStat {
    path_id: u64,
    count: u64,
}

#[derive(Deserialize)]
struct Info {
    export_version: String,
}

impl Hits {
    pub(super) fn read(
        &mut self,
        name: &str,
        content: &mut dyn Read,
        brought: &mut Brought,
    ) -> Outcome<bool> {
        match name {
            "info.json" => {
                let info: Info =
                    serde_json::from_reader(content).map_err(|e| fault::of_json(&e))?;
                let version = info.export_version;
                let is_known = version.starts_with("1.");
                is_known.then_some(false).ok_or(format!(
                    "this export has version {version}, and only versions 1.x can be read"
                ))
            }
            "paths.jsonl" => lines(content, |path: Path| {
                if path.event {
                    self.events.insert(path.id);
                } else {
                    self.paths.insert(path.id, path.path);
                }
            })
            .map(|()| false),
            "hit_stats.jsonl" => lines(content, |stat: HitStat| {
                *self.hits.entry(stat.path_id).or_default() += stat.count;
            })
            .map(|()| true),
            _ if name.ends_with(".json") || name.ends_with(".jsonl") => Ok(false),
            _ => read_csv(content, brought),
        }
    }

    pub(super) fn add_to(self, brought: &mut Brought) -> Outcome<()> {
        for (id, hits) in self.hits {
            match self.paths.get(&id) {
                Some(path) => brought.add(None, path, hits)?,
                None if self.events.contains(&id) => brought.leave("events", hits),
                None => brought.leave("views of a page without a path", hits),
            }
        }
        Ok(())
    }
}

fn lines<T: DeserializeOwned>(content: &mut dyn Read, mut each: impl FnMut(T)) -> Outcome<()> {
    for (number, line) in (1..).zip(BufReader::new(content).lines()) {
        let line = line.map_err(|error| error.to_string())?;
        if !line.trim().is_empty() {
            let record = serde_json::from_str(&line);
            each(record.map_err(|error| format!("line {number}: {}", fault::of_json(&error)))?);
        }
    }
    Ok(())
}

fn read_csv(content: &mut dyn Read, brought: &mut Brought) -> Outcome<bool> {
    let mut table = Table::new(content)?;
    // The version stands before the first name.
    let first = table.header().get(0).unwrap_or_default().to_owned();
    let name = first.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let version = &first[..first.len() - name.len()];
    if name != "Path" {
        return Ok(false);
    }
    if !matches!(version, "1" | "2") {
        return Err(format!(
            "the CSV has version {version}, and only versions 1 and 2 can be read"
        ));
    }
    *table.header() = ["Path"]
        .into_iter()
        .chain(table.header().clone().iter().skip(1))
        .collect();
    if !table.has(&["Path", "Event", "Bot", "FirstVisit"]) {
        return Ok(false);
    }
    let is = |text: &str| matches!(text, "1" | "true" | "t");
    table.rows(|row| {
        if is(row.text("Event")) {
            brought.leave("events", 1);
        } else if row.text("Bot") != "0" {
            brought.leave("views by bots", 1);
        } else if !is(row.text("FirstVisit")) {
            brought.leave("views that are not the first of their session", 1);
        } else {
            brought.add(None, row.text("Path"), 1)?;
        }
        Ok(())
    })?;
    Ok(true)
}
