//! Texts, whatever stands in their place.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;

use super::{Mender, is_blank, join};
use crate::resume::name;

/// The longest text a note repeats; what is longer is no one's own words.
const LONGEST: usize = 4_000;

impl<'t> Mender<'t> {
    /// Reads a value as a text; of any other kind, all the texts inside it.
    pub(super) fn text(
        &mut self,
        value: &ast::Value<'t>,
        separator: &str,
        path: &str,
    ) -> Option<String> {
        let kind = match value {
            ast::Value::StringLit(text) => return Some(text.value.trim().to_owned()),
            ast::Value::NullKeyword(_) => return None,
            ast::Value::NumberLit(_) => "a number",
            ast::Value::BooleanLit(_) => "true or false",
            ast::Value::Array(_) => "a list",
            ast::Value::Object(_) => "an object",
        };
        let text = leaves(value).join(separator);
        if text.is_empty() {
            return None;
        }
        let sentence =
            format!("A text is expected here, and this is {kind}; it is read as \"{text}\".");
        self.found.note(value.start(), path, sentence);
        Some(text)
    }
}

/// The text of a value, in one line, with the names of its members.
pub(in crate::resume) fn text_of(value: &ast::Value<'_>) -> String {
    let text = match value {
        ast::Value::Object(object) => labelled(object, "").join(", "),
        _ => leaves(value).join(", "),
    };
    if text.starts_with("data:") {
        return text.chars().take(40).chain(['…']).collect();
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The texts of an object, each after its name.
fn labelled(object: &ast::Object<'_>, before: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for property in &object.properties {
        let path = join(before, property.name.as_str());
        match &property.value {
            value if is_blank(value) => {}
            ast::Value::Object(inner) => texts.extend(labelled(inner, &path)),
            value => texts.push(format!("{path}: {}", leaves(value).join(", "))),
        }
    }
    texts
}

/// All the texts inside a value, in their order.
pub(super) fn leaves(value: &ast::Value<'_>) -> Vec<String> {
    match value {
        ast::Value::StringLit(text) if !text.value.trim().is_empty() => {
            vec![text.value.trim().to_owned()]
        }
        ast::Value::StringLit(_) | ast::Value::NullKeyword(_) => Vec::new(),
        ast::Value::NumberLit(number) => vec![number.value.to_owned()],
        ast::Value::BooleanLit(boolean) => vec![boolean.value.to_string()],
        ast::Value::Array(list) => list.elements.iter().flat_map(leaves).collect(),
        ast::Value::Object(object) => object
            .properties
            .iter()
            .filter(|property| !name::is_remark(property.name.as_str()))
            .flat_map(|property| leaves(&property.value))
            .collect(),
    }
}
