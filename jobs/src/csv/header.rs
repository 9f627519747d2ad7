//! The header, which tells the field of each column.

use std::borrow::Cow;

use shared::jobs::JobOffer;

/// The columns of a file, as its header names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The field of each column, up to the last column that has a name.
    fields: Vec<Option<&'static str>>,
    /// The names of the columns that are no field.
    pub(super) ignored: Vec<String>,
    id: usize,
    city: usize,
    /// True if rows may have one empty cell after those that have names: the header has
    /// some, or the first row. `None` until that has come.
    pub(super) has_tail: Option<bool>,
}

impl Columns {
    /// Reads the cells of a header.
    ///
    /// # Errors
    /// If it is no header, or leaves the field of a column open.
    pub(super) fn parse(cells: &[Cow<'_, str>]) -> Result<Self, String> {
        let mut fields = Vec::new();
        let mut ignored = Vec::new();
        let table = table(cells);
        for name in cells {
            let column = match (whole(name), split(name)) {
                (None, Some((before, column))) if Some(before) == table => column,
                _ => name,
            };
            let field = whole(column);
            if field.is_some() && fields.contains(&field) {
                let field = field.unwrap_or_default();
                return Err(format!("the header has the column \"{field}\" twice"));
            }
            if field.is_none() && !name.trim().is_empty() {
                ignored.push(name.trim().chars().take(50).collect());
            }
            fields.push(field);
        }
        let is_missing = |field: &&str| !fields.contains(&Some(*field));
        let missing: Vec<_> = JobOffer::FIELDS.into_iter().filter(is_missing).collect();
        match &missing[..] {
            [] => {}
            _ if are_spaced(cells) => {
                return Err(
                    "the columns are separated by spaces, and not by commas, semicolons, \
                            tabs or pipes"
                        .to_owned(),
                );
            }
            all if all.len() == JobOffer::FIELDS.len() => {
                return Err(format!(
                    "the first line is no header: it has to name the columns {}",
                    JobOffer::FIELDS.join(", ")
                ));
            }
            [one] if ignored.is_empty() => {
                return Err(format!("the header lacks the column \"{one}\""));
            }
            missing => {
                let mut sentence = format!("the header lacks {}", list(missing));
                if !ignored.is_empty() {
                    sentence.push_str(&format!(" and has {}", list(&ignored)));
                }
                return Err(sentence);
            }
        }
        let has_name = |name: &Cow<'_, str>| !name.trim().is_empty();
        fields.truncate(cells.iter().rposition(has_name).map_or(0, |last| last + 1));
        let place = |field| {
            let place = fields.iter().position(|other| *other == Some(field));
            place.unwrap_or_default()
        };
        Ok(Self {
            id: place("id"),
            city: place("city"),
            has_tail: (fields.len() < cells.len()).then_some(true),
            fields,
            ignored,
        })
    }

    /// Returns true if a column is one of ours.
    pub(super) fn has_field(&self, column: usize) -> bool {
        self.fields.get(column).is_some_and(Option::is_some)
    }

    /// The id and the city in the cells of a row.
    pub(super) fn key<'a>(&self, cells: &[&'a [u8]]) -> (&'a [u8], &'a [u8]) {
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
        (cell(self.id).trim_ascii(), cell(self.city).trim_ascii())
    }

    /// The number of columns that a row has to have.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Pairs each field with its cell.
    pub(super) fn pair<'a, T>(
        &self,
        cells: impl IntoIterator<Item = T> + 'a,
    ) -> impl Iterator<Item = (&'static str, T)> {
        let fields = self.fields.iter().copied();
        fields
            .zip(cells)
            .filter_map(|(field, cell)| Some((field?, cell)))
    }
}

/// Those of our names that are one word. Of six names of ours, one is among them.
const PLAIN: [&[u8]; 6] = [b"id", b"city", b"title", b"url", b"keyword", b"provider"];

/// Returns true if a row may be a header. This is cheap, for every row is asked.
pub(super) fn may_be(cells: &[&[u8]]) -> bool {
    cells.iter().any(|cell| {
        let end = cell.iter().rposition(u8::is_ascii_alphanumeric);
        let text = end.map_or(&cell[..0], |end| &cell[..=end]);
        PLAIN.iter().any(|name| {
            let Some((before, word)) = text.split_at_checked(text.len().wrapping_sub(name.len()))
            else {
                return false;
            };
            word.eq_ignore_ascii_case(name)
                && before
                    .last()
                    .is_none_or(|byte| !byte.is_ascii_alphanumeric())
        })
    })
}

/// Returns true for a header with faults: more than half of our names are in it, and of its
/// names more than half are ours.
pub(super) fn is_broken(names: &[Cow<'_, str>]) -> bool {
    let ours = names.iter().filter(|name| field(name).is_some()).count();
    let all = names.iter().filter(|name| !name.trim().is_empty()).count();
    ours > JobOffer::FIELDS.len() / 2 && 2 * ours > all
}

/// Returns true if a header is one cell with names in it: its columns have fixed widths.
fn are_spaced(cells: &[Cow<'_, str>]) -> bool {
    let [cell] = cells else {
        return false;
    };
    let names = cell.split_whitespace();
    names.filter(|name| field(name).is_some()).count() > 1
}

/// The name of the table that stands before the names of columns, with a dot, as Hive and
/// others write it. One that only a few columns have is no table: `company.id` is no id.
fn table<'a>(cells: &'a [Cow<'_, str>]) -> Option<&'a str> {
    let dotted = cells.iter().filter(|name| whole(name).is_none());
    let tables: Vec<_> = dotted.filter_map(|name| Some(split(name)?.0)).collect();
    let is_common = |table: &&&str| {
        let same = tables.iter().filter(|other| other == table).count();
        same > JobOffer::FIELDS.len() / 2
    };
    tables.iter().find(is_common).copied()
}

fn split(name: &str) -> Option<(&str, &str)> {
    let (table, column) = without_mark(name).rsplit_once('.')?;
    Some((table.trim(), column))
}

/// The field that a name in a header may mean; what stands before a dot does not matter.
pub(super) fn field(name: &str) -> Option<&'static str> {
    whole(name).or_else(|| whole(split(name)?.1))
}

/// The field that a name in a header means: case, spaces and signs do not matter.
fn whole(name: &str) -> Option<&'static str> {
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|char| char.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let name = letters(without_mark(name));
    JobOffer::FIELDS
        .into_iter()
        .find(|field| letters(field) == name)
}

/// A name without a byte order mark that was taken for text.
fn without_mark(name: &str) -> &str {
    name.strip_prefix("ï»¿").unwrap_or(name)
}

/// Lists names of columns in quotes: `the column "a"`, `the columns "a", "b"`.
pub(super) fn list(names: &[impl AsRef<str>]) -> String {
    // `{:?}` would spell out an accent that is written apart, as on a Mac.
    let quote = |name: &str| format!("\"{}\"", name.replace(char::is_control, " "));
    let quoted: Vec<_> = names.iter().map(|name| quote(name.as_ref())).collect();
    let column = if quoted.len() == 1 {
        "column"
    } else {
        "columns"
    };
    format!("the {column} {}", quoted.join(", "))
}
