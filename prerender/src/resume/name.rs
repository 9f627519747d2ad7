//! Finds the property that a name in the file means.

use strsim::{damerau_levenshtein, jaro_winkler};

use super::schema::{Field, Shape};

/// The certainty that a name means a property, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// It is its name.
    Exact,
    /// It was its name in an older schema.
    Old,
    /// It is spelled in another way, such as `start_date`.
    Spelled,
    /// Other tools call it so.
    Like,
    /// It differs by a letter or two.
    Typo,
}

/// The property of `shape` that `name` means.
pub(super) fn find(shape: &'static Shape, name: &str) -> Option<(&'static Field, Match)> {
    let plain = plain(name);
    let fields = || shape.fields.iter();
    let spelled = |other: &&str| self::plain(other) == plain;
    fields()
        .find_map(|field| (field.name == name).then_some((field, Match::Exact)))
        .or_else(|| {
            fields().find_map(|field| field.old.contains(&name).then_some((field, Match::Old)))
        })
        .or_else(|| {
            fields().find_map(|field| {
                (spelled(&field.name) || field.old.iter().any(&spelled))
                    .then_some((field, Match::Spelled))
            })
        })
        .or_else(|| {
            fields().find_map(|field| {
                field
                    .like
                    .iter()
                    .any(&spelled)
                    .then_some((field, Match::Like))
            })
        })
        .or_else(|| {
            fields().find_map(|field| {
                is_typo(&plain, &self::plain(field.name)).then_some((field, Match::Typo))
            })
        })
}

/// The property that `name` may have been meant for, to be named in a note.
pub(super) fn likely(shape: &'static Shape, name: &str) -> Option<&'static str> {
    let plain = plain(name);
    shape
        .fields
        .iter()
        .map(|field| (jaro_winkler(&self::plain(field.name), &plain), field.name))
        .filter(|(likeness, _)| *likeness > 0.84)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// Tells whether a name is the writer's remark and no property.
pub(super) fn is_remark(name: &str) -> bool {
    name.starts_with(['_', '$', '/', '#']) || matches!(plain(name).as_str(), "comment" | "comments")
}

/// A key as a heading: `sideProjects` is `Side projects`.
pub(super) fn as_heading(key: &str) -> String {
    let mut heading = String::new();
    let mut before = ' ';
    for c in key.chars() {
        let c = if matches!(c, '_' | '-') { ' ' } else { c };
        if c.is_uppercase() && before.is_lowercase() {
            heading.push(' ');
            heading.extend(c.to_lowercase());
        } else if heading.is_empty() {
            heading.extend(c.to_uppercase());
        } else {
            heading.push(c);
        }
        before = c;
    }
    heading.trim().to_owned()
}

/// A name without what spellings differ in.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_typo(one: &str, other: &str) -> bool {
    let length = one.chars().count().min(other.chars().count());
    // Short names mean something else too soon: `title`, `tile`.
    let allowed = match length {
        0..=4 => 0,
        5..=7 => 1,
        _ => 2,
    };
    allowed > 0 && damerau_levenshtein(one, other) <= allowed
}
