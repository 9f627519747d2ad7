//! Says of a file as a whole what was guessed and left out, for whoever made it.

use super::encoding::Charset;
use super::header;
use super::legacy::Legacy;

/// What was found out on the way.
#[derive(Default)]
pub(super) struct Notes {
    /// The records that were not UTF-8.
    pub(super) fallbacks: Count,
    /// Those in which a program before lost characters.
    pub(super) losses: Count,
    /// Those with quotes that are not doubled.
    pub(super) loose: Count,
    /// Those with lines in a column that is not read which look like rows.
    pub(super) like_rows: Count,
    /// The columns that are not read.
    pub(super) ignored: Vec<String>,
}

/// The number of records of one kind, and the line of the first.
#[derive(Default)]
pub(super) struct Count {
    count: u64,
    first: u64,
}

impl Count {
    pub(super) fn add(&mut self, line: u64) {
        if self.count == 0 {
            self.first = line;
        }
        self.count += 1;
    }

    /// A sentence about one record by its line, or about several by their number.
    fn sentence(
        &self,
        one: impl FnOnce(u64) -> String,
        several: impl FnOnce(u64) -> String,
    ) -> Option<String> {
        let Self { count, first } = *self;
        match count {
            0 => None,
            1 => Some(one(first)),
            _ => Some(format!(
                "{}; the first of them is line {first}",
                several(count)
            )),
        }
    }
}

impl Notes {
    /// The sentences; `preamble` is the last line before the header that says something else,
    /// or 0.
    pub(super) fn sentences(
        &self,
        charset: Charset,
        legacy: Option<Legacy>,
        preamble: u64,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        if charset == Charset::Utf16 {
            notes.push("the file is read as UTF-16".to_owned());
        }
        let encoding = legacy.map_or_else(String::new, Legacy::name);
        let lost = "U+FFFD, the sign for a character that was lost before";
        let loose = "a quote inside of quotes that is not doubled, and may be read wrongly";
        let like = "lines in quotes that look like rows, and are not read";
        notes.extend(self.fallbacks.sentence(
            |line| format!("line {line} is not UTF-8 and is read as {encoding}, which is a guess"),
            |count| {
                format!("{count} lines are not UTF-8 and are read as {encoding}, which is a guess")
            },
        ));
        notes.extend(self.losses.sentence(
            |line| format!("line {line} holds {lost}"),
            |count| format!("{count} rows hold {lost}"),
        ));
        notes.extend(self.loose.sentence(
            |line| format!("the row in line {line} has {loose}"),
            |count| format!("{count} rows have {loose}"),
        ));
        notes.extend(self.like_rows.sentence(
            |line| format!("the row in line {line} has {like}"),
            |count| format!("{count} rows have {like}"),
        ));
        if preamble > 0 {
            notes.push(format!(
                "the header comes after line {preamble}, and nothing before it is read"
            ));
        }
        if !self.ignored.is_empty() {
            let verb = if self.ignored.len() == 1 { "is" } else { "are" };
            notes.push(format!("{} {verb} not read", header::list(&self.ignored)));
        }
        notes
    }
}
