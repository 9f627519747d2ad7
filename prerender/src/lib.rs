//! Writes the résumé into the page that trunk has staged, and finishes the site
//! around it; the pages beside it are finished the same way. Run by trunk after
//! every build; see `Trunk.toml`.

mod compress;
mod document;
mod head;
mod page;
mod policy;
pub mod resume;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use browser::{API_BASE, OWNER_API_BASE};
use leptos::prelude::*;
use sha2::{Digest, Sha256};

use crate::page::{NotFound, Page};
use crate::resume::{Image, Resume, ResumeError};
use document::{Document, Loader};

/// Where trunk works, and for whom.
#[derive(Clone, Debug)]
pub struct Build {
    /// The folder of the sources, with `resume.json` for the résumé.
    pub source: PathBuf,
    /// The folder trunk stages the site in, with its `index.html`.
    pub staging: PathBuf,
    /// The path the site is served under, with a slash at its end.
    pub public_url: String,
    /// How far the site is finished.
    pub purpose: Purpose,
}

/// What a build is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Work on the page: trunk adds a script of its own that reloads it, which
    /// a strict policy would stop.
    Development,
    /// Visitors: with a content security policy, and compressed.
    Release,
}

impl Build {
    /// Reads what trunk tells its hooks.
    ///
    /// # Errors
    /// Names the variable that is missing: then trunk is not the caller.
    pub fn from_env() -> Result<Self, PrerenderError> {
        let var = |name| env::var_os(name).ok_or(PrerenderError::NotUnderTrunk(name));
        Ok(Self {
            source: var("TRUNK_SOURCE_DIR")?.into(),
            staging: var("TRUNK_STAGING_DIR")?.into(),
            public_url: var("TRUNK_PUBLIC_URL")?.to_string_lossy().into_owned(),
            purpose: match var("TRUNK_PROFILE")?.to_str() {
                Some("release") => Purpose::Release,
                _ => Purpose::Development,
            },
        })
    }
}

/// Why the site could not be finished, in one line.
#[derive(Debug, thiserror::Error)]
pub enum PrerenderError {
    /// A variable of trunk's is not set.
    #[error("{0} is not set: trunk runs this program, as `trunk build`")]
    NotUnderTrunk(&'static str),
    /// A file could not be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// The résumé breaks the schema.
    #[error("resume.json: {0}")]
    Resume(#[from] ResumeError),
    /// The résumé names a picture that is not there.
    #[error("resume.json: basics.image: there is no file site/{0}")]
    NoImage(String),
    /// An API's address is not one.
    #[error(
        "RESUME_API_BASE, RESUME_OWNER_API_BASE: expected origins or paths such as \
         https://api.example.com, found {API_BASE:?} and {OWNER_API_BASE:?}"
    )]
    ApiBase,
    /// Trunk's page does not look as expected.
    #[error("index.html, as trunk staged it, has no {0}")]
    Markup(&'static str),
}

/// Turns the staged folder into the finished site.
///
/// # Errors
/// The first thing that is wrong; the staged folder is then of no use.
pub fn finish(build: &Build) -> Result<(), PrerenderError> {
    let resume = Resume::parse(&read(&build.source.join("resume.json"))?)?;
    if let Some(Image::Local(path)) = &resume.basics.image
        && !build.staging.join(path).is_file()
    {
        return Err(PrerenderError::NoImage(path.clone()));
    }
    let index = build.staging.join("index.html");
    let mut page = Document::parse(&read(&index)?)?;
    page.put_first(head::OF_EVERY_PAGE);
    if build.purpose == Purpose::Release {
        let loader = secure(&resume, &mut page)?;
        write_lost_page(build, page.clone())?;
        put_loader(build, loader, &mut page)?;
    }
    page.put_head(&head::of_resume(&resume));
    page.put_body(&html(|| view! { <Page resume /> }));
    write(&index, page.into_html())?;
    if build.purpose == Purpose::Release {
        compress::folder(&build.staging)?;
    }
    Ok(())
}

/// Finishes the staged folder of a page that brings its own words.
///
/// # Errors
/// The first thing that is wrong; the staged folder is then of no use.
pub fn seal(build: &Build) -> Result<(), PrerenderError> {
    let index = build.staging.join("index.html");
    let mut page = Document::parse(&read(&index)?)?;
    page.put_first(head::OF_EVERY_PAGE);
    page.fill_in("%OWNER_API_BASE%", OWNER_API_BASE.trim_end_matches('/'));
    if build.purpose == Purpose::Release {
        let loader = secure(&Resume::default(), &mut page)?;
        put_loader(build, loader, &mut page)?;
    }
    write(&index, page.into_html())?;
    if build.purpose == Purpose::Release {
        compress::folder(&build.staging)?;
    }
    Ok(())
}

/// Gives the page a policy that allows no inline script, and takes trunk's own
/// out.
fn secure(resume: &Resume, page: &mut Document) -> Result<Loader, PrerenderError> {
    let policy =
        policy::of_page(resume, &[API_BASE, OWNER_API_BASE]).ok_or(PrerenderError::ApiBase)?;
    page.put_first(&format!(
        "<meta http-equiv=Content-Security-Policy content=\"{policy}\">"
    ));
    page.take_loader()
}

/// Writes the page for dead links: the same one without a program.
fn write_lost_page(build: &Build, mut page: Document) -> Result<(), PrerenderError> {
    page.put_head(&head::of_lost_page());
    page.put_body(&html(
        || view! { <NotFound home=build.public_url.clone() /> },
    ));
    write(&build.staging.join("404.html"), page.into_html())
}

/// Puts trunk's script back as a file of its own.
fn put_loader(build: &Build, loader: Loader, page: &mut Document) -> Result<(), PrerenderError> {
    let name = format!("boot-{}.js", fingerprint(&loader.script));
    write(&build.staging.join(&name), &loader.script)?;
    page.put_head(&loader.hints);
    page.put_head(&format!(
        "<script type=module src={}{name}></script>",
        build.public_url
    ));
    Ok(())
}

/// Tells one content from another, so that a changed file gets a new name.
/// SHA-256, because the name has to be the same whichever compiler built this.
fn fingerprint(content: &str) -> String {
    hex::encode(&Sha256::digest(content)[..8])
}

/// A view as HTML, without the empty comments by which Leptos would find its
/// places again if it hydrated the page.
fn html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new()
        .with(|| view().into_view().to_html())
        .replace("<!>", "")
}

fn read(path: &Path) -> Result<String, PrerenderError> {
    fs::read_to_string(path).map_err(|cause| at(path, cause))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), PrerenderError> {
    fs::write(path, content).map_err(|cause| at(path, cause))
}

fn at(path: &Path, cause: io::Error) -> PrerenderError {
    PrerenderError::File {
        path: path.to_owned(),
        cause,
    }
}
