//! What is wrong with a résumé, for editors and CI.

use super::FileToCheck;
use super::finding::{Finding, Findings};
use super::source::Source;

/// Reads a résumé and says what is wrong, or was not understood.
pub fn check(options: &FileToCheck) -> Findings {
    let source = Source::find(Some(&options.file), None);
    let mut reading = source.read();
    if let (Some(words), Source::File(file)) = (reading.words, &source) {
        let missing = words.check().map_err(|error| Finding::error(file, error));
        reading.findings.extend(missing.err());
    }
    Findings(reading.findings)
}
