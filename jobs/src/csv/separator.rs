//! Finds the separator of a file's cells in its first lines.

use shared::jobs::JobOffer;

use super::{header, row};

/// The purpose of a line before the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FirstLine {
    /// It names the separator, as Excel has it: `sep=;`.
    Separator(u8),
    /// It is a remark, such as PowerShell's `#TYPE`, or the upper edge of a table.
    Comment,
    /// It is the header, whose cells this byte separates.
    Header(u8),
    /// It names too few columns of ours; with this between its cells, if there are some.
    Other(u8),
}

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most bytes of a header that is looked for among rows, and of a name in it.
const MAX_HEADER: usize = 16 * 1024;
const MAX_NAME: usize = 100;

/// Lines that are looked at for a header.
const MAX_PREAMBLE: usize = 50;

/// Reads a line; `hint` is the separator that a line before it named.
pub(super) fn read(line: &[u8], hint: Option<u8>) -> FirstLine {
    if let Some(separator) = named(line) {
        return FirstLine::Separator(separator);
    }
    match best(line, hint) {
        (separator, names) if is_all(names) => FirstLine::Header(separator),
        (separator, 2..) => FirstLine::Other(separator),
        _ if line.starts_with(b"#") || row::is_rule(&[line]) => FirstLine::Comment,
        (separator, _) => FirstLine::Other(separator),
    }
}

/// The separator of a line that is a header beyond doubt.
pub(super) fn of_header(line: &[u8]) -> Option<u8> {
    let (separator, names) = best(line, None);
    is_most(names).then_some(separator)
}

fn is_all(names: usize) -> bool {
    names >= JobOffer::FIELDS.len()
}

fn is_most(names: usize) -> bool {
    names > JobOffer::FIELDS.len() / 2
}

/// Returns true if a header follows the first line of `text`, and what stands before it are
/// no rows: a title, a date, a list of the columns, and lines like that.
pub(super) fn is_before_header(text: &[u8]) -> bool {
    let lines = text.split(|byte| matches!(byte, b'\r' | b'\n'));
    let lines: Vec<_> = lines.take(MAX_PREAMBLE).collect();
    let find = |has_names: fn(usize) -> bool| {
        let mut lines = lines.iter().map(|line| best(line, None));
        lines.position(|(_, names)| has_names(names))
    };
    let Some(n) = find(is_all).or_else(|| find(is_most)) else {
        return false;
    };
    let (separator, _) = best(lines[n], None);
    let is_list = |line: &&[u8]| of_header(line).is_some();
    let (titles, lists) = lines[..n].split_at(lines[..n].iter().position(is_list).unwrap_or(n));
    let has_few = |line: &&[u8]| {
        let cells = line.split(|byte| *byte == separator);
        !is_most(cells.filter(|cell| !cell.trim_ascii().is_empty()).count())
    };
    n > 0
        && titles.iter().all(has_few)
        && lists
            .iter()
            .all(|line| line.trim_ascii().is_empty() || is_list(line))
}

/// Returns true for a line of SQL that may name columns.
pub(super) fn is_sql(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    let starts = |start: &&[u8]| {
        let word = line.get(..start.len());
        word.is_some_and(|word| word.eq_ignore_ascii_case(start))
    };
    let words: [&[u8]; 2] = [b"insert into ", b"create table "];
    words.iter().any(starts) || (starts(&&b"copy "[..]) && line.contains(&b'('))
}

/// The separator by which a line names most columns of ours, and their number.
fn best(line: &[u8], hint: Option<u8>) -> (u8, usize) {
    // In SQL the names are in parentheses, in JSON in brackets.
    let start = line.trim_ascii_start();
    if line.len() > MAX_HEADER || start.starts_with(b"(") || start.starts_with(b"{") || is_sql(line)
    {
        return (hint.unwrap_or(b','), 0);
    }
    // What no name of ours has in it may be one, too.
    let is_sign = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric();
    let others = line.iter().copied().filter(is_sign);
    let others = others.filter(|byte| !b" _-\"'`[].()#".contains(byte));
    let mut candidates: Vec<_> = hint.into_iter().chain(SEPARATORS).collect();
    for other in others {
        if !candidates.contains(&other) {
            candidates.push(other);
        }
    }
    let known = candidates.into_iter();
    let known = known.map(|separator| (separator, known_names(line, separator)));
    // Of several that are as good, the first.
    let best = known.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.unwrap_or((b',', 0))
}

fn named(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_end();
    let line = line.strip_prefix(b"\"").unwrap_or(line);
    let value = match line.split_at_checked(4)? {
        (word, value) if word.eq_ignore_ascii_case(b"sep=") => value,
        _ => return None,
    };
    match value {
        // A tab is trimmed off.
        [] | b"\\t" | b"\\t\"" | b"\t\"" | b"\"" => Some(b'\t'),
        [separator] | [separator, b'"'] if separator.is_ascii() => Some(*separator),
        // Some programs end every line with as many separators as there are columns.
        [separator, rest @ ..] if rest.iter().all(|byte| b",;\t|\"".contains(byte)) => {
            Some(*separator)
        }
        _ => None,
    }
}

fn known_names(line: &[u8], separator: u8) -> usize {
    let names = line.split(|byte| *byte == separator);
    let names = names.filter(|name| (1..=MAX_NAME).contains(&name.len()));
    let known = names.filter(|name| header::field(&String::from_utf8_lossy(name)).is_some());
    known.count()
}
