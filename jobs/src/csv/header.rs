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
}

impl Columns {
    /// Reads the cells of a header.
    ///
    /// # Errors
    /// If it is no header, or leaves the field of a column open.
    pub(super) fn parse(cells: &[Cow<'_, str>]) -> Result<Self, String> {
        let mut fields = Vec::new();
        let mut ignored = Vec::new();
        for name in cells {
            let field = field(name);
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
        Ok(Self {
            id: fields
                .iter()
                .position(|f| *f == Some("id"))
                .unwrap_or_default(),
            fields,
            ignored,
        })
    }

    /// Returns true if the cell under `id` is the name of a field, as in a header.
    pub(super) fn may_be_header(&self, cells: &[&[u8]]) -> bool {
        let id = cells
            .get(self.id)
            .and_then(|cell| str::from_utf8(cell).ok());
        // This comes first, because it is cheap: most ids are longer, or have digits.
        id.is_some_and(|id| id.len() < 30 && !id.contains(char::is_numeric) && field(id).is_some())
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

/// Returns true if a header is one cell with names in it: its columns have fixed widths.
fn are_spaced(cells: &[Cow<'_, str>]) -> bool {
    let [cell] = cells else {
        return false;
    };
    let names = cell.split_whitespace();
    names.filter(|name| field(name).is_some()).count() > 1
}

/// The field that a name in a header means: case, spaces and signs do not matter.
pub(super) fn field(name: &str) -> Option<&'static str> {
    // A byte order mark that was taken for text.
    let name = name.strip_prefix("ï»¿").unwrap_or(name);
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(|char| char.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    // Hive and others put the table's name before it.
    let name = letters(name.rsplit('.').next().unwrap_or(name));
    JobOffer::FIELDS
        .into_iter()
        .find(|field| letters(field) == name)
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
