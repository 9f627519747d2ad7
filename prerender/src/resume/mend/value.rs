//! One value at a time: texts, dates, addresses.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Map, Value};
use url::Url;

use super::{Kind, Mender, Shape, is_blank, join};
use crate::resume::date::Written;
use crate::resume::language::Language;
use crate::resume::web::{self, Image, WebUrl, is_email};
use crate::resume::{Rgb, name};

/// The longest text a note repeats; what is longer is no one's own words.
const LONGEST: usize = 4_000;

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

    /// A text, whatever stands in its place.
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

    pub(super) fn date(
        &mut self,
        value: &ast::Value<'t>,
        kind: Kind,
        path: &str,
    ) -> Option<String> {
        let at = value.start();
        let text = match value {
            ast::Value::Object(parts) => {
                parts_of_date(parts).or_else(|| self.text(value, " ", path))?
            }
            ast::Value::BooleanLit(_) => {
                self.unusable(value, "is no date", path);
                return None;
            }
            _ => self.text(value, " ", path)?,
        };
        match Written::read(&text, &self.months, self.present) {
            Written::Exact(day) => Some(day.iso()),
            Written::Other(day) => {
                let with_time = matches!(kind, Kind::Moment) && text.starts_with(&day.iso());
                if !with_time {
                    let sentence = format!("\"{text}\" is read as {}.", day.iso());
                    self.found.note(at, path, sentence);
                }
                Some(day.iso())
            }
            Written::Open if matches!(kind, Kind::End) => {
                let sentence =
                    format!("\"{text}\" is read as an open end; leave endDate out for one.");
                self.found.note(at, path, sentence);
                None
            }
            Written::Impossible => {
                let sentence = format!(
                    "There is no day \"{text}\" in the calendar. Write YYYY, YYYY-MM or YYYY-MM-DD."
                );
                self.found.error(at, path, sentence);
                None
            }
            Written::Ambiguous => {
                let sentence = format!(
                    "Day and month cannot be told apart in \"{text}\", so it is shown as it stands. Write YYYY-MM-DD."
                );
                self.found.note(at, path, sentence);
                Some(text)
            }
            Written::Open | Written::Words => {
                let sentence =
                    format!("\"{text}\" is no date that can be read, so it is shown as it stands.");
                self.found.note(at, path, sentence);
                Some(text)
            }
        }
    }

    fn url(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let value = self.member(value, &["url", "href", "link"], path);
        let text = self.text(value, " ", path)?;
        if let Some(url) = WebUrl::parse(&text) {
            return Some(url.as_str().to_owned());
        }
        if let Some(url) = web::with_scheme(&text) {
            let sentence = format!(
                "\"{text}\" has no scheme; it is read as \"{}\".",
                url.as_str()
            );
            self.found.note(value.start(), path, sentence);
            return Some(url.as_str().to_owned());
        }
        if runs_code(&text) {
            let sentence = format!("\"{text}\" is code or a file, and no link to the web.");
            self.found.error(value.start(), path, sentence);
        } else {
            self.unusable(
                value,
                "is no web address such as https://example.com/",
                path,
            );
        }
        None
    }

    /// The address in an object such as `{"label": "Blog", "href": "https://…"}`;
    /// any other value is returned as it is.
    fn member<'v>(
        &mut self,
        value: &'v ast::Value<'t>,
        names: &[&str],
        path: &str,
    ) -> &'v ast::Value<'t> {
        let ast::Value::Object(object) = value else {
            return value;
        };
        let has = |name: &&str| object.get(name).filter(|one| !is_blank(&one.value));
        let Some(chosen) = names.iter().find_map(has) else {
            return value;
        };
        let name = chosen.name.as_str();
        let sentence = format!("A text is expected here; the \"{name}\" of this object is read.");
        self.found.note(object.start(), path, sentence);
        for other in object
            .properties
            .iter()
            .filter(|one| one.name.as_str() != name)
        {
            if !is_blank(&other.value) {
                self.unusable(
                    &other.value,
                    "has no place here",
                    &join(path, other.name.as_str()),
                );
            }
        }
        &chosen.value
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

    fn email(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let text = self.text(value, ", ", path)?;
        if let Some(address) = text
            .strip_prefix("mailto:")
            .filter(|address| is_email(address))
        {
            let sentence = format!("\"{text}\" is read as \"{address}\".");
            self.found.note(value.start(), path, sentence);
            return Some(address.to_owned());
        }
        if !is_email(&text) {
            let sentence = format!(
                "\"{text}\" is no e-mail address, so it is shown as it stands, without a link."
            );
            self.found.note(value.start(), path, sentence);
        }
        Some(text)
    }

    fn image(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let value = self.member(value, &["url", "src", "href"], path);
        let text = self.text(value, " ", path)?;
        let plain = text.trim_start_matches("./").replace('\\', "/");
        let path_of_site = plain
            .strip_prefix('/')
            .filter(|rest| !rest.starts_with('/'));
        let first = plain.split('/').next().unwrap_or_default();
        let elsewhere = plain.contains('/') && first.contains('.') || plain.starts_with("//");
        let read = match web::with_scheme(&plain).filter(|_| elsewhere) {
            Some(url) => url.as_str().to_owned(),
            None => path_of_site.unwrap_or(&plain).to_owned(),
        };
        if Image::parse(&read).is_none() {
            if runs_code(&text) || read.split('/').any(|part| part == "..") {
                let sentence = format!(
                    "Expected a picture's web address, or its path beside this file such as images/me.jpg; found \"{text}\"."
                );
                self.found.error(value.start(), path, sentence);
            } else {
                self.unusable(value, "is no picture's address", path);
            }
            return None;
        }
        if read != text && !text.starts_with("./") {
            let sentence = format!("\"{text}\" is read as \"{read}\".");
            self.found.note(value.start(), path, sentence);
        }
        Some(read)
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

/// Year, month and day of an object such as `{"year": 2020, "month": 5}`.
fn parts_of_date(parts: &ast::Object<'_>) -> Option<String> {
    let part = |name| parts.get(name).map(|property| text_of(&property.value));
    let number = |name| part(name)?.parse::<u16>().ok();
    let mut date = format!("{:04}", number("year")?);
    for part in [number("month"), number("day")].into_iter().flatten() {
        date += &format!("-{part:02}");
    }
    Some(date)
}

fn runs_code(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(
            url.scheme(),
            "javascript" | "vbscript" | "data" | "file" | "blob"
        )
    })
}

/// What a value says, in one line, with the names of its members.
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
