//! Dates, as people and other tools write them.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;

use super::text::text_of;
use super::{Kind, Mender};
use crate::resume::date::Written;

impl<'t> Mender<'t> {
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
                    format!("\"{text}\" is read as \"until now\"; to say that, leave endDate out.");
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
