//! The résumé on paper, as a browser of Chromium's family prints it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use bytes::Bytes;
use prerender::{Shell, Words, write_folder, write_for_paper};
use url::Url;

use super::browser;
use super::edition::INDEX;
use super::finding::Findings;
use super::opened::Opened;
use super::source::folder_of;
use super::{PageError, PaperOptions, PdfOptions};

/// The longest that a browser may take. A slow machine takes five seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// Chromium's words where it has no sandbox: as root, and where the system lets no
/// user make a namespace.
const NO_SANDBOX: [&str; 2] = ["Running as root without --no-sandbox", "No usable sandbox"];

/// The reason why no PDF was made.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// There is no browser.
    #[error(
        "a PDF is made with an installed Chromium, Chrome or Edge, and none was found: \
         install one, name one with --browser, or open the page and print it to a file"
    )]
    NoBrowser,
    /// There is no such program.
    #[error("{browser} cannot be started: {cause}")]
    Start {
        /// Its path.
        browser: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
    /// It has not ended.
    #[error("{0} has not made a PDF in a minute")]
    Slow(PathBuf),
    /// It has ended without one.
    #[error("{browser} made no PDF: {said}")]
    Failed {
        /// Its path.
        browser: PathBuf,
        /// The last that it said, or how it ended.
        said: String,
    },
    /// A file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Its path.
        path: PathBuf,
        /// The system's error.
        cause: io::Error,
    },
}

/// Makes a PDF of a résumé, and returns what there is to say of the file.
///
/// # Errors
/// When the résumé has errors, or no browser makes a PDF.
pub fn pdf(options: &PdfOptions) -> Result<Findings, PageError> {
    let Opened {
        shell,
        words,
        notes,
        ..
    } = Opened::find(&options.resume, &options.folder)?;
    let alone = Words {
        translations: Vec::new(),
        ..words
    };
    let mut pdfs = print(&shell, &alone, &options.paper, folder_of(&options.out))?;
    let pdf = pdfs.remove("").unwrap_or_default();
    fs::write(&options.out, pdf).map_err(|cause| PdfError::File {
        path: options.out.clone(),
        cause,
    })?;
    Ok(notes)
}

/// Prints the résumé and its translations, each under the name of its folder.
/// The browser works in a folder inside `beside`, since one that a snap brings
/// sees no other than the user's own.
pub(super) fn print(
    shell: &Shell,
    words: &Words,
    options: &PaperOptions,
    beside: &Path,
) -> Result<BTreeMap<String, Bytes>, PageError> {
    let browser = match &options.browser {
        Some(browser) => browser.clone(),
        None => browser::find().ok_or(PdfError::NoBrowser)?,
    };
    let at = |path: &Path| {
        let path = path.to_owned();
        move |cause| PdfError::File { path, cause }
    };
    fs::create_dir_all(beside).map_err(at(beside))?;
    let work = tempfile::Builder::new()
        .prefix("resume-counter-")
        .tempdir_in(beside)
        .map_err(at(beside))?;
    let work = work.path().canonicalize().map_err(at(work.path()))?;
    write_folder(&work, &write_for_paper(shell, words, options.paper.size())?)?;
    let mut pdfs = BTreeMap::new();
    let folders = words.translations.iter().map(|(folder, _)| folder.as_str());
    for folder in std::iter::once("").chain(folders) {
        let page = work.join(folder).join(INDEX);
        pdfs.insert(folder.to_owned(), print_page(&browser, &page, &work)?);
    }
    Ok(pdfs)
}

/// Prints one page, with `work` for the browser's own files.
fn print_page(browser: &Path, page: &Path, work: &Path) -> Result<Bytes, PdfError> {
    let (pdf, log) = (work.join("page.pdf"), work.join("browser.log"));
    let mut flags: Vec<&str> = Vec::new();
    loop {
        let status = run(browser, &flags, page, work, &pdf, &log)?;
        let printed = fs::read(&pdf).unwrap_or_default();
        if printed.starts_with(b"%PDF-") {
            let _ = fs::remove_file(&pdf);
            return Ok(printed.into());
        }
        let said = fs::read(&log).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        // Chromium refuses to start as root, and in a container. The page is
        // made of the user's words alone, and no script of it runs.
        if flags.is_empty() && NO_SANDBOX.iter().any(|sentence| said.contains(sentence)) {
            flags.push("--no-sandbox");
            continue;
        }
        let last = said.lines().rev().find(|line| !line.trim().is_empty());
        return Err(PdfError::Failed {
            browser: browser.to_owned(),
            said: last.map_or_else(|| status.to_string(), str::to_owned),
        });
    }
}

fn run(
    browser: &Path,
    flags: &[&str],
    page: &Path,
    work: &Path,
    pdf: &Path,
    log: &Path,
) -> Result<ExitStatus, PdfError> {
    let start = |cause| PdfError::Start {
        browser: browser.to_owned(),
        cause,
    };
    let address = Url::from_file_path(page).map_err(|()| PdfError::File {
        path: page.to_owned(),
        cause: io::ErrorKind::InvalidFilename.into(),
    })?;
    let mut child = Command::new(browser)
        .args([
            "--headless",
            "--disable-gpu",
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
        ])
        .args(flags)
        .arg(option("--user-data-dir=", &work.join("profile")))
        .arg(option("--print-to-pdf=", pdf))
        .arg(address.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(log).map_err(start)?)
        .spawn()
        .map_err(start)?;
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(start)? {
            return Ok(status);
        }
        if began.elapsed() > PATIENCE {
            let _ = child.kill().and_then(|()| child.wait());
            return Err(PdfError::Slow(browser.to_owned()));
        }
        sleep(Duration::from_millis(20));
    }
}

/// An option whose value is a path, which may hold what is no Unicode.
fn option(name: &str, path: &Path) -> OsString {
    let mut option = OsString::from(name);
    option.push(path);
    option
}
