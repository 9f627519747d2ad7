//! The site as a folder, for any host of files.

use prerender::{write, write_folder};

use super::finding::{Finding, Findings};
use super::opened::Opened;
use super::source::Source;
use super::{BuildOptions, PageError, pdf};

/// A built site.
#[derive(Clone, Debug)]
pub struct Built {
    /// The number of its files.
    pub files: usize,
    /// The résumé's name, for the user.
    pub source: String,
    /// The notes on it.
    pub notes: Findings,
}

/// Writes the site into a folder, byte for byte as it would be served.
///
/// # Errors
/// When the résumé has errors, or something cannot be read or written.
pub fn build(options: &BuildOptions) -> Result<Built, PageError> {
    let Opened {
        shell,
        source,
        mut words,
        notes,
    } = Opened::find(&options.resume, &options.folder)?;
    if options.pdf {
        words.pdfs = pdf::print(&shell, &words, &options.paper, &options.out)?;
    }
    let systems = &options.systems;
    let (shell, place) = (systems.shell(shell), systems.place(options.place()?));
    let files = write(&shell, &words, &place).map_err(|error| match &source {
        Source::File(file) => PageError::Resume(Findings(vec![Finding::error(file, error)])),
        Source::Sample => PageError::Write(error),
    })?;
    write_folder(&options.out, &files)?;
    Ok(Built {
        files: files.len(),
        source: source.to_string(),
        notes,
    })
}
