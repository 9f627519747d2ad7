//! Sections of the writer's own, shown under their names.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Map, Value, json};

use super::text::{leaves, text_of};
use super::{Mender, OWN, RESUME, is_blank, join, name};

impl<'t> Mender<'t> {
    /// The section that a property of the document is, if it has content and
    /// is no remark.
    pub(super) fn own_section(
        &mut self,
        property: &ast::ObjectProp<'t>,
        path: &str,
    ) -> Option<Value> {
        let (key, value) = (property.name.as_str(), &property.value);
        if key == "$schema" {
            return None;
        }
        let path = join(path, key);
        if is_blank(value) {
            self.found.note(
                property.start(),
                &path,
                "This section of your own is empty, so it is left out.",
            );
            return None;
        }
        if name::is_remark(key) {
            let sentence = format!(
                "This is taken for a remark, so \"{}\" is left out.",
                text_of(value)
            );
            self.found.note(property.start(), &path, sentence);
            return None;
        }
        let title = name::as_heading(key);
        let hint = match name::likely(&RESUME, key) {
            Some(likely) => format!(" Is \"{likely}\" meant?"),
            None => String::new(),
        };
        let sentence =
            format!("JSON Resume has no section \"{key}\"; it is shown as \"{title}\".{hint}");
        self.found.note(property.start(), &path, sentence);
        let (words, list, entries) = match value {
            ast::Value::Array(list) if list.elements.iter().all(is_scalar) => {
                (Value::Null, leaves(value).into(), Vec::new())
            }
            ast::Value::Array(list) => {
                let mut entries = Vec::new();
                for (at, element) in list.elements.iter().enumerate() {
                    entries.extend(self.own_entry(element, None, &format!("{path}[{at}]")));
                }
                (Value::Null, json!([]), entries)
            }
            ast::Value::Object(object)
                if object.properties.iter().any(|one| !is_scalar(&one.value)) =>
            {
                let mut entries = Vec::new();
                for one in &object.properties {
                    let label = one.name.as_str();
                    entries.extend(self.own_entry(&one.value, Some(label), &join(&path, label)));
                }
                (Value::Null, json!([]), entries)
            }
            ast::Value::Object(_) => {
                let entry = self.own_entry(value, None, &path);
                (Value::Null, json!([]), entry.into_iter().collect())
            }
            _ => (leaves(value).join("\n\n").into(), json!([]), Vec::new()),
        };
        Some(
            json!({ "key": key, "title": title, "words": words, "list": list, "entries": entries }),
        )
    }

    /// An entry of such a section, under `label` where it has no title.
    fn own_entry(
        &mut self,
        value: &ast::Value<'t>,
        label: Option<&str>,
        path: &str,
    ) -> Option<Value> {
        if is_blank(value) {
            return None;
        }
        let (mut entry, more) = match value {
            ast::Value::Object(object) => {
                let (entry, unknown) = self.known(&object.properties, &OWN, path);
                (entry, unknown)
            }
            ast::Value::Array(list) if label.is_some() => {
                if list.elements.iter().all(is_scalar) {
                    (
                        Map::from_iter([("keywords".to_owned(), leaves(value).into())]),
                        Vec::new(),
                    )
                } else {
                    (
                        Map::from_iter([(
                            "highlights".to_owned(),
                            list.elements.iter().map(text_of).collect(),
                        )]),
                        Vec::new(),
                    )
                }
            }
            _ => {
                let name = if label.is_some() { "summary" } else { "title" };
                (
                    Map::from_iter([(name.to_owned(), leaves(value).join(", ").into())]),
                    Vec::new(),
                )
            }
        };
        if let Some(label) = label {
            entry
                .entry("title")
                .or_insert_with(|| name::as_heading(label).into());
        }
        let more: Vec<Value> = more
            .into_iter()
            .filter(|property| !is_blank(&property.value))
            .map(|property| {
                json!([
                    name::as_heading(property.name.as_str()),
                    text_of(&property.value)
                ])
            })
            .collect();
        entry.insert("more".to_owned(), more.into());
        Some(entry.into())
    }
}

fn is_scalar(value: &ast::Value<'_>) -> bool {
    !matches!(value, ast::Value::Array(_) | ast::Value::Object(_))
}
