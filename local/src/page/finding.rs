//! The findings in a résumé, as people and editors read them.

use std::fmt;
use std::path::Path;

use prerender::resume;
use serde::Serialize;

/// A sentence about one place of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) kind: Kind,
    /// The file, as it was named.
    pub(crate) file: String,
    /// Line and column, from 1, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<usize>,
    /// The fault, and what to write instead.
    pub(crate) sentence: String,
}

/// The weight of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// There is no page of it.
    Error,
    /// It was understood, or left out.
    Note,
}

impl Finding {
    /// A finding of reading `file`.
    pub(crate) fn new(kind: Kind, file: &Path, found: &resume::Finding) -> Self {
        let resume::Finding {
            line,
            column,
            path,
            sentence,
        } = found;
        let path = Some(path).filter(|path| !path.is_empty());
        Self {
            kind,
            file: file.display().to_string(),
            line: Some(*line),
            column: Some(*column),
            sentence: path.map_or_else(|| sentence.clone(), |path| format!("{path}: {sentence}")),
        }
    }

    /// An error of the file as a whole.
    pub(crate) fn error(file: &Path, sentence: impl ToString) -> Self {
        Self {
            kind: Kind::Error,
            file: file.display().to_string(),
            line: None,
            column: None,
            sentence: sentence.to_string(),
        }
    }
}

/// In the form that editors and CI know from compilers.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, ":{line}:{column}")?;
        }
        let kind = match self.kind {
            Kind::Error => "error",
            Kind::Note => "note",
        };
        write!(f, ": {kind}: {}", self.sentence)
    }
}

/// The findings, one a line.
#[derive(Clone, Debug)]
pub struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    /// Tells whether there is a page in spite of them.
    pub fn are_notes(&self) -> bool {
        self.0.iter().all(|finding| finding.kind == Kind::Note)
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|finding| writeln!(f, "{finding}"))
    }
}
