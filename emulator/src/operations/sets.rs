//! Set updates that would keep the engine busy for seconds. It compares each
//! member that is added or removed with each that is there, on the one thread
//! that every call waits for.

use std::collections::HashMap;

use dynoxide::actions::transact_write_items::TransactWriteItemsRequest;
use dynoxide::actions::update_item::UpdateItemRequest;
use dynoxide::{AttributeValue, DynoxideError, Result};

/// Members that one `ADD` or `DELETE` may name: a fifth of a second of the
/// engine's time where the set fills its item.
const MAX_MEMBERS: usize = 500;

type Values = HashMap<String, AttributeValue>;

/// Refuses an update that names too many members.
pub(super) fn check_update(request: &UpdateItemRequest) -> Result<()> {
    for update in request.attribute_updates.iter().flat_map(HashMap::values) {
        if update.action != "PUT" {
            update.value.as_ref().map_or(Ok(()), check_members)?;
        }
    }
    let expression = request.update_expression.as_deref().unwrap_or_default();
    check_expression(expression, request.expression_attribute_values.as_ref())
}

/// The same for each update of a transaction.
pub(super) fn check_transaction(request: &TransactWriteItemsRequest) -> Result<()> {
    let updates = request.transact_items.iter();
    updates
        .filter_map(|item| item.update.as_ref())
        .try_for_each(|update| {
            let values = update.expression_attribute_values.as_ref();
            check_expression(&update.update_expression, values)
        })
}

fn check_expression(expression: &str, values: Option<&Values>) -> Result<()> {
    let Some(values) = values else {
        return Ok(());
    };
    operands(expression)
        .filter_map(|name| values.get(name))
        .try_for_each(check_members)
}

/// The values that an expression adds or deletes. The clauses' names are reserved,
/// so no attribute is written like one; a value begins at its colon, with or without a
/// space before it.
fn operands(expression: &str) -> impl Iterator<Item = &str> {
    let words = expression.split(|c: char| c.is_whitespace() || c == ',');
    let mut is_of_sets = false;
    let words = words.flat_map(|word| {
        let colon = word.find(':').unwrap_or(word.len());
        [&word[..colon], &word[colon..]]
    });
    words.filter(move |word| {
        match word.to_ascii_uppercase().as_str() {
            "ADD" | "DELETE" => is_of_sets = true,
            "SET" | "REMOVE" => is_of_sets = false,
            _ => {}
        }
        is_of_sets && word.starts_with(':')
    })
}

fn check_members(value: &AttributeValue) -> Result<()> {
    let members = match value {
        AttributeValue::SS(members) | AttributeValue::NS(members) => members.len(),
        AttributeValue::BS(members) => members.len(),
        _ => 0,
    };
    if members <= MAX_MEMBERS {
        return Ok(());
    }
    Err(DynoxideError::ValidationException(format!(
        "{members} members are added to or deleted from a set at once; on this machine \
         {MAX_MEMBERS} are taken in one update."
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operands_of_sets_are_found_and_others_are_not() {
        let expression = "SET a = :a, b=:b\n add #c :c,d:d REMOVE e DELETE f :f set g = :g";
        let found: Vec<_> = operands(expression).collect();
        assert_eq!(found, [":c", ":d", ":f"]);
    }
}
