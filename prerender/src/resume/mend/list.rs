//! Lists: of texts, and of objects.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Map, Value};

use super::text::text_of;
use super::{Kind, Match, Mender, Shape, is_blank, join, name};

impl<'t> Mender<'t> {
    /// A list of texts. One text alone is cut at `separators`.
    pub(super) fn texts(
        &mut self,
        value: &ast::Value<'t>,
        separators: &[char],
        path: &str,
    ) -> Vec<String> {
        let ast::Value::Array(list) = value else {
            return self.cut(value, separators, path);
        };
        let mut texts = Vec::new();
        for (at, element) in list.elements.iter().enumerate() {
            let path = format!("{path}[{at}]");
            match element {
                element if is_blank(element) => {}
                ast::Value::Array(_) => {
                    self.found.note(
                        element.start(),
                        &path,
                        "A list stands inside a list; they are read as one.",
                    );
                    texts.extend(self.texts(element, separators, &path));
                }
                element => texts.extend(self.text(element, ", ", &path)),
            }
        }
        texts
    }

    fn cut(&mut self, value: &ast::Value<'t>, separators: &[char], path: &str) -> Vec<String> {
        let Some(text) = self.text(value, "\n", path) else {
            return Vec::new();
        };
        let texts: Vec<String> = text
            .split(separators)
            .map(|part| {
                part.trim()
                    .trim_start_matches(['-', '*', '•', '–'])
                    .trim()
                    .to_owned()
            })
            .filter(|part| !part.is_empty())
            .collect();
        let entries = match texts.len() {
            1 => "1 entry".to_owned(),
            count => format!("{count} entries"),
        };
        let sentence =
            format!("A list is expected here; \"{text}\" is read as a list of {entries}.");
        self.found.note(value.start(), path, sentence);
        texts
    }

    /// A list of objects.
    pub(super) fn items(
        &mut self,
        value: &ast::Value<'t>,
        shape: &'static Shape,
        path: &str,
    ) -> Vec<Value> {
        match value {
            ast::Value::Array(list) => {
                let elements = list.elements.iter().enumerate();
                elements
                    .flat_map(|(at, element)| self.item(element, shape, &format!("{path}[{at}]")))
                    .collect()
            }
            ast::Value::Object(object) => self.map(object, shape, path),
            _ => {
                let texts = self.texts(value, &[',', ';', '\n'], path);
                let titled = |text| {
                    Value::Object(Map::from_iter([(
                        shape.title.to_owned(),
                        Value::String(text),
                    )]))
                };
                texts.into_iter().map(titled).collect()
            }
        }
    }

    /// An element of such a list; a list inside the list gives several.
    fn item(&mut self, element: &ast::Value<'t>, shape: &'static Shape, path: &str) -> Vec<Value> {
        match element {
            element if is_blank(element) => Vec::new(),
            ast::Value::Object(object) => {
                let item = self.object(object, shape, path);
                (!item.is_empty())
                    .then_some(Value::Object(item))
                    .into_iter()
                    .collect()
            }
            ast::Value::Array(_) => {
                self.found.note(
                    element.start(),
                    path,
                    "A list stands inside a list; they are read as one.",
                );
                self.items(element, shape, path)
            }
            _ => {
                let Some(text) = self.text(element, ", ", path) else {
                    return Vec::new();
                };
                let sentence = format!(
                    "An object is expected here; \"{text}\" is read as its \"{}\".",
                    shape.title
                );
                self.found.note(element.start(), path, sentence);
                vec![Value::Object(Map::from_iter([(
                    shape.title.to_owned(),
                    text.into(),
                )]))]
            }
        }
    }

    /// An object in place of a list: an item without the list around it, or
    /// items by their names.
    fn map(&mut self, object: &ast::Object<'t>, shape: &'static Shape, path: &str) -> Vec<Value> {
        if let Some(inner) = wrapped(object) {
            let sentence = "A list is expected here; it is read from inside this object.";
            self.found.note(object.start(), path, sentence);
            for other in &object.properties {
                if !std::ptr::eq(other, inner) {
                    self.unknown(other, shape, path);
                }
            }
            return self.items(&inner.value, shape, &join(path, inner.name.as_str()));
        }
        let is_field = |property: &ast::ObjectProp<'_>| {
            name::find(shape, property.name.as_str()).is_some_and(|(_, how)| how < Match::Typo)
        };
        if object.properties.iter().any(is_field) {
            self.found.note(
                object.start(),
                path,
                "A list is expected here; this object is read as its only item.",
            );
            let item = self.object(object, shape, path);
            return vec![Value::Object(item)];
        }
        self.found.note(
            object.start(),
            path,
            "A list is expected here; the names in this object are read as titles.",
        );
        let mut items = Vec::new();
        for property in object
            .properties
            .iter()
            .filter(|property| !is_blank(&property.value))
        {
            let key = property.name.as_str();
            let path = join(path, key);
            let mut item = match (&property.value, shape.value) {
                (ast::Value::Object(inner), _) => self.object(inner, shape, &path),
                (value, Some(name)) => {
                    let field = shape.fields.iter().find(|field| field.name == name);
                    let kind = field.map_or(Kind::Text, |field| field.kind);
                    let value = self.value(value, kind, &path);
                    value
                        .into_iter()
                        .map(|value| (name.to_owned(), value))
                        .collect()
                }
                (value, None) => {
                    let sentence = format!(
                        "The page has no place for \"{}\", so it is left out.",
                        text_of(value)
                    );
                    self.found.note(value.start(), &path, sentence);
                    Map::new()
                }
            };
            item.entry(shape.title).or_insert_with(|| key.into());
            items.push(Value::Object(item));
        }
        items
    }
}

/// Names under which other tools keep the items of a section.
const WRAPPERS: [&str; 6] = ["items", "history", "entries", "list", "data", "sets"];

/// The list of objects inside an object that describes it.
fn wrapped<'a, 't>(object: &'a ast::Object<'t>) -> Option<&'a ast::ObjectProp<'t>> {
    object.properties.iter().find(|property| {
        let is_object = |element: &ast::Value<'_>| matches!(element, ast::Value::Object(_));
        WRAPPERS.contains(&property.name.as_str())
            && matches!(&property.value, ast::Value::Array(list) if list.elements.iter().any(is_object))
    })
}
