//! From the parsed file to a document that keeps the schema: what is wrong and
//! still understood is mended with a note, what cannot be meant is an error.

mod address;
mod date;
mod list;
mod own;
mod period;
mod text;
mod value;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Map, Value};

use super::date::Months;
use super::finding::Findings;
use super::name::{self, Match};
use super::schema::{BASICS, Field, Kind, OWN, RESUME, Shape};

pub(super) use text::text_of;

/// Reads the values of one file.
pub(super) struct Mender<'t> {
    pub(super) found: Findings<'t>,
    pub(super) months: Months,
    /// The word for an open end in the résumé's language.
    pub(super) present: &'static str,
}

/// A property of the file, and how it means the field it is sorted under.
struct Candidate<'a, 't> {
    property: &'a ast::ObjectProp<'t>,
    how: Match,
}

impl<'t> Mender<'t> {
    /// Reads the whole document.
    pub(super) fn resume(&mut self, root: &ast::Object<'t>) -> Value {
        let (mut resume, unknown) = self.known(&root.properties, &RESUME, "");
        let unknown = self.flat_basics(&mut resume, unknown);
        let mut own = Vec::new();
        for property in unknown {
            match &property.value {
                ast::Value::Object(inner) if is_wrapper(property, inner) => {
                    own.extend(self.unwrap(property, inner, &mut resume));
                }
                _ => own.extend(self.own_section(property, "")),
            }
        }
        if resume.is_empty() && own.is_empty() && !root.properties.is_empty() {
            self.found.note(
                root.start(),
                "",
                "None of the sections of JSON Resume (basics, work, education, skills …) has content in this file.",
            );
        }
        resume.insert("own".to_owned(), own.into());
        resume.into()
    }

    /// The basics of a document that has them at its top.
    fn flat_basics<'a>(
        &mut self,
        resume: &mut Map<String, Value>,
        unknown: Vec<&'a ast::ObjectProp<'t>>,
    ) -> Vec<&'a ast::ObjectProp<'t>> {
        if resume.contains_key("basics") {
            return unknown;
        }
        let is_basic = |property: &&ast::ObjectProp<'_>| {
            name::find(&BASICS, property.name.as_str()).is_some_and(|(_, how)| how < Match::Typo)
                && !is_blank(&property.value)
        };
        let (flat, mut others): (Vec<_>, Vec<_>) = unknown.into_iter().partition(is_basic);
        if let Some(first) = flat.first() {
            let sentence = "This and similar fields belong inside \"basics\"; they are read as if they were there.";
            self.found
                .note(first.start(), first.name.as_str(), sentence);
            let (basics, twice) = self.known(flat, &BASICS, "");
            resume.insert("basics".to_owned(), basics.into());
            others.extend(twice);
        }
        others
    }

    /// The sections inside a wrapper: those of the schema go to `resume`, and those
    /// of the writer's own are returned.
    fn unwrap(
        &mut self,
        wrapper: &ast::ObjectProp<'t>,
        inner: &ast::Object<'t>,
        resume: &mut Map<String, Value>,
    ) -> Vec<Value> {
        let path = join("", wrapper.name.as_str());
        let sentence = "The sections of JSON Resume belong at the outermost level of the file; these are read as if they were there.";
        self.found.note(wrapper.start(), &path, sentence);
        let is_new = |property: &&ast::ObjectProp<'_>| {
            name::find(&RESUME, property.name.as_str())
                .is_none_or(|(field, _)| !resume.contains_key(field.name))
        };
        let (new, mut own): (Vec<_>, Vec<_>) = inner.properties.iter().partition(is_new);
        let (sections, unknown) = self.known(new, &RESUME, &path);
        resume.extend(sections);
        own.extend(unknown);
        own.into_iter()
            .filter_map(|property| self.own_section(property, &path))
            .collect()
    }

    /// Reads an object whose unknown properties are not shown.
    fn object(
        &mut self,
        object: &ast::Object<'t>,
        shape: &'static Shape,
        path: &str,
    ) -> Map<String, Value> {
        let (map, unknown) = self.known(&object.properties, shape, path);
        for property in unknown {
            self.unknown(property, shape, path);
        }
        map
    }

    /// The properties that `shape` knows, and those it does not.
    fn known<'a>(
        &mut self,
        properties: impl IntoIterator<Item = &'a ast::ObjectProp<'t>>,
        shape: &'static Shape,
        path: &str,
    ) -> (Map<String, Value>, Vec<&'a ast::ObjectProp<'t>>) {
        let mut unknown = Vec::new();
        let mut sorted: Vec<Vec<Candidate<'a, 't>>> =
            shape.fields.iter().map(|_| Vec::new()).collect();
        let mut start = None;
        for property in properties {
            start.get_or_insert(property.start());
            let name = property.name.as_str();
            let own = std::ptr::eq(shape, &OWN);
            match name::find(shape, name) {
                Some((field, how)) if !(own && how == Match::Typo) => {
                    let at = shape.fields.iter().position(|one| one.name == field.name);
                    sorted[at.unwrap_or_default()].push(Candidate { property, how });
                }
                _ => unknown.push(property),
            }
        }
        let mut map = Map::new();
        for (field, mut candidates) in shape.fields.iter().zip(sorted) {
            candidates.retain(|one| !is_blank(&one.property.value));
            candidates.sort_by_key(|one| one.how);
            let mut candidates = candidates.into_iter();
            let Some(chosen) = candidates.next() else {
                continue;
            };
            for other in candidates {
                if !self.agree(field, &chosen, &other, path) {
                    unknown.push(other.property);
                }
            }
            let name = chosen.property.name.as_str();
            let path = join(path, name);
            if !std::ptr::eq(shape, &OWN) {
                self.say_how(&chosen, field, &path);
            }
            if let Some(value) = self.value(&chosen.property.value, field.kind, &path) {
                map.insert(field.name.to_owned(), value);
            }
        }
        self.settle_end(start.unwrap_or_default(), &mut map, path);
        (map, unknown)
    }

    /// Says that a value was found under another name.
    fn say_how(&mut self, chosen: &Candidate<'_, 't>, field: &Field, path: &str) {
        let name = chosen.property.name.as_str();
        let sentence = match chosen.how {
            Match::Exact => return,
            Match::Old => format!(
                "\"{name}\" is an older name; it is read as \"{}\".",
                field.name
            ),
            _ => format!(
                "JSON Resume has no \"{name}\" here; it is read as \"{}\".",
                field.name
            ),
        };
        self.found.note(chosen.property.start(), path, sentence);
    }

    /// Tells whether two values for one field are settled: they are the same, or they
    /// are an error.
    fn agree(
        &mut self,
        field: &Field,
        chosen: &Candidate<'_, 't>,
        other: &Candidate<'_, 't>,
        path: &str,
    ) -> bool {
        let (one, two) = (&chosen.property, &other.property);
        let (first, second) = (text_of(&one.value), text_of(&two.value));
        let path = join(path, two.name.as_str());
        if first == second {
            let sentence = format!(
                "\"{}\" says the same as \"{}\".",
                two.name.as_str(),
                one.name.as_str()
            );
            self.found.note(two.start(), &path, sentence);
            return true;
        }
        if other.how > Match::Spelled && one.name.as_str() != two.name.as_str() {
            return false;
        }
        let sentence = format!(
            "There are two values for \"{}\": \"{first}\" as \"{}\", and \"{second}\" as \"{}\". Keep one of them.",
            field.name,
            one.name.as_str(),
            two.name.as_str(),
        );
        self.found.error(two.start(), &path, sentence);
        true
    }

    /// Says that a property is not shown, and what it may have been meant for.
    fn unknown(&mut self, property: &ast::ObjectProp<'t>, shape: &'static Shape, path: &str) {
        let name = property.name.as_str();
        let path = join(path, name);
        let value = text_of(&property.value);
        if value.is_empty() {
            return;
        }
        let hint = match name::find(shape, name)
            .map(|(field, _)| field.name)
            .or_else(|| name::likely(shape, name))
        {
            Some(likely) if !name::is_remark(name) => format!(" Is \"{likely}\" meant?"),
            _ => String::new(),
        };
        let sentence =
            format!("The page has no place for \"{name}\", so \"{value}\" is left out.{hint}");
        self.found.note(property.start(), &path, sentence);
    }

    /// Takes the flag of an open end into account, and looks at the order of
    /// the two dates.
    fn settle_end(&mut self, at: usize, map: &mut Map<String, Value>, path: &str) {
        if let Some(Value::Object(period)) = map.remove("period") {
            for (name, date) in period {
                let shown = map.entry(name.as_str()).or_insert_with(|| date.clone());
                if *shown != date {
                    let sentence =
                        format!("The period says {date}, and {name} says {shown}, which is shown.");
                    self.found.note(at, path, sentence);
                }
            }
        }
        let open = map.remove("current");
        if open == Some(Value::Bool(true))
            && let Some(end) = map.get("endDate")
        {
            let sentence =
                format!("This is marked as current, and has the end {end}, too: the end is shown.");
            self.found.note(at, path, sentence);
        }
        let day = |name| {
            map.get(name)
                .and_then(Value::as_str)
                .and_then(super::date::Day::parse)
        };
        if let (Some(start), Some(end)) = (day("startDate"), day("endDate"))
            && (start.year, start.month.unwrap_or(1)) > (end.year, end.month.unwrap_or(12))
        {
            let sentence = format!(
                "It ends ({}) before it starts ({}).",
                end.iso(),
                start.iso()
            );
            self.found.note(at, path, sentence);
        }
    }
}

/// Names under which other tools keep the sections of a document.
const WRAPPERS: [&str; 6] = ["sections", "resume", "cv", "data", "content", "document"];

/// Tells whether a property holds sections that belong outside of it.
fn is_wrapper(property: &ast::ObjectProp<'_>, inner: &ast::Object<'_>) -> bool {
    let name = property.name.as_str().to_lowercase();
    let mut names = inner.properties.iter().map(|one| one.name.as_str());
    WRAPPERS.contains(&name.as_str())
        && names.any(|name| name::find(&RESUME, name).is_some_and(|(_, how)| how < Match::Typo))
}

/// The path of a member.
fn join(path: &str, name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
    match (
        path.is_empty(),
        name.chars().all(is_plain) && !name.is_empty(),
    ) {
        (true, true) => name.to_owned(),
        (false, true) => format!("{path}.{name}"),
        (_, false) => format!("{path}[{name:?}]"),
    }
}

/// Tells whether a value says nothing: null, blanks, or lists and objects of them.
fn is_blank(value: &ast::Value<'_>) -> bool {
    match value {
        ast::Value::NullKeyword(_) => true,
        ast::Value::StringLit(text) => text.value.trim().is_empty(),
        ast::Value::Array(list) => list.elements.iter().all(is_blank),
        ast::Value::Object(object) => object
            .properties
            .iter()
            .all(|property| is_blank(&property.value)),
        ast::Value::NumberLit(_) | ast::Value::BooleanLit(_) => false,
    }
}
