//! A résumé that is read and has no errors, with the shells that it is written into.

use prerender::{Shell, Words};

use super::finding::Findings;
use super::source::{Reading, Source};
use super::{PageError, ResumeOptions, shells};
use crate::Folder;

/// The parts from which a command writes pages.
pub(super) struct Opened {
    pub(super) shell: Shell,
    pub(super) source: Source,
    pub(super) words: Words,
    /// The notes on the file.
    pub(super) notes: Findings,
}

impl Opened {
    /// Finds the shells and the résumé, which may be in the data folder.
    pub(super) fn find(options: &ResumeOptions, data: &Folder) -> Result<Self, PageError> {
        let shell = shells::find(options.shells.as_deref())?.ok_or(PageError::NoShells)?;
        let data_dir = data.find().ok();
        let source = Source::find(options.resume.as_deref(), data_dir.as_deref());
        let Reading {
            words, findings, ..
        } = source.read(options.language.as_ref());
        let notes = Findings(findings);
        match words {
            Some(words) => Ok(Self {
                shell,
                source,
                words,
                notes,
            }),
            None => Err(PageError::Resume(notes)),
        }
    }
}
