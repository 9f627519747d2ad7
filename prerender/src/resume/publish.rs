//! The file as it is offered beside the page: JSON in UTF-8, in the writer's
//! words and order, without what is not for others: remarks, and the sections
//! that the page does not show.

use jsonc_parser::ast::{Object, Value};
use serde_json::Number;

use super::schema::RESUME;
use super::{Resume, name};

/// The document in `root`, which was read as `resume`.
pub(super) fn published(root: &Object<'_>, resume: &Resume) -> String {
    let hidden = resume.hidden();
    let is_shown = |key: &str| {
        let known = name::find(&RESUME, key).map_or(key, |(field, _)| field.name);
        !hidden.contains(&known) && !hidden.contains(&key)
    };
    let mut json = String::new();
    write_object(root, is_shown, 0, &mut json);
    json.push('\n');
    json
}

fn write(value: &Value<'_>, depth: usize, json: &mut String) {
    match value {
        Value::NullKeyword(_) => json.push_str("null"),
        Value::BooleanLit(boolean) => json.push_str(if boolean.value { "true" } else { "false" }),
        // Other notations of numbers are not JSON.
        Value::NumberLit(number) => match serde_json::from_str::<Number>(number.value) {
            Ok(_) => json.push_str(number.value),
            Err(_) => json.push_str(&quoted(number.value)),
        },
        Value::StringLit(text) => json.push_str(&quoted(&text.value)),
        Value::Array(list) => {
            let items = list.elements.iter().map(|element| {
                let mut item = String::new();
                write(element, depth + 1, &mut item);
                item
            });
            write_all(items, ['[', ']'], depth, json);
        }
        Value::Object(object) => write_object(object, |_| true, depth, json),
    }
}

fn write_object(
    object: &Object<'_>,
    is_shown: impl Fn(&str) -> bool,
    depth: usize,
    json: &mut String,
) {
    let members = object.properties.iter().filter_map(|property| {
        let key = property.name.as_str();
        if (name::is_remark(key) && key != "$schema") || !is_shown(key) {
            return None;
        }
        let mut member = format!("{}: ", quoted(key));
        write(&property.value, depth + 1, &mut member);
        Some(member)
    });
    write_all(members, ['{', '}'], depth, json);
}

/// The parts of a list or an object, each on a line of its own.
fn write_all(
    parts: impl Iterator<Item = String>,
    [open, close]: [char; 2],
    depth: usize,
    json: &mut String,
) {
    json.push(open);
    let mut any = false;
    for part in parts {
        json.push_str(if any { ",\n" } else { "\n" });
        json.push_str(&"  ".repeat(depth + 1));
        json.push_str(&part);
        any = true;
    }
    if any {
        json.push('\n');
        json.push_str(&"  ".repeat(depth));
    }
    json.push(close);
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
