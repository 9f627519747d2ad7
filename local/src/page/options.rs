//! The command line of what is about the page.

use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use clap::builder::FalseyValueParser;
use prerender::resume::Language;
use prerender::{Place, PrerenderError};
use url::Url;

use crate::options::heading;
use crate::{Folder, Systems};

/// The résumé that is shown, and its place.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = heading::COUNTER)]
pub struct ResumeOptions {
    /// The résumé [default: resume.json in this folder, else in the data folder,
    /// else a sample].
    #[arg(long, env = "RESUME_COUNTER_RESUME", value_name = "FILE")]
    pub resume: Option<PathBuf>,

    /// Language of a résumé that names none in meta.language, such as fr or pt-BR
    /// [default: the one that its letters suggest, else English].
    #[arg(long, env = "RESUME_COUNTER_LANGUAGE", value_name = "TAG", value_parser = parse_language)]
    pub language: Option<Language>,

    /// Address that the page is going to have, such as https://example.org/cv/.
    #[arg(long, env = "RESUME_COUNTER_BASE_URL", value_name = "URL", value_parser = parse_base_url)]
    pub base_url: Option<Url>,

    /// Folder of shells to take instead of the program's own, for work on them.
    #[arg(
        long,
        env = "RESUME_COUNTER_SHELLS",
        value_name = "DIR",
        hide = true,
        hide_env = true
    )]
    pub shells: Option<PathBuf>,
}

/// The page that is served.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = heading::COUNTER)]
pub struct PageOptions {
    /// The résumé that is shown.
    #[command(flatten)]
    pub resume: ResumeOptions,

    /// Read the résumé once, and do not look for changes of it.
    #[arg(long, env = "RESUME_COUNTER_NO_WATCH", value_parser = FalseyValueParser::new())]
    pub no_watch: bool,

    /// Folder of a built site to serve instead of a résumé.
    #[arg(long, env = "RESUME_COUNTER_SITE", value_name = "DIR")]
    pub site: Option<PathBuf>,
}

/// The site that is built, and its folder.
#[derive(Clone, Debug, Args)]
pub struct BuildOptions {
    /// Folder to write the site into; what else is in it stays.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// The systems that the site is part of.
    #[command(flatten)]
    pub systems: Systems,

    /// The résumé that is shown.
    #[command(flatten)]
    pub resume: ResumeOptions,

    /// Put a PDF of the résumé and its JSON beside the page, which then offers
    /// both. Needs a Chromium, Chrome or Edge on this machine.
    #[arg(long, env = "RESUME_COUNTER_PDF", value_parser = FalseyValueParser::new())]
    pub pdf: bool,

    /// The PDF's paper and browser.
    #[command(flatten)]
    pub paper: PaperOptions,

    /// Address of the counter's API, without /counter [default: the page's own
    /// origin].
    #[arg(long, env = "RESUME_API_BASE", value_name = "URL")]
    pub api: Option<String>,

    /// Address of the API of visits and job offers [default: the same].
    #[arg(long, env = "RESUME_OWNER_API_BASE", value_name = "URL")]
    pub owner_api: Option<String>,

    /// The folder of this machine's data.
    #[command(flatten)]
    pub folder: Folder,
}

/// The résumé that is printed, and the file.
#[derive(Clone, Debug, Args)]
pub struct PdfOptions {
    /// File to write the PDF into.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,

    /// The résumé that is printed.
    #[command(flatten)]
    pub resume: ResumeOptions,

    /// How.
    #[command(flatten)]
    pub paper: PaperOptions,

    /// The folder of this machine's data.
    #[command(flatten)]
    pub folder: Folder,
}

/// The paper and the browser of a PDF.
#[derive(Clone, Debug, Args)]
pub struct PaperOptions {
    /// The paper's size.
    #[arg(long, value_enum, env = "RESUME_COUNTER_PAPER", default_value = "a4")]
    pub paper: Paper,

    /// The Chromium, Chrome or Edge that makes it [default: the first that is
    /// found].
    #[arg(long, env = "RESUME_COUNTER_BROWSER", value_name = "FILE")]
    pub browser: Option<PathBuf>,
}

/// A size of paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Paper {
    /// 210 by 297 mm, used nearly everywhere.
    A4,
    /// 8.5 by 11 inches, used in North America.
    Letter,
}

/// The folder in which a résumé is begun.
#[derive(Clone, Debug, Args)]
pub struct NewOptions {
    /// Folder to write resume.json into.
    #[arg(default_value = ".", value_name = "DIR")]
    pub folder: PathBuf,
}

/// The file that is checked.
#[derive(Clone, Debug, Args)]
pub struct FileToCheck {
    /// The résumé.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Language of a résumé that names none in meta.language, such as fr or pt-BR
    /// [default: the one that its letters suggest, else English].
    #[arg(long, env = "RESUME_COUNTER_LANGUAGE", value_name = "TAG", value_parser = parse_language)]
    pub language: Option<Language>,
}

impl ResumeOptions {
    /// The address that the page will have.
    pub(crate) fn place(&self) -> Place {
        Place::default().at(self.base_url.clone())
    }
}

impl BuildOptions {
    /// The addresses that the page will have and that the APIs have.
    pub(crate) fn place(&self) -> Result<Place, PrerenderError> {
        let (api, owner_api) = (self.api.as_deref(), self.owner_api.as_deref());
        self.resume.place().with_apis(api, owner_api)
    }
}

impl Paper {
    /// The size as CSS names it.
    pub(crate) fn size(self) -> &'static str {
        match self {
            Self::A4 => "A4",
            Self::Letter => "letter",
        }
    }
}

fn parse_language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write a language tag such as fr or pt-BR".to_owned())
}

pub(crate) fn parse_base_url(text: &str) -> Result<Url, String> {
    text.parse()
        .ok()
        .filter(|url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| "write an address such as https://example.org/cv/".to_owned())
}
