//! The command line, and the options of its commands. Every option can also come
//! from the environment, where an option on the command line wins.

use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::builder::{NonEmptyStringValueParser, Resettable};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::address;
use crate::{
    BackupOptions, BuildOptions, CountersCommand, ExportOptions, FileToCheck, Folder,
    ImportOptions, LinkCommand, ManualOptions, NewOptions, OpenOptions, Options, PdfOptions,
    RestoreOptions, VisitsCommand,
};

/// A résumé site that counts its visitors, on this machine.
///
/// Serves a résumé, the API that counts its visitors, and the store they need.
/// No cloud account is used.
#[derive(Clone, Debug, Parser)]
#[command(name = "resume-counter", version, about, long_about)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CommandLine {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve.
    #[command(flatten)]
    pub options: Options,
}

impl CommandLine {
    /// Reads the command line and the environment. Ends the program, with a sentence,
    /// where they are not understood.
    pub fn read() -> Self {
        let mut command = without_empty_variables(Self::command());
        let read = command.try_get_matches_from_mut(env::args_os());
        let line = read.and_then(|mut matches| Self::from_arg_matches_mut(&mut matches));
        line.unwrap_or_else(|error| with_tip(error.format(&mut command)).exit())
    }
}

/// An empty variable counts as one that is not set, as it does for the functions.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &Arg| {
        let value = arg.get_env().and_then(env::var_os);
        value.is_some_and(|value| value.is_empty())
    };
    let command = command.mut_args(|arg| match is_empty(&arg) {
        true => arg.env(Resettable::Reset),
        false => arg,
    });
    command.mut_subcommands(without_empty_variables)
}

/// Says which option takes what stands where a command is expected.
fn with_tip(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let option = match word {
        word if word.ends_with(".json") || Path::new(word).exists() => "--resume",
        word if address::parse(word).is_ok() => "--listen",
        _ => return error,
    };
    let tip = format!("there is an option for it: '{option} {word}'");
    let tip = ContextValue::StyledStrs(vec![tip.into()]);
    error.insert(ContextKind::Suggested, tip);
    error
}

/// The commands beside serving.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Write a short resume.json to start from.
    New(NewOptions),
    /// Write the whole site into a folder, for any host of files.
    Build(BuildOptions),
    /// Make a PDF of a résumé, with an installed Chromium, Chrome or Edge.
    Pdf(PdfOptions),
    /// Say what is wrong with a résumé, or not understood.
    Check(FileToCheck),
    /// Open the page of the running program in a browser, or the dashboard already
    /// signed in.
    Open(OpenOptions),
    /// Print the owner's token, which was made at the first start.
    Token(Folder),
    /// Write counters or visits as lines of text.
    Export(ExportOptions),
    /// Bring in what an export wrote; what is there already stays as it is.
    Import(ImportOptions),
    /// Look after the numbers by hand, also while they count.
    #[command(subcommand)]
    Counters(CountersCommand),
    /// Look after the log of visits by hand.
    #[command(subcommand)]
    Visits(VisitsCommand),
    /// Make links for applications, and see in the dashboard who came by each.
    #[command(subcommand)]
    Link(LinkCommand),
    /// Copy the tables into one file, also while the program uses them.
    Backup(BackupOptions),
    /// Put a backup in the place of the tables.
    Restore(RestoreOptions),
    /// Say whether the running program can do its work: exit status 0 if so, 1 if
    /// not, 3 where none answers.
    Status(ReadinessOptions),
    /// Look through the data folder of a program that does not run.
    CheckData(CheckOptions),
    /// Write the man pages, and the completions of shells, into a folder.
    Manual(ManualOptions),
    /// Load job offers, and deal with those that could not be stored.
    #[command(subcommand)]
    Jobs(JobsCommand),
}

/// The program that is asked.
#[derive(Clone, Debug, Args)]
pub struct ReadinessOptions {
    /// The folder of the running program's data.
    #[command(flatten)]
    pub folder: Folder,

    /// Ask the program at this address instead, such as one that keeps everything
    /// in memory. It gives no reasons.
    #[arg(long, value_name = "ADDRESS", value_parser = address::parse)]
    pub at: Option<SocketAddr>,
}

/// The data that is checked.
#[derive(Clone, Debug, Args)]
pub struct CheckOptions {
    /// The folder of this machine's data.
    #[command(flatten)]
    pub folder: Folder,

    /// Keep what is there, though some of it was lost or changed.
    #[arg(long)]
    pub accept: bool,
}

/// The commands for job offers.
#[derive(Clone, Debug, Subcommand)]
pub enum JobsCommand {
    /// Load CSV files, and wait until their last row is through.
    Load(LoadOptions),
    /// Print what is under way, and what came of the files that were loaded.
    Status(StatusOptions),
    /// Print the rows that could not be stored and the files that could not be read,
    /// one a line.
    DeadLetters(Folder),
    /// Try those rows and files once more.
    Redrive(Folder),
}

/// The files that are loaded.
#[derive(Clone, Debug, Args)]
pub struct LoadOptions {
    /// The files, or folders of them.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    pub files: Vec<PathBuf>,

    /// Put them into this bucket on AWS instead of the running program's, with the
    /// access keys and the region of the environment.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub bucket: Option<String>,

    /// The folder of the running program's data.
    #[command(flatten)]
    pub folder: Folder,
}

/// The program whose job offers are meant.
#[derive(Clone, Debug, Args)]
pub struct StatusOptions {
    /// A bucket on AWS, instead of the running program's.
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub bucket: Option<String>,

    /// The folder of the running program's data.
    #[command(flatten)]
    pub folder: Folder,
}
