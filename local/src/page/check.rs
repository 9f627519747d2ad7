//! The faults of a résumé, for editors and CI.

use super::FileToCheck;
use super::finding::Findings;
use super::source::Source;

/// Reads a résumé and says what is wrong, or was not understood.
pub fn check(options: &FileToCheck) -> Findings {
    let source = Source::find(Some(&options.file), None);
    Findings(source.read(options.language.as_ref()).findings)
}
