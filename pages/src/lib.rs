//! Builds the three pages: one cargo call for their programs, wasm-bindgen as a
//! library, and tools that make them small. The pages that trunk stages take
//! the same steps from there, so a page is the same whoever built it.

mod markup;
mod polish;
mod program;
mod stage;

use std::path::Path;
use std::{env, fs, thread};

use anyhow::{Context, Result, anyhow};
use prerender::{Build, Place, Purpose};

pub use polish::polish;

/// A page of the site, and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its crate and its folder in the repository.
    pub name: &'static str,
    /// Its folder in the built site.
    pub folder: &'static str,
    /// The path it is served under.
    pub public_url: &'static str,
}

/// All pages; each `Trunk.toml` says the same.
pub const PAGES: [Page; 3] = [
    Page {
        name: "site",
        folder: "",
        public_url: "/",
    },
    Page {
        name: "dashboard",
        folder: "dashboard",
        public_url: "/dashboard/",
    },
    Page {
        name: "job-board",
        folder: "jobs",
        public_url: "/jobs/",
    },
];

/// Builds all pages of the repository at `root` into the folder `dist`,
/// replaces the files there, and keeps the pages' shells.
///
/// # Errors
/// The first thing that is wrong; `dist` stays as it was unless moving the
/// built pages there fails.
pub fn build(root: &Path, dist: &Path) -> Result<()> {
    let place = Place::from_env()?;
    let programs = program::compile(root)?;
    let staging = dist.with_extension("staging");
    thread::scope(|scope| {
        let pages: Vec<_> = PAGES
            .iter()
            .zip(&programs)
            .map(|(page, program)| {
                let build = Build {
                    source: root.join(page.name),
                    staging: staging.join(page.name),
                    public_url: page.public_url.to_owned(),
                    purpose: Purpose::Release,
                    place: place.clone().under(page.public_url),
                    shells: root.join("shells"),
                    folder: page.folder.to_owned(),
                };
                scope.spawn(move || {
                    stage::copy(&build.source, &build.staging)?;
                    program::bind(page.name, program, &build.staging)?;
                    finish(&build)
                })
            })
            .collect();
        pages.into_iter().try_for_each(|page| {
            page.join()
                .unwrap_or_else(|_| Err(anyhow!("a page's thread panicked")))
        })
    })?;
    if dist.exists() {
        fs::remove_dir_all(dist)?;
    }
    for page in PAGES {
        fs::rename(staging.join(page.name), dist.join(page.folder))?;
    }
    Ok(fs::remove_dir(&staging)?)
}

/// Finishes the page that trunk has staged and names in its hook's environment.
///
/// # Errors
/// The first thing that is wrong; the staged folder is then of no use.
pub fn finish_staged() -> Result<()> {
    let source = env::var_os("TRUNK_SOURCE_DIR").context("trunk runs this, as `trunk build`")?;
    let page = PAGES
        .iter()
        .find(|page| Path::new(&source).ends_with(page.name))
        .with_context(|| format!("no page has its sources in {}", source.display()))?;
    finish(&Build::from_env(page.folder.to_owned())?)
}

fn finish(build: &Build) -> Result<()> {
    if build.purpose == Purpose::Release {
        let index = build.source.join("index.html");
        let index = fs::read_to_string(&index).with_context(|| index.display().to_string())?;
        polish(&index, &build.staging, &build.public_url)?;
    }
    Ok(prerender::finish(build)?)
}
