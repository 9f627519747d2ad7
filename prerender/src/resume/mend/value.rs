//! One value at a time, by its kind; texts, dates and addresses have modules of their
//! own.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Map, Value};

use super::text::text_of;
use super::{Kind, Mender, Shape, is_blank};
use crate::resume::Rgb;
use crate::resume::language::Language;

impl<'t> Mender<'t> {
    /// Reads a value as `kind`; nothing where it says nothing or is of no use.
    pub(super) fn value(
        &mut self,
        value: &ast::Value<'t>,
        kind: Kind,
        path: &str,
    ) -> Option<Value> {
        if is_blank(value) {
            return None;
        }
        match kind {
            Kind::Object(shape) => self.single(value, shape, path).map(Value::Object),
            Kind::Items(shape) => Some(self.items(value, shape, path).into()),
            Kind::List => Some(self.texts(value, &[',', ';', '|', '•', '\n'], path).into()),
            Kind::Points => Some(self.texts(value, &['\n'], path).into()),
            Kind::Words => self.text(value, "\n\n", path).map(Value::String),
            Kind::Text => self.text(value, ", ", path).map(Value::String),
            Kind::Open => self.open(value, path).map(Value::Bool),
            Kind::Period => Some(self.period(value, path).into()),
            Kind::Date | Kind::End | Kind::Moment => {
                self.date(value, kind, path).map(Value::String)
            }
            Kind::Url => self.url(value, path).map(Value::String),
            Kind::Email => self.email(value, path).map(Value::String),
            Kind::Image => self.image(value, path).map(Value::String),
            Kind::Language => self.language(value, path).map(Value::String),
            Kind::OneOf(words) => self.one_of(value, words, path).map(Value::String),
            Kind::Counter => self.counter(value, path).map(Value::String),
            Kind::Colour => self.colour(value, path).map(Value::String),
        }
    }

    fn single(
        &mut self,
        value: &ast::Value<'t>,
        shape: &'static Shape,
        path: &str,
    ) -> Option<Map<String, Value>> {
        match value {
            ast::Value::Object(object) => Some(self.object(object, shape, path)),
            ast::Value::Array(list) => {
                let sentence =
                    "An object is expected here, and this is a list; its first object is read.";
                self.found.note(list.start(), path, sentence);
                let mut objects = list.elements.iter().enumerate();
                let (at, first) = objects.find(|(_, one)| !is_blank(one))?;
                for (at, other) in objects.filter(|(_, one)| !is_blank(one)) {
                    let sentence = format!(
                        "Only the first object is read, so \"{}\" is left out.",
                        text_of(other)
                    );
                    self.found
                        .note(other.start(), &format!("{path}[{at}]"), sentence);
                }
                self.single(first, shape, &format!("{path}[{at}]"))
            }
            _ => {
                let text = self.text(value, ", ", path)?;
                let sentence = format!(
                    "An object is expected here; \"{text}\" is read as its \"{}\".",
                    shape.title
                );
                self.found.note(value.start(), path, sentence);
                Some(Map::from_iter([(shape.title.to_owned(), text.into())]))
            }
        }
    }

    fn open(&mut self, value: &ast::Value<'t>, path: &str) -> Option<bool> {
        match text_of(value).to_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => {
                self.unusable(value, "is neither true nor false", path);
                None
            }
        }
    }

    fn language(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let text = self.text(value, " ", path)?;
        let Some(language) = Language::parse(&text) else {
            self.unusable(value, "is no language tag such as fr or pt-BR", path);
            return None;
        };
        let tag = language.tag().to_owned();
        if tag != text {
            let sentence = format!("\"{text}\" is read as \"{tag}\".");
            self.found.note(value.start(), path, sentence);
        }
        if !language.has_words() {
            let sentence = format!("There are no headings in \"{tag}\"; they are in English.");
            self.found.note(value.start(), path, sentence);
        }
        Some(tag)
    }

    fn one_of(&mut self, value: &ast::Value<'t>, words: &[&str], path: &str) -> Option<String> {
        let text = self.text(value, " ", path)?;
        let word = text.to_lowercase();
        if words.contains(&word.as_str()) {
            return Some(word);
        }
        let near = words
            .iter()
            .find(|one| strsim::jaro_winkler(one, &word) > 0.84);
        let hint = near
            .map(|near| format!(" Is \"{near}\" meant?"))
            .unwrap_or_default();
        let sentence = format!(
            "\"{text}\" is none of {}, so it is not used.{hint}",
            words.join(", ")
        );
        self.found.note(value.start(), path, sentence);
        None
    }

    fn counter(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let text = text_of(value);
        if matches!(text.as_str(), "views" | "daily") {
            return Some(text);
        }
        let sentence = format!("The counter counts \"views\" or \"daily\"; found \"{text}\".");
        self.found.error(value.start(), path, sentence);
        None
    }

    fn colour(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let text = self.text(value, " ", path)?;
        let colour = Rgb::parse(&text);
        if colour.is_none() {
            self.unusable(value, "is no colour such as #0d5c63", path);
        }
        colour.map(|colour| colour.to_string())
    }

    /// Says that a value is left out, and why.
    pub(super) fn unusable(&mut self, value: &ast::Value<'t>, why: &str, path: &str) {
        let sentence = format!("\"{}\" {why}, so it is left out.", text_of(value));
        self.found.note(value.start(), path, sentence);
    }
}
