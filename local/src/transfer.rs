//! Taking counters and visits out of a store and into another, line by line.

mod export;
mod fault;
mod import;
mod record;
mod services;

pub use export::export;
pub use import::{Imported, import};
pub use record::Format;
pub use services::{Service, ServiceError};

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use backend::Table;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use crate::number;
use crate::store::{StoreError, Target};
use crate::{StoreOptions, ZoneOptions};

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Pages and their hits.
    Counters,
    /// The log of visits; in JSON lines also each day's uniques and what was
    /// not recorded.
    Visits,
}

impl Kind {
    /// Its table.
    fn table(self, options: &StoreOptions) -> Table<'_> {
        match self {
            Self::Counters => counter::table(&options.table),
            Self::Visits => visits::table(&options.visits_table),
        }
    }
}

/// The options of an export.
#[derive(Clone, Debug, Args)]
pub struct ExportOptions {
    /// What to take out.
    pub kind: Kind,

    /// File to write; without it, standard output.
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// How to write it [default: csv for a file of that name, else jsonl].
    #[arg(long)]
    pub format: Option<Format>,

    /// The tables that are read.
    #[command(flatten)]
    pub target: Target,
}

/// The options of an import.
#[derive(Clone, Debug, Args)]
pub struct ImportOptions {
    /// What to bring in.
    pub kind: Kind,

    /// File to read; - is standard input.
    #[arg(default_value = "-")]
    pub input: PathBuf,

    /// How it is written [default: csv for a file of that name, else jsonl].
    #[arg(long)]
    pub format: Option<Format>,

    /// Take the numbers of another service from a file that it gave out, and add them
    /// to those that are there. The same file may come again.
    #[arg(long, value_name = "SERVICE", conflicts_with = "format")]
    pub from: Option<Service>,

    /// Host of the pages that the service names by their path alone.
    #[arg(long, value_name = "HOST", requires = "from")]
    pub site: Option<String>,

    /// Say what would come of the service's file, and write nothing.
    #[arg(long, requires = "from")]
    pub dry_run: bool,

    /// The time zone in which days and hours are counted anew.
    #[command(flatten)]
    pub zone: ZoneOptions,

    /// The tables that are written.
    #[command(flatten)]
    pub target: Target,
}

impl ImportOptions {
    /// The file's name, for the user.
    fn source(&self) -> PathBuf {
        match self.input == Path::new("-") {
            true => "standard input".into(),
            false => self.input.clone(),
        }
    }
}

/// A reason why an export or an import ended early.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] StoreError),
    /// The store failed on the way.
    #[error("{}", .0.for_owner())]
    Store(#[from] backend::Error),
    /// The file cannot be read or written.
    #[error("{0}: {1}")]
    File(PathBuf, io::Error),
    /// The export of another service cannot be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Services count pages.
    #[error("of other services only counters can be imported: --from goes with `import counters`")]
    OnlyCounters,
    /// The export of a service may have to be read twice.
    #[error("--from reads the file that the service gave out: name it")]
    NoFile,
    /// The CSV's first line is not that of an export.
    #[error("{0}: the first line has to be `{1}`")]
    Header(PathBuf, &'static str),
    /// Some lines were refused; they have been printed.
    #[error("{} not imported, for the reasons above", number::of(*.0, "line"))]
    Refused(u64),
}

/// The form that was asked for, or the one that the file's name tells.
fn format_of(asked: Option<Format>, file: Option<&Path>) -> Format {
    let is_csv = file.and_then(Path::extension) == Some(OsStr::new("csv"));
    asked.unwrap_or(if is_csv { Format::Csv } else { Format::Jsonl })
}

/// Shown where standard error is a terminal.
fn progress() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} records, {per_sec}");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}
