//! The counts of other services, as they give them out: read, added up by page, and
//! brought in as totals, so that the same file may come twice.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use rawzip::{CompressionMethod, ZipArchive};
use shared::PagePath;

mod goatcounter;
mod plausible;
mod table;
mod umami;
mod vercount;

/// A service that counted before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Service {
    /// Its CSV (also .gz), or the ZIP file of its JSON export.
    Goatcounter,
    /// The ZIP file of its export, or a CSV file of it.
    Umami,
    /// The ZIP file of its export, or `imported_pages_….csv` of it.
    Plausible,
    /// The JSON that its page of counters loads, /api/domains/analytics.
    Vercount,
}

/// The reason why an export cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The file cannot be read.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// It is something else than an export of the service.
    #[error("{0}: {1}")]
    Form(PathBuf, String),
}

/// The pages that a service counted.
#[derive(Debug, Default)]
pub(super) struct Brought {
    pub(super) pages: BTreeMap<String, u64>,
    /// The kinds of what is not taken, and how often each came.
    left_out: BTreeMap<String, u64>,
    site: Option<String>,
}

type Outcome<T> = Result<T, String>;

impl Service {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Goatcounter => "goatcounter",
            Self::Umami => "umami",
            Self::Plausible => "plausible",
            Self::Vercount => "vercount",
        }
    }

    /// Reads an export of the service. `site` is the host of pages that it names by
    /// their path alone.
    ///
    /// # Errors
    /// Where it is none.
    pub(super) fn read(self, file: &Path, site: Option<&str>) -> Result<Brought, ServiceError> {
        let mut brought = Brought {
            site: site.map(str::to_owned),
            ..Brought::default()
        };
        let mut hits = goatcounter::Hits::default();
        let mut is_export = false;
        let each = |name: &str, content: &mut dyn Read| {
            let is_read = match self {
                Self::Goatcounter => hits.read(name, content, &mut brought),
                Self::Umami => umami::read(name, content, &mut brought),
                Self::Plausible => plausible::read(name, content, &mut brought),
                Self::Vercount => vercount::read(content, &mut brought),
            }?;
            is_export |= is_read;
            Ok(())
        };
        each_file(file, each)?;
        let form = |sentence: String| ServiceError::Form(file.to_owned(), sentence);
        if !is_export {
            return Err(form(format!(
                "this is no export of {} that can be read",
                self.name()
            )));
        }
        hits.add_to(&mut brought).map_err(form)?;
        Ok(brought)
    }
}

impl Brought {
    /// Adds hits of a page of `host`, or of the site that is named.
    fn add(&mut self, host: Option<&str>, path: &str, hits: u64) -> Outcome<()> {
        let host = host
            .filter(|host| !host.is_empty())
            .or(self.site.as_deref());
        let Some(host) = host else {
            return Err("it names pages without their host: say --site example.com".to_owned());
        };
        match PagePath::from_location(host, path) {
            Ok(page) => *self.pages.entry(page.as_str().to_owned()).or_default() += hits,
            Err(_) => self.leave("views of pages whose names cannot be used", hits),
        }
        Ok(())
    }

    fn leave(&mut self, kind: &str, times: u64) {
        if times > 0 {
            *self.left_out.entry(kind.to_owned()).or_default() += times;
        }
    }
}

/// A line for each kind that is not taken.
impl fmt::Display for Brought {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (kind, times) in &self.left_out {
            writeln!(f, "not taken, {kind}: {times}")?;
        }
        Ok(())
    }
}

/// Gives each file of an archive, or the one file, to `each`.
fn each_file(
    path: &Path,
    mut each: impl FnMut(&str, &mut dyn Read) -> Outcome<()>,
) -> Result<(), ServiceError> {
    let failed = |error| ServiceError::File(path.to_owned(), error);
    let form = |sentence| ServiceError::Form(path.to_owned(), sentence);
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    let mut start = Vec::new();
    let head = file.by_ref().take(4).read_to_end(&mut start);
    head.and_then(|_| file.rewind()).map_err(failed)?;
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    if start == b"PK\x03\x04" {
        let mut archive = Vec::new();
        file.read_to_end(&mut archive).map_err(failed)?;
        each_member(&archive, each).map_err(form)
    } else if start.starts_with(&[0x1f, 0x8b]) {
        let name = name.trim_end_matches(".gz");
        each(name, &mut MultiGzDecoder::new(file)).map_err(form)
    } else {
        each(name, &mut file).map_err(form)
    }
}

fn each_member(
    archive: &[u8],
    mut each: impl FnMut(&str, &mut dyn Read) -> Outcome<()>,
) -> Outcome<()> {
    let broken = |error: rawzip::Error| format!("the ZIP file is damaged or cut off: {error}");
    let archive = ZipArchive::from_slice(archive).map_err(broken)?;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(broken)? {
        let path = entry.file_path().try_normalize().map_err(broken)?;
        let name = path.as_ref().rsplit('/').next().unwrap_or_default();
        let member = archive.get_entry(entry.wayfinder()).map_err(broken)?;
        let mut content: Box<dyn Read> = match entry.compression_method() {
            CompressionMethod::STORE => Box::new(member.verifying_reader(member.data())),
            CompressionMethod::DEFLATE => {
                Box::new(member.verifying_reader(DeflateDecoder::new(member.data())))
            }
            _ => return Err(format!("{name} is compressed in an unknown way")),
        };
        each(name, &mut content).map_err(|sentence| format!("{name}: {sentence}"))?;
    }
    Ok(())
}
