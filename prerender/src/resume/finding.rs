//! Findings in a file: notes on what was mended, errors on what cannot
//! be meant, each with its place.

use std::fmt;

/// A sentence about one place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// The value's path, such as `work[2].startDate`; empty for the whole file.
    pub path: String,
    /// The fault, and for a note what was done about it.
    pub sentence: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: ", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.sentence)
    }
}

/// Finds line and column of a place in a text.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    /// The byte at which each line starts.
    starts: Vec<usize>,
    /// The number of characters before each block of bytes, since a file of one
    /// line may have thousands of findings.
    blocks: Vec<usize>,
}

/// The size of such a block, in bytes.
const BLOCK: usize = 1024;

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let after_each_end = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut blocks = vec![0];
        for block in text.as_bytes().chunks(BLOCK) {
            blocks.push(blocks[blocks.len() - 1] + characters(block));
        }
        Self {
            text,
            starts: std::iter::once(0).chain(after_each_end).collect(),
            blocks,
        }
    }

    /// The line and the column of the byte `at`, both from 1.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        (line, self.before(at) - self.before(start) + 1)
    }

    /// The number of characters before the byte `at`.
    fn before(&self, at: usize) -> usize {
        let block = at / BLOCK;
        self.blocks[block] + characters(&self.text.as_bytes()[block * BLOCK..at])
    }
}

/// The number of characters that start in these bytes of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    let starts = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().filter(starts).count()
}

/// All that was found so far.
#[derive(Debug)]
pub(super) struct Findings<'t> {
    lines: Lines<'t>,
    pub(super) notes: Vec<Finding>,
    pub(super) errors: Vec<Finding>,
}

impl<'t> Findings<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            lines: Lines::new(text),
            notes: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Says what was understood though it is wrong.
    pub(super) fn note(&mut self, at: usize, path: &str, sentence: impl Into<String>) {
        let finding = self.finding(at, path, sentence.into());
        self.notes.push(finding);
    }

    /// Says what cannot be meant.
    pub(super) fn error(&mut self, at: usize, path: &str, sentence: impl Into<String>) {
        let finding = self.finding(at, path, sentence.into());
        self.errors.push(finding);
    }

    fn finding(&self, at: usize, path: &str, sentence: String) -> Finding {
        let (line, column) = self.lines.place(at);
        Finding {
            line,
            column,
            path: path.to_owned(),
            sentence: in_one_line(&sentence),
        }
    }
}

/// A sentence may repeat words of the file: these break no line, and say
/// nothing to a terminal.
fn in_one_line(sentence: &str) -> String {
    let words = sentence.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
