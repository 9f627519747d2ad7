//! JSON Resume in, HTML out. A [`Shell`] is made once from what trunk stages;
//! [`write()`] puts a résumé into it, in memory, in milliseconds and without
//! any tool.

mod compress;
mod document;
mod files;
mod head;
mod page;
pub mod pictures;
mod place;
mod policy;
pub mod resume;
mod shell;
mod sitemap;
mod translation;
mod trunk;
mod write;

pub use files::{FileError, Files, read_folder, write_folder};
pub use place::Place;
pub use shell::Shell;
pub use translation::{Translation, translations};
pub use trunk::{Build, Purpose, finish};
pub use write::{Words, write, write_for_paper};

use leptos::prelude::*;

use crate::resume::Finding;

/// The reason why the site could not be finished, in one line.
#[derive(Debug, thiserror::Error)]
pub enum PrerenderError {
    /// A variable of trunk's is not set.
    #[error("{0} is not set: trunk runs this program, as `trunk build`")]
    NotUnderTrunk(&'static str),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A résumé, in this file, says what cannot be meant.
    #[error("{}", each_on_a_line(.0, .1))]
    Resume(String, Vec<Finding>),
    /// A picture would take the place of a file of the page.
    #[error("basics.image: {0} is the name of a file of the page: give the picture another name")]
    ImageName(String),
    /// A translation would take the place of a folder of the site.
    #[error(
        "resume.{0}.json is read as a translation, and the site has a folder {0} already: give the file another name"
    )]
    Folder(String),
    /// An API's address is not one.
    #[error(
        "\"{0}\" is no address of an API: give --api and --owner-api (RESUME_API_BASE, RESUME_OWNER_API_BASE) an origin or a path, such as https://api.example.com"
    )]
    ApiBase(String),
    /// Trunk's page does not look as expected.
    #[error("index.html, as trunk staged it, has no {0}")]
    Markup(&'static str),
}

fn each_on_a_line(file: &str, findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| format!("{file}: {finding}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// A view as HTML, without the empty comments by which Leptos would find its
/// places again if it hydrated the page.
fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new()
        .with(|| view().into_view().to_html())
        .replace("<!>", "")
}
