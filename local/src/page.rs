//! The page: a résumé written into the shells that the program carries, served
//! from memory and kept up to date, or built into a folder; or a folder that
//! was built before.

mod browser;
mod build;
mod check;
mod draft;
mod edition;
mod events;
mod finding;
mod loopback;
mod opened;
mod options;
mod pdf;
mod serve;
mod shells;
mod source;
mod watch;

pub use build::{Built, build};
pub use check::check;
pub use draft::new;
pub use finding::Findings;
pub(crate) use loopback::is_here;
pub(crate) use options::parse_base_url;
pub use options::{
    BuildOptions, FileToCheck, NewOptions, PageOptions, Paper, PaperOptions, PdfOptions,
    ResumeOptions,
};
pub use pdf::{PdfError, pdf};

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use prerender::{FileError, PrerenderError};

use crate::gateway::route;
use crate::tasks::{Roll, Tasks};
use crate::{Systems, site};
use edition::Press;
use serve::Served;
use source::Source;

/// The folder in which a build without the program leaves the site.
const BUILT_SITE: &str = "site/dist";

/// The reason why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The site's folder has no page.
    #[error(
        "{0} holds no index.html: --site is for the folder of a built site, and --resume for a résumé"
    )]
    Site(PathBuf),
    /// The program was built before the pages were.
    #[error("this build of resume-counter carries no pages: `make build` makes one that does")]
    NoShells,
    /// The named folder is none of shells.
    #[error("{0} holds no index.html")]
    NoShell(PathBuf),
    /// The résumé has errors.
    #[error("no page can be made of this résumé\n{0}")]
    Resume(Findings),
    /// The page cannot be written.
    #[error(transparent)]
    Write(#[from] PrerenderError),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// No browser makes a PDF.
    #[error(transparent)]
    Pdf(#[from] PdfError),
    /// There is a résumé already.
    #[error("{0} is there already, and was not changed: name another folder")]
    Exists(PathBuf),
    /// A new résumé cannot be written.
    #[error("{path}: {cause}")]
    Draft {
        /// The place.
        path: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
}

/// The page that is served beside the API.
#[derive(Debug)]
pub(crate) struct Page(Kind);

#[derive(Debug)]
enum Kind {
    Folder(PathBuf, Systems),
    Resume {
        source: Source,
        served: Served,
        watching: Tasks,
    },
    None,
}

impl Page {
    /// Reads what is to be served. `data_dir` is the program's own folder, if it
    /// uses one.
    ///
    /// # Errors
    /// In one sentence, or with a line for each of the résumé's errors. One that
    /// is watched may have errors: it is not finished.
    pub(crate) fn open(
        options: &PageOptions,
        systems: &Systems,
        data_dir: Option<&Path>,
        roll: Roll,
    ) -> Result<Self, PageError> {
        if let Some(folder) = &options.site {
            return match has_page(folder) {
                true => Ok(Self(Kind::Folder(folder.clone(), systems.clone()))),
                false => Err(PageError::Site(folder.clone())),
            };
        }
        let resume = &options.resume;
        let Some(shell) = shells::find(resume.shells.as_deref())? else {
            let built = PathBuf::from(BUILT_SITE);
            return match &resume.resume {
                Some(_) => Err(PageError::NoShells),
                None if has_page(&built) => Ok(Self(Kind::Folder(built, systems.clone()))),
                None => Ok(Self(Kind::None)),
            };
        };
        let source = Source::find(resume.resume.as_deref(), data_dir);
        let press = Press {
            shell: systems.shell(shell),
            source: source.clone(),
            language: resume.language.clone(),
            place: systems.place(resume.place()),
        };
        let is_watched = !options.no_watch && source != Source::Sample;
        let first = Arc::new(press.print(None)?);
        let is_there = matches!(&source, Source::File(file) if file.exists());
        if !(first.is_of_now() || is_watched && is_there) {
            return Err(PageError::Resume(Findings(first.findings.clone())));
        }
        let mut watching = Tasks::on(roll);
        let editions = if is_watched {
            let (editions, watcher) = watch::start(press, first);
            watching.spawn("the watcher of the résumé", watcher);
            editions
        } else {
            tokio::sync::watch::channel(first).1
        };
        let served = Served {
            editions,
            is_watched,
        };
        Ok(Self(Kind::Resume {
            source,
            served,
            watching,
        }))
    }

    /// The routes of everything that is not the API's.
    pub(crate) fn routes(&self) -> Router {
        match &self.0 {
            Kind::Folder(folder, systems) => site::routes(folder, systems),
            Kind::Resume { served, .. } => serve::routes(served.clone()),
            Kind::None => Router::new().fallback(route::not_found),
        }
    }

    /// Says that no change is seen any more, once that is so.
    pub(crate) async fn ended(&mut self) -> String {
        match &mut self.0 {
            Kind::Resume { watching, .. } => watching.ended().await,
            Kind::Folder(..) | Kind::None => pending().await,
        }
    }

    /// Ends what waits for a change.
    pub(crate) async fn stop(&mut self) {
        if let Kind::Resume { watching, .. } = &mut self.0 {
            // Its end is that of the editions, for which open pages wait.
            watching.stop().await;
        }
    }

    /// A line for the user on the page at `address`, and on its faults.
    pub(crate) fn at(&self, address: SocketAddr) -> String {
        match &self.0 {
            Kind::Folder(folder, _) => format!("http://{address}/ from {}", folder.display()),
            Kind::None => "none: this build carries no pages, `make build` makes one".to_owned(),
            Kind::Resume { source, served, .. } => {
                let mut text = format!("http://{address}/ from {source}");
                if served.is_watched {
                    text.push_str(", and changes as you save it");
                }
                for finding in &served.editions.borrow().findings {
                    text.push_str(&format!("\n{finding}"));
                }
                text
            }
        }
    }
}

fn has_page(folder: &Path) -> bool {
    folder.join("index.html").is_file()
}
