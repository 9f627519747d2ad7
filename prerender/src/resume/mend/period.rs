//! Periods that stand in one value: `2018 – 2020`, or an object of two dates.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Map, Value};

use super::{Kind, Mender, is_blank, join};
use crate::resume::date::Written;

/// The signs and words between two dates, the surest first.
const BETWEEN: [&str; 8] = [" – ", " — ", " - ", " to ", " until ", "–", "—", " bis "];

const STARTS: [&str; 3] = ["start", "startDate", "from"];
const ENDS: [&str; 4] = ["end", "endDate", "to", "until"];

impl<'t> Mender<'t> {
    /// The dates of a period, under the names that the schema has for them. Words
    /// that hold no two dates stand for the end, and so are shown as they are.
    pub(super) fn period(&mut self, value: &ast::Value<'t>, path: &str) -> Map<String, Value> {
        if let ast::Value::Object(object) = value {
            return self.period_of(object, path);
        }
        let mut period = Map::new();
        let Some(text) = self.text(value, " – ", path) else {
            return period;
        };
        let read = |part: &str| Written::read(part, &self.months, self.present);
        let ends = BETWEEN.iter().find_map(|between| {
            let (start, end) = text.split_once(between)?;
            match (read(start), read(end)) {
                (Written::Exact(start) | Written::Other(start), Written::Open) => {
                    Some((start, None))
                }
                (
                    Written::Exact(start) | Written::Other(start),
                    Written::Exact(end) | Written::Other(end),
                ) => Some((start, Some(end))),
                _ => None,
            }
        });
        let Some((start, end)) = ends else {
            if let Some(date) = self.date(value, Kind::Date, path) {
                period.insert("endDate".to_owned(), date.into());
            }
            return period;
        };
        let end = end.map(|end| end.iso());
        let shown = end.as_deref().unwrap_or(self.present);
        let sentence = format!("\"{text}\" is read as {} – {shown}.", start.iso());
        self.found.note(value.start(), path, sentence);
        period.insert("startDate".to_owned(), start.iso().into());
        period.extend(end.map(|end| ("endDate".to_owned(), end.into())));
        period
    }

    fn period_of(&mut self, object: &ast::Object<'t>, path: &str) -> Map<String, Value> {
        let mut period = Map::new();
        for property in &object.properties {
            let (name, value) = (property.name.as_str(), &property.value);
            let path = join(path, name);
            let field = match name {
                _ if is_blank(value) => continue,
                name if STARTS.contains(&name) => ("startDate", Kind::Date),
                name if ENDS.contains(&name) => ("endDate", Kind::End),
                _ => {
                    self.unusable(value, "is no part of a period", &path);
                    continue;
                }
            };
            if let Some(date) = self.date(value, field.1, &path) {
                period.insert(field.0.to_owned(), date.into());
            }
        }
        period
    }
}
