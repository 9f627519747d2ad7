//! What is counted of a day: visits in all, visitors, visits by name, and what
//! was not recorded.
//!
//! One item holds a day of a property, by place; another holds the day of all
//! properties, by property. An item stays small whoever sends what: after
//! [`MAX_NAMES`] names, or for a long one, a visit counts as `other`.

use std::collections::BTreeMap;

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

/// The partition in which a day counts the visits of each property.
pub(crate) const ALL_PROPERTIES: &str = "#properties";

/// The sort key of `date`, a day or the end of a range of them.
pub(crate) fn sort_key(date: &str) -> String {
    format!("{PREFIX}{date}")
}

/// Refuses names that a day would not have taken.
pub(crate) fn check_names(names: &[String]) -> Result<(), String> {
    let is_name = |name: &String| !name.is_empty() && Naming::of(name) == Naming::Named;
    if names.len() as u64 > MAX_NAMES || !names.iter().all(is_name) {
        return Err(format!(
            "`names` are at most {MAX_NAMES}, of 1 to {MAX_NAME_BYTES} bytes."
        ));
    }
    Ok(())
}

/// The name under which an item counts a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Under its name, if the item has room for it.
    Named,
    /// As one of the others.
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

/// One more visit of a day under `name`, and `uniques` more visitors. Fails as a
/// condition where the item has no room for the name.
pub(crate) fn count(
    table: &str,
    key: Item,
    name: &str,
    naming: Naming,
    uniques: u64,
) -> Result<Update, BuildError> {
    let mut update = Update::builder()
        .table_name(table)
        .set_key(Some(key))
        .expression_attribute_names("#visits", VISITS)
        .expression_attribute_values(":one", number(1));
    let mut expression = "ADD #visits :one".to_owned();
    if uniques > 0 {
        expression += ", #uniques :uniques";
        update = update
            .expression_attribute_names("#uniques", UNIQUES)
            .expression_attribute_values(":uniques", number(uniques));
    }
    update = match naming {
        Naming::Named => {
            expression += ", #named :one, #names :names";
            update
                .condition_expression(
                    "attribute_not_exists(#names) OR contains(#names, :name) \
                     OR size(#names) < :max",
                )
                .expression_attribute_names("#named", format!("{NAMED}{name}"))
                .expression_attribute_names("#names", NAMES)
                .expression_attribute_values(":name", text(name))
                .expression_attribute_values(":names", AttributeValue::Ss(vec![name.to_owned()]))
                .expression_attribute_values(":max", number(MAX_NAMES))
        }
        Naming::Other => {
            expression += ", #others :one";
            update.expression_attribute_names("#others", OTHERS)
        }
    };
    update.update_expression(expression).build()
}

/// Takes visits away from those that `item`, a day, counts by their names.
pub(crate) fn take(
    table: &str,
    key: Item,
    item: &Item,
    names: BTreeMap<String, u64>,
) -> Result<Update, BuildError> {
    let mut taken = BTreeMap::from([(VISITS.to_owned(), names.values().sum::<u64>())]);
    for (name, visits) in names {
        let named = format!("{NAMED}{name}");
        let counted = if item.contains_key(&named) {
            named
        } else {
            OTHERS.to_owned()
        };
        *taken.entry(counted).or_default() += visits;
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

/// A day's item, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) date: String,
    pub(crate) visits: u64,
    pub(crate) uniques: u64,
    pub(crate) names: Vec<(String, u64)>,
    pub(crate) skipped: Vec<(SkipReason, u64)>,
}

impl Day {
    /// Reads an item; nothing where it is none of a day.
    pub(crate) fn of_item(item: &Item) -> Option<Self> {
        let date = item.get(SORT_KEY)?.as_s().ok()?.strip_prefix(PREFIX)?;
        let count = |name: &str| item.get(name)?.as_n().ok()?.parse::<u64>().ok();
        let named = item.keys().filter_map(|key| {
            let name = key.strip_prefix(NAMED)?;
            Some((name.to_owned(), count(key)?))
        });
        let others = count(OTHERS).map(|visits| (OTHER.to_owned(), visits));
        let skipped = SkipReason::ALL
            .into_iter()
            .filter_map(|reason| Some((reason, count(&skipped_attribute(reason))?)));
        Some(Self {
            date: date.to_owned(),
            visits: count(VISITS).unwrap_or(0),
            uniques: count(UNIQUES).unwrap_or(0),
            names: named.chain(others).collect(),
            skipped: skipped.collect(),
        })
    }
}
