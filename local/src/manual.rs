//! The man pages and the completions of shells, from the same words as `--help`,
//! and the document of the API.

use std::fs;
use std::io;
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::{CommandLine, openapi};

const NAME: &str = "resume-counter";

/// The folder that they are written into.
#[derive(Clone, Debug, Args)]
pub struct ManualOptions {
    /// Folder to write them into: man1, completions and openapi.json.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// The reason why they were not written.
#[derive(Debug, thiserror::Error)]
#[error("nothing can be written into {0}: {1}")]
pub struct ManualError(PathBuf, io::Error);

/// Writes a man page for each command, a completion file for each shell, and the
/// document of the API.
///
/// # Errors
/// When the folder takes none.
pub fn manual(options: &ManualOptions) -> Result<(), ManualError> {
    write(options).map_err(|error| ManualError(options.out.clone(), error))
}

fn write(options: &ManualOptions) -> io::Result<()> {
    let [pages, completions] = ["man1", "completions"].map(|name| options.out.join(name));
    fs::create_dir_all(&pages)?;
    clap_mangen::generate_to(CommandLine::command(), &pages)?;
    fs::create_dir_all(&completions)?;
    for shell in [
        Shell::Bash,
        Shell::Elvish,
        Shell::Fish,
        Shell::PowerShell,
        Shell::Zsh,
    ] {
        let mut command = CommandLine::command();
        clap_complete::generate_to(shell, &mut command, NAME, &completions)?;
    }
    let document = format!("{:#}\n", openapi::document());
    fs::write(options.out.join("openapi.json"), document)
}
