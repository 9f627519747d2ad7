//! The visits as files for other programs.

use shared::visits::Visit;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, for spreadsheets.
    Csv,
    /// An array of visits as the API answers them, for programs.
    Json,
}

impl Format {
    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv;charset=utf-8",
            Self::Json => "application/json",
        }
    }

    /// The content of a file of `visits`.
    pub fn write(self, visits: &[Visit]) -> String {
        match self {
            Self::Csv => csv(visits),
            Self::Json => serde_json::to_string_pretty(visits).expect("strings are JSON"),
        }
    }
}

/// A name for the file that any file system takes.
pub fn file_name(property: &str, period: &str, format: Format) -> String {
    let plain: String = format!("visits {property} {period}")
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let mut words = plain.split('-').filter(|word| !word.is_empty());
    let first = words.next().unwrap_or_default().to_owned();
    let name = words.fold(first, |name, word| name + "-" + word);
    format!("{name}.{}", format.extension())
}

/// Starts with a byte order mark, without which Excel takes the text for
/// another encoding than UTF-8.
fn csv(visits: &[Visit]) -> String {
    let mut file = "\u{feff}id,propertyId,date,place\r\n".to_owned();
    for visit in visits {
        let cells = [&visit.id, &visit.property_id, &visit.date, &visit.place];
        let cells = cells.map(|cell| csv_cell(cell));
        file += &cells.join(",");
        file += "\r\n";
    }
    file
}

/// A cell in quotes. Anyone can post a place, and spreadsheets run what begins
/// like a formula: an apostrophe before it makes it text. Those that split at
/// semicolons or tabs see no quotes here, and begin cells inside of the text.
fn csv_cell(text: &str) -> String {
    let mut cell = "\"".to_owned();
    let mut begins = true;
    for letter in text.chars() {
        if begins && "=+-@＝＋－＠".contains(letter) {
            cell.push('\'');
        }
        begins = ";\t\r\n".contains(letter) || (begins && "\" ".contains(letter));
        if letter == '"' {
            cell.push('"');
        }
        cell.push(letter);
    }
    cell + "\""
}
