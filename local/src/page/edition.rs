//! The site as it is at one moment.

use std::collections::BTreeSet;
use std::path::PathBuf;

use prerender::resume::Language;
use prerender::{Files, Place, PrerenderError, Shell, Words, write};
use sha2::{Digest, Sha256};

use super::finding::{Finding, Kind};
use super::source::{Reading, Source};

/// The page of a folder.
pub(crate) const INDEX: &str = "index.html";

/// The parts from which the site is written anew.
#[derive(Clone, Debug)]
pub(crate) struct Press {
    pub(crate) shell: Shell,
    pub(crate) source: Source,
    /// The language of a résumé that does not name its own.
    pub(crate) language: Option<Language>,
    pub(crate) place: Place,
}

/// A site, and what there is to say of its résumé.
#[derive(Clone, Debug)]
pub(crate) struct Edition {
    /// The files; where `is_ready` is not, those of a résumé without a word.
    pub(crate) files: Files,
    /// The files that are pages of the résumé.
    pub(crate) pages: BTreeSet<String>,
    /// True if there has been a résumé without errors.
    pub(crate) is_ready: bool,
    /// Tells the pages of one edition from those of another.
    pub(crate) name: String,
    /// The findings in the file as it is now, whatever the pages show.
    pub(crate) findings: Vec<Finding>,
    /// The paths where its pictures are, or ought to be.
    pub(crate) pictures: Vec<PathBuf>,
}

impl Press {
    /// Writes the site as the résumé is now. Where it has errors, the files are
    /// those of `last`.
    ///
    /// # Errors
    /// When a shell is none, or there is no edition to go back to.
    pub(crate) fn print(&self, last: Option<&Edition>) -> Result<Edition, PrerenderError> {
        let Reading {
            words,
            mut findings,
            pictures,
        } = self.source.read(self.language.as_ref());
        let written = words.and_then(|words| match write(&self.shell, &words, &self.place) {
            Ok(files) => Some(files),
            Err(error) => {
                findings.push(self.finding(&error));
                None
            }
        });
        let (files, is_ready) = match (written, last) {
            (Some(files), _) => (files, true),
            (None, Some(last)) => (last.files.clone(), last.is_ready),
            (None, None) => (write(&self.shell, &Words::default(), &self.place)?, false),
        };
        Ok(Edition {
            name: fingerprint(&files, is_ready),
            pages: self.pages(&files),
            files,
            is_ready,
            findings,
            pictures,
        })
    }

    /// The pages in `files` that bring no words of their own.
    fn pages(&self, files: &Files) -> BTreeSet<String> {
        let is_page = |name: &str| name == INDEX || name.ends_with("/index.html");
        let others = self.shell.files();
        files
            .keys()
            .filter(|name| is_page(name) && (*name == INDEX || !others.contains_key(*name)))
            .cloned()
            .collect()
    }

    fn finding(&self, error: &PrerenderError) -> Finding {
        match &self.source {
            Source::File(file) => Finding::error(file, error),
            Source::Sample => Finding::error("the sample".as_ref(), error),
        }
    }
}

impl Edition {
    /// Tells whether the résumé, as it is now, has a page.
    pub(crate) fn is_of_now(&self) -> bool {
        self.findings
            .iter()
            .all(|finding| finding.kind == Kind::Note)
    }
}

/// A name for what is in the pages and pictures; what they load is named for
/// its content already.
fn fingerprint(files: &Files, is_ready: bool) -> String {
    let mut hash = Sha256::new_with_prefix([u8::from(is_ready)]);
    let changing = files
        .iter()
        .filter(|(name, _)| !name.ends_with(".wasm") && !name.ends_with(".br"));
    for (name, content) in changing {
        hash.update(name);
        hash.update(content);
    }
    hex::encode(&hash.finalize()[..8])
}
