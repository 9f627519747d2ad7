//! Transactions that do nothing but put items which are all new, as files of job
//! offers bring them. The engine would prepare a dozen statements for each item; it
//! has a call that prepares them once for all.

use std::collections::{HashMap, HashSet};

use dynoxide::actions::batch_get_item::{BatchGetItemRequest, KeysAndAttributes};
use dynoxide::actions::describe_table::DescribeTableRequest;
use dynoxide::actions::transact_write_items::{
    TransactPut, TransactWriteItem, TransactWriteItemsRequest,
};
use dynoxide::{AttributeValue, Database, ImportOptions};

/// The most bytes of a request: then each of its items is shorter than an item may be.
const MAX_BYTES: usize = 400_000;
/// The most bytes of a value: then it may be a key of any kind.
const MAX_VALUE_BYTES: usize = 1_024;
/// The most items in a transaction: DynamoDB's limit.
const MAX_ITEMS: usize = 100;

type Item = HashMap<String, AttributeValue>;

/// The tables that such transactions named, with the attributes of their keys.
#[derive(Debug, Default)]
pub(crate) struct NewItems {
    keys: HashMap<String, Vec<String>>,
}

impl NewItems {
    /// Stores the items of a transaction at once and returns true. Does nothing and
    /// returns false where it has to be run part by part: because it asks for something
    /// else, an item is there, or a part has to be refused.
    pub(crate) fn put(&mut self, database: &Database, body: &str) -> bool {
        self.try_put(database, body).is_some()
    }

    fn try_put(&mut self, database: &Database, body: &str) -> Option<()> {
        if body.len() > MAX_BYTES {
            return None;
        }
        let request: TransactWriteItemsRequest = serde_json::from_str(body).ok()?;
        let asks_for_more = request.return_consumed_capacity.is_some()
            || request.return_item_collection_metrics.is_some();
        if asks_for_more || !(2..=MAX_ITEMS).contains(&request.transact_items.len()) {
            return None;
        }
        let puts = request.transact_items.into_iter().map(new_item);
        let puts = puts.collect::<Option<Vec<_>>>()?;
        let table = puts.first()?.table_name.clone();
        if puts.iter().any(|put| put.table_name != table) {
            return None;
        }
        let names = self.key_of(database, &table)?;
        let mut keys = Vec::new();
        let mut distinct = HashSet::new();
        for put in &puts {
            let values = names.iter().map(|name| put.item.get_key_value(name));
            let values = values.collect::<Option<Vec<_>>>()?;
            let texts: Option<Vec<_>> = values.iter().map(|(_, value)| text(value)).collect();
            if !distinct.insert(texts?) {
                return None;
            }
            let key = values.into_iter();
            keys.push(
                key.map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            );
        }
        if !are_new(database, &table, keys)? {
            return None;
        }
        // If it fails, it has done nothing, and the engine gives the reason when it
        // runs part by part.
        let options = ImportOptions {
            record_streams: true,
            set_cached_at: false,
        };
        let items = puts.into_iter().map(|put| put.item).collect();
        database.import_items(&table, items, options).ok().map(drop)
    }

    /// The attributes of a table's key, which never change. The engine counts the
    /// items of a table that it describes.
    fn key_of(&mut self, database: &Database, table: &str) -> Option<&[String]> {
        if !self.keys.contains_key(table) {
            let describe = DescribeTableRequest {
                table_name: table.to_owned(),
            };
            let described = database.describe_table(describe).ok()?.table;
            let names = described.key_schema.into_iter();
            let names = names.map(|key| key.attribute_name).collect();
            self.keys.insert(table.to_owned(), names);
        }
        self.keys.get(table).map(Vec::as_slice)
    }
}

/// Reads the put of an item of short texts, if its only condition is that an attribute
/// is missing, which holds where there is no item.
fn new_item(action: TransactWriteItem) -> Option<TransactPut> {
    let TransactWriteItem {
        put: Some(put),
        update: None,
        delete: None,
        condition_check: None,
    } = action
    else {
        return None;
    };
    let condition = put.condition_expression.as_deref()?;
    let placeholder = condition.strip_prefix("attribute_not_exists(")?;
    let placeholder = placeholder.strip_suffix(')')?;
    let letters = placeholder.strip_prefix('#')?;
    let is_plain = !letters.is_empty() && letters.bytes().all(|byte| byte.is_ascii_lowercase());
    let names = put.expression_attribute_names.as_ref()?;
    let is_named = names.len() == 1 && names.get(placeholder).is_some_and(|name| is_short(name));
    let returned = put.return_values_on_condition_check_failure.as_deref();
    let is_known = matches!(returned, None | Some("ALL_OLD" | "NONE"));
    let has_values = put.expression_attribute_values.is_some();
    let mut attributes = put.item.iter();
    let is_text = attributes.all(|(name, value)| is_short(name) && text(value).is_some());
    (is_plain && is_named && is_known && !has_values && is_text).then_some(put)
}

fn is_short(name: &str) -> bool {
    (1..=255).contains(&name.len())
}

fn text(value: &AttributeValue) -> Option<&str> {
    match value {
        AttributeValue::S(text) if (1..=MAX_VALUE_BYTES).contains(&text.len()) => Some(text),
        _ => None,
    }
}

fn are_new(database: &Database, table: &str, keys: Vec<Item>) -> Option<bool> {
    let of_table = KeysAndAttributes {
        keys,
        ..KeysAndAttributes::default()
    };
    let request = BatchGetItemRequest {
        request_items: HashMap::from([(table.to_owned(), of_table)]),
        return_consumed_capacity: None,
    };
    let answer = database.batch_get_item(request).ok()?;
    let found = answer.responses.values().map(Vec::len).sum::<usize>();
    Some(found == 0 && answer.unprocessed_keys.is_empty())
}
