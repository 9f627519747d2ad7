//! The log on standard error. It never delays or breaks an answer: lines go to a
//! thread of their own, what nobody reads is dropped and counted, and a failure
//! that repeats is said once and then counted.

use std::io::{self, stderr};
use std::panic::{self, Location};
use std::sync::OnceLock;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use platform::supervisor::is_journal;
use serde_json::json;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, registry};

mod lines;
mod repeats;

use crate::options::heading;
use lines::{Lines, Writer};
use repeats::Repeats;

/// The options of the log.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = heading::LOG)]
pub struct LogOptions {
    /// Log every request.
    #[arg(long, short, env = "RESUME_COUNTER_VERBOSE", value_parser = FalseyValueParser::new())]
    pub verbose: bool,

    /// Log what is at least this bad (error, warn, info, off), in general or in
    /// parts of the program: `warn,visits=info` [default: RUST_LOG, else warn].
    #[arg(long, value_name = "LEVELS", value_parser = parse_levels)]
    pub log_level: Option<Targets>,

    /// Form of a line of the log.
    #[arg(
        long,
        env = "RESUME_COUNTER_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
}

/// Form of a line of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// An object a line.
    Json,
}

/// The longest that the end of the program waits for the log to be read.
const PATIENCE: Duration = Duration::from_millis(500);

/// The way of what is told to the user.
static TOLD: OnceLock<(Lines, LogFormat)> = OnceLock::new();

/// Tells the user something; who does not read it holds up nothing.
pub(crate) fn say(text: &str) {
    let Some((lines, format)) = TOLD.get() else {
        return;
    };
    let line = match format {
        LogFormat::Text => text.to_owned(),
        LogFormat::Json => format!("{}\n", json!({ "message": text.trim_end() })),
    };
    lines.send(line.into_bytes());
}

/// The log, until this is dropped: what is on its way is then written, if
/// somebody reads it.
#[derive(Debug)]
pub struct Log {
    lines: Lines,
    repeats: Repeats,
}

impl Log {
    /// Begins to log, panics included.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(options: &LogOptions) -> io::Result<Self> {
        let repeats = Repeats::default();
        let lines = Lines::start(stderr(), repeats.clone())?;
        let is_journal = is_journal();
        let (filter, refused) = options.filter();
        let layer = layer()
            .with_ansi(false)
            .with_target(false)
            .log_internal_errors(false)
            .with_writer(Writer {
                lines: lines.clone(),
                has_priorities: is_journal,
            });
        let layer = match options.log_format {
            LogFormat::Json => layer.json().flatten_event(true).boxed(),
            // The journal has the time itself.
            LogFormat::Text if is_journal => layer.without_time().boxed(),
            LogFormat::Text => layer.boxed(),
        };
        registry()
            .with(layer)
            .with(repeats.clone())
            .with(filter)
            .init();
        panic::set_hook(Box::new(|panic| {
            tracing::error!(
                error.cause = panic.payload_as_str().unwrap_or("a value that is no text"),
                panic.location = panic.location().map(Location::to_string),
                "the program panicked"
            );
        }));
        if let Some(cause) = refused {
            tracing::warn!(
                error.cause = cause,
                "RUST_LOG is not understood, and has no effect"
            );
        }
        // There is one log in a process.
        let _ = TOLD.set((lines.clone(), options.log_format));
        Ok(Self { lines, repeats })
    }

    /// Tells the user something; who does not read it holds up nothing.
    pub fn say(&self, text: &str) {
        say(text);
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.repeats.tell(Duration::ZERO);
        self.lines.wait(PATIENCE);
    }
}

impl LogOptions {
    /// The levels that are logged, and the reason why RUST_LOG is not heeded.
    fn filter(&self) -> (Targets, Option<String>) {
        let variable = std::env::var("RUST_LOG").unwrap_or_default();
        let (named, refused) = match (&self.log_level, variable.as_str()) {
            (Some(levels), _) => (levels.clone(), None),
            (None, "") => (Targets::new().with_default(Level::WARN), None),
            (None, levels) => match levels.parse() {
                Ok(levels) => (levels, None),
                Err(error) => (
                    Targets::new().with_default(Level::WARN),
                    Some(format!("{error}")),
                ),
            },
        };
        // For it, a client without the right key is an error of its own.
        let levels = Targets::new()
            .with_target("s3s", LevelFilter::OFF)
            .with_targets(
                named
                    .iter()
                    .map(|(target, level)| (target.to_owned(), level)),
            )
            .with_default(named.default_level().unwrap_or(LevelFilter::OFF));
        let levels = match self.verbose {
            true if levels.default_level() < Some(LevelFilter::INFO) => {
                levels.with_default(LevelFilter::INFO)
            }
            _ => levels,
        };
        (levels, refused)
    }
}

/// A word alone would be a part of the program, of which everything is logged, and a
/// level with a wrong letter is more likely.
fn parse_levels(text: &str) -> Result<Targets, String> {
    let is_level = |level: &str| level.parse::<LevelFilter>().is_ok();
    let fits = |part: &str| match part.split_once('=') {
        Some((name, level)) => !name.is_empty() && is_level(level),
        None => is_level(part),
    };
    let levels = text.parse().ok().filter(|_| text.split(',').all(fits));
    levels.ok_or_else(|| {
        "write error, warn, info or off, alone or for parts of the program: warn,visits=info"
            .to_owned()
    })
}
