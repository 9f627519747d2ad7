//! Expressions that would keep the engine busy for seconds, on the one thread that
//! every call waits for: each operand is copied or compared whole, as often as an
//! expression names it.

use std::collections::HashMap;

use dynoxide::actions::delete_item::DeleteItemRequest;
use dynoxide::actions::describe_table::DescribeTableRequest;
use dynoxide::actions::get_item::GetItemRequest;
use dynoxide::actions::put_item::PutItemRequest;
use dynoxide::actions::update_item::UpdateItemRequest;
use dynoxide::{AttributeValue, Database, DynoxideError, Result};

/// An expression of so many words is not measured: nearly all have fewer.
const FEW: usize = 16;
/// The most bytes of all operands of a longer expression: five times the longest item.
const MAX_BYTES: usize = 2 << 20;

/// Refuses an update whose operands are too large together.
pub(super) fn check_update(database: &Database, request: &UpdateItemRequest) -> Result<()> {
    let expressions = Expressions {
        words: words([&request.update_expression, &request.condition_expression]),
        names: request.expression_attribute_names.as_ref(),
        values: request.expression_attribute_values.as_ref(),
    };
    expressions.check(|| item(database, &request.table_name, request.key.clone()))
}

/// The same for the condition of a deletion.
pub(super) fn check_delete(database: &Database, request: &DeleteItemRequest) -> Result<()> {
    let expressions = Expressions {
        words: words([&request.condition_expression]),
        names: request.expression_attribute_names.as_ref(),
        values: request.expression_attribute_values.as_ref(),
    };
    expressions.check(|| item(database, &request.table_name, request.key.clone()))
}

/// The same for the condition of a new item.
pub(super) fn check_put(database: &Database, request: &PutItemRequest) -> Result<()> {
    let expressions = Expressions {
        words: words([&request.condition_expression]),
        names: request.expression_attribute_names.as_ref(),
        values: request.expression_attribute_values.as_ref(),
    };
    expressions.check(|| {
        let describe = DescribeTableRequest {
            table_name: request.table_name.clone(),
        };
        let table = database.describe_table(describe)?.table;
        let keys = table.key_schema.into_iter();
        let key = keys.filter_map(|key| request.item.get_key_value(&key.attribute_name));
        let key = key.map(|(name, value)| (name.clone(), value.clone()));
        item(database, &request.table_name, key.collect())
    })
}

type Item = HashMap<String, AttributeValue>;

/// Names, placeholders, functions and key words, which are no operands.
fn words<'a>(expressions: impl IntoIterator<Item = &'a Option<String>>) -> Vec<&'a str> {
    let words = expressions.into_iter().flatten().flat_map(|expression| {
        expression.split(|c: char| !(c.is_alphanumeric() || "_#:".contains(c)))
    });
    words.filter(|word| !word.is_empty()).collect()
}

fn item(database: &Database, table: &str, key: Item) -> Result<Item> {
    let request = GetItemRequest {
        table_name: table.to_owned(),
        key,
        ..GetItemRequest::default()
    };
    Ok(database.get_item(request)?.item.unwrap_or_default())
}

/// The expressions of a call, with what their words stand for.
struct Expressions<'a> {
    words: Vec<&'a str>,
    names: Option<&'a HashMap<String, String>>,
    values: Option<&'a Item>,
}

impl Expressions<'_> {
    fn check(&self, item: impl FnOnce() -> Result<Item>) -> Result<()> {
        if self.words.len() <= FEW {
            return Ok(());
        }
        // The operation itself says better which fault a key or a table has.
        let item = item().unwrap_or_default();
        let operand = |word: &&str| match word.as_bytes()[0] {
            b':' => self.values?.get(*word),
            b'#' => item.get(self.names?.get(*word)?),
            _ => item.get(*word),
        };
        let mut bytes = 0;
        for operand in self.words.iter().filter_map(operand) {
            // To measure all of them would take as long as to compare them.
            bytes += operand.size();
            if bytes > MAX_BYTES {
                return Err(DynoxideError::ValidationException(format!(
                    "The operands of the expressions have more than {MAX_BYTES} bytes together: at \
                     most that many are taken in one call on this machine."
                )));
            }
        }
        Ok(())
    }
}
