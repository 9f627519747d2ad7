//! The counts of a day: visits in all, visitors, visits by name, and what was not
//! recorded.
//!
//! One item holds a day of a property, by place, source, hour and the owner's
//! link; another holds the day of all properties, by property. An item stays small
//! whoever sends what: after [`MAX_NAMES`] names, or for a long one, a visit counts
//! as `other`.

use std::collections::{BTreeMap, HashMap, HashSet};

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Update};
use shared::visits::SkipReason;

use crate::log::{Item, SORT_KEY, number, text};

/// Names of a day; a write costs by the item's size, and anyone may send one.
const MAX_NAMES: u64 = 50;
const MAX_NAME_BYTES: usize = 100;
pub(crate) use shared::visits::OTHER;

pub(crate) const PREFIX: &str = "day#";
const VISITS: &str = "visits";
pub(crate) const UNIQUES: &str = "uniques";
const OTHERS: &str = "others";
pub(crate) const NAMES: &str = "names";
const NAMED: &str = "name#";
const SKIPPED: &str = "skipped#";
// There are many of these in an item, and each kilobyte of it is paid for.
pub(crate) const SOURCES: &str = "sources";
const SOURCE: &str = "s#";
const OTHER_SOURCES: &str = "otherSources";
const LINK: &str = "l#";
const LINK_UNIQUES: &str = "u#";
const HOUR: &str = "h#";

/// The partition in which a day counts the visits of each property.
pub(crate) const ALL_PROPERTIES: &str = "#properties";

/// The sort key of `date`, a day or the end of a range of them.
pub(crate) fn sort_key(date: &str) -> String {
    format!("{PREFIX}{date}")
}

/// Refuses names that a day would not have taken in its `field`.
pub(crate) fn check_names(field: &str, names: &[String]) -> Result<(), String> {
    let is_name = |name: &String| !name.is_empty() && Naming::of(name) == Naming::Named;
    if names.len() as u64 > MAX_NAMES || !names.iter().all(is_name) {
        return Err(format!(
            "`{field}` can hold at most {MAX_NAMES} names, each of 1 to {MAX_NAME_BYTES} bytes."
        ));
    }
    let mut seen = HashSet::new();
    if let Some(double) = names.iter().find(|name| !seen.insert(*name)) {
        return Err(format!("`{field}` has `{double}` more than once."));
    }
    Ok(())
}

/// The name under which an item counts a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Under its name, if the item has room for it.
    Named,
    /// Counted as one of the others.
    Other,
}

impl Naming {
    /// The way to try first for `name`.
    pub(crate) fn of(name: &str) -> Self {
        if name.len() > MAX_NAME_BYTES || name == OTHER {
            Self::Other
        } else {
            Self::Named
        }
    }
}

/// A visit as a day's item counts it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tally<'a> {
    /// The name that the item counts by: a place, or a property.
    pub(crate) name: &'a str,
    pub(crate) naming: Naming,
    /// One if the visitor is new on this day.
    pub(crate) uniques: u64,
    pub(crate) source: Option<(&'a str, Naming)>,
    pub(crate) link: Option<&'a str>,
    pub(crate) hour: Option<&'a str>,
}

impl<'a> Tally<'a> {
    /// A visit under `name`, and nothing else of it.
    pub(crate) fn new(name: &'a str, naming: Naming) -> Self {
        Self {
            name,
            naming,
            uniques: 0,
            source: None,
            link: None,
            hour: None,
        }
    }
}

/// One more visit of a day. Fails as a condition where the item has no room for the
/// name, or none for the source.
pub(crate) fn count(table: &str, key: Item, tally: Tally<'_>) -> Result<Update, BuildError> {
    let mut update = Update::builder()
        .table_name(table)
        .set_key(Some(key))
        .expression_attribute_values(":one", number(1));
    let mut sums = vec![(VISITS.to_owned(), ":one")];
    let mut conditions = Vec::new();
    if tally.uniques > 0 {
        sums.push((UNIQUES.to_owned(), ":one"));
    }
    if let Some(hour) = tally.hour {
        sums.push((format!("{HOUR}{hour}"), ":one"));
    }
    if let Some(link) = tally.link {
        sums.push((format!("{LINK}{link}"), ":one"));
        if tally.uniques > 0 {
            sums.push((format!("{LINK_UNIQUES}{link}"), ":one"));
        }
    }
    let place = (tally.name, tally.naming, NAMED, NAMES, OTHERS);
    let source = tally
        .source
        .map(|(name, naming)| (name, naming, SOURCE, SOURCES, OTHER_SOURCES));
    for (index, (name, naming, prefix, names, others)) in
        [place].into_iter().chain(source).enumerate()
    {
        if naming == Naming::Other {
            sums.push((others.to_owned(), ":one"));
            continue;
        }
        let (set, one, all) = (
            format!("#set{index}"),
            format!(":name{index}"),
            [":names0", ":names1"][index],
        );
        sums.push((format!("{prefix}{name}"), ":one"));
        sums.push((names.to_owned(), all));
        conditions.push(format!(
            "(attribute_not_exists({set}) OR contains({set}, {one}) OR size({set}) < :max)"
        ));
        update = update
            .expression_attribute_names(set, names)
            .expression_attribute_values(one, text(name))
            .expression_attribute_values(all, AttributeValue::Ss(vec![name.to_owned()]))
            .expression_attribute_values(":max", number(MAX_NAMES));
    }
    let mut parts = Vec::new();
    for (index, (attribute, value)) in sums.into_iter().enumerate() {
        parts.push(format!("#n{index} {value}"));
        update = update.expression_attribute_names(format!("#n{index}"), attribute);
    }
    if !conditions.is_empty() {
        update = update.condition_expression(conditions.join(" AND "));
    }
    update
        .update_expression(format!("ADD {}", parts.join(", ")))
        .build()
}

/// Takes visits away from those that `item`, a day, counts.
pub(crate) fn take<'a>(
    table: &str,
    key: Item,
    item: &Item,
    tallies: impl IntoIterator<Item = Tally<'a>>,
) -> Result<Update, BuildError> {
    let mut taken = BTreeMap::new();
    let mut take = |attribute: String| *taken.entry(attribute).or_insert(0) += 1;
    // A name that had no room at first counts the later visits alone.
    let mut left = HashMap::new();
    let mut counted = |named: String, others: &str| {
        let left = left
            .entry(named.clone())
            .or_insert_with(|| count_of(item, &named).unwrap_or(0));
        match left.checked_sub(1) {
            Some(rest) => {
                *left = rest;
                named
            }
            None => others.to_owned(),
        }
    };
    for tally in tallies {
        take(VISITS.to_owned());
        take(counted(format!("{NAMED}{}", tally.name), OTHERS));
        if let Some((source, _)) = tally.source {
            take(counted(format!("{SOURCE}{source}"), OTHER_SOURCES));
        }
        let others = [(HOUR, tally.hour), (LINK, tally.link)];
        for (prefix, name) in others {
            let attribute = name.map(|name| format!("{prefix}{name}"));
            // An older visit was counted without.
            if let Some(attribute) = attribute.filter(|name| item.contains_key(name)) {
                take(attribute);
            }
        }
    }
    let mut update = Update::builder().table_name(table).set_key(Some(key));
    let mut parts = Vec::new();
    for (index, (attribute, visits)) in taken.into_iter().enumerate() {
        parts.push(format!("#n{index} :n{index}"));
        update = update
            .expression_attribute_names(format!("#n{index}"), attribute)
            .expression_attribute_values(
                format!(":n{index}"),
                AttributeValue::N(format!("-{visits}")),
            );
    }
    update
        .update_expression(format!("ADD {}", parts.join(", ")))
        .build()
}

/// Takes visitors away from those that a day counts, if it is there.
pub(crate) fn take_visitors(table: &str, key: Item, visitors: usize) -> Result<Update, BuildError> {
    Update::builder()
        .table_name(table)
        .set_key(Some(key))
        .update_expression("ADD #uniques :less")
        .condition_expression("attribute_exists(#sk)")
        .expression_attribute_names("#uniques", UNIQUES)
        .expression_attribute_names("#sk", SORT_KEY)
        .expression_attribute_values(":less", AttributeValue::N(format!("-{visitors}")))
        .build()
}

/// Deletes a day on the condition that it has no visits.
pub(crate) fn remove_empty(delete: DeleteItemFluentBuilder) -> DeleteItemFluentBuilder {
    delete
        .condition_expression("attribute_not_exists(#visits) OR #visits <= :none")
        .expression_attribute_names("#visits", VISITS)
        .expression_attribute_values(":none", number(0))
}

/// Deletes a day on the condition that it has so many visits.
pub(crate) fn remove_at(table: &str, key: Item, visits: u64) -> Result<Delete, BuildError> {
    Delete::builder()
        .table_name(table)
        .set_key(Some(key))
        .condition_expression("#visits = :visits")
        .expression_attribute_names("#visits", VISITS)
        .expression_attribute_values(":visits", number(visits))
        .build()
}

/// Removes a name that has no visits.
pub(crate) fn forget_name(update: UpdateItemFluentBuilder, name: &str) -> UpdateItemFluentBuilder {
    update
        .update_expression("REMOVE #named DELETE #names :names")
        .condition_expression("#named <= :none")
        .expression_attribute_names("#named", format!("{NAMED}{name}"))
        .expression_attribute_names("#names", NAMES)
        .expression_attribute_values(":names", AttributeValue::Ss(vec![name.to_owned()]))
        .expression_attribute_values(":none", number(0))
}

/// The attribute that counts the visitors who came by a link.
pub(crate) fn uniques_attribute(link: &str) -> String {
    format!("{LINK_UNIQUES}{link}")
}

/// The attribute that counts what was not recorded for `reason`.
pub(crate) fn skipped_attribute(reason: SkipReason) -> String {
    format!("{SKIPPED}{}", reason.as_str())
}

/// One more page view of a day that was not recorded.
pub(crate) fn count_skipped(
    table: &str,
    key: Item,
    reason: SkipReason,
) -> Result<Update, BuildError> {
    Update::builder()
        .table_name(table)
        .set_key(Some(key))
        .update_expression("ADD #skipped :one")
        .expression_attribute_names("#skipped", skipped_attribute(reason))
        .expression_attribute_values(":one", number(1))
        .build()
}

/// A count of an item; nothing where it has none, or less than none.
fn count_of(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

/// A day's item, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) date: String,
    pub(crate) visits: u64,
    pub(crate) uniques: u64,
    pub(crate) names: Vec<(String, u64)>,
    pub(crate) sources: Vec<(String, u64)>,
    /// Hours from 0 to 23.
    pub(crate) hours: Vec<(usize, u64)>,
    /// Codes, with visits and visitors.
    pub(crate) links: Vec<(String, u64, u64)>,
    pub(crate) skipped: Vec<(SkipReason, u64)>,
}

impl Day {
    /// Reads an item; nothing where it is none of a day.
    pub(crate) fn of_item(item: &Item) -> Option<Self> {
        let date = item.get(SORT_KEY)?.as_s().ok()?.strip_prefix(PREFIX)?;
        let count = |name: &str| count_of(item, name);
        let of = |prefix: &'static str| {
            item.keys().filter_map(move |key| {
                let name = key.strip_prefix(prefix)?;
                Some((name.to_owned(), count(key)?))
            })
        };
        let others = |name| count(name).map(|visits| (OTHER.to_owned(), visits));
        let hours = of(HOUR).filter_map(|(hour, visits)| Some((hour.parse().ok()?, visits)));
        let links = of(LINK).map(|(link, visits)| {
            let uniques = count(&uniques_attribute(&link)).unwrap_or(0);
            // Of visitors whose visits were removed it is not known by which link they came.
            (link, visits, uniques.min(visits))
        });
        let skipped = SkipReason::ALL
            .into_iter()
            .filter_map(|reason| Some((reason, count(&skipped_attribute(reason))?)));
        Some(Self {
            date: date.to_owned(),
            visits: count(VISITS).unwrap_or(0),
            uniques: count(UNIQUES).unwrap_or(0),
            names: of(NAMED).chain(others(OTHERS)).collect(),
            sources: of(SOURCE).chain(others(OTHER_SOURCES)).collect(),
            hours: hours.collect(),
            links: links.collect(),
            skipped: skipped.collect(),
        })
    }
}
