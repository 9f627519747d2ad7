//! The owner's token: made at the first start, kept in the data folder for this
//! user alone.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use backend::environment;
use tempfile::NamedTempFile;

use crate::Folder;
use crate::data_dir::{self, DataDirError};

/// Its file in the data folder.
pub(crate) const FILE: &str = "owner-token";
const VARIABLE: &str = "RESUME_COUNTER_OWNER_TOKEN";
/// Fewer characters could be guessed.
const MIN_CHARS: usize = 16;

/// The token of this run.
#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) source: Source,
}

/// The origin of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// This start made it, and the user has not seen it.
    New,
    /// The data folder.
    Folder,
    /// The environment.
    Environment,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl fmt::Display for Token {
    /// For the user: the token, or where it can be read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.source {
            Source::New => write!(f, "token {}", self.text),
            Source::Folder => f.write_str("`resume-counter token` prints the token"),
            Source::Environment => write!(f, "the token is the one in {VARIABLE}"),
        }
    }
}

/// The reason why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The text that is set or kept is no token.
    #[error(
        "{0} has to hold a token of at least {MIN_CHARS} characters: letters, digits and -._~+/="
    )]
    Invalid(String),
    /// The program has not been started with this folder.
    #[error("there is no owner's token in {0} yet: start resume-counter once")]
    NotMade(PathBuf),
    /// There is no folder to look in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The file is unusable.
    #[error("the owner's token in {0} cannot be read or kept: {1}")]
    File(PathBuf, io::Error),
    /// There are no random numbers.
    #[error("the system gives no random numbers for the owner's token: {0}")]
    Random(getrandom::Error),
}

/// The token that the environment sets, if it does. It is no option of the
/// command line, which other users of the machine can read.
pub(crate) fn from_env() -> Result<Option<Token>, TokenError> {
    let Some(text) = environment::optional(VARIABLE) else {
        return Ok(None);
    };
    checked(text, Source::Environment, VARIABLE).map(Some)
}

/// The token of the program that runs with `folder`, where the environment sets the
/// same as it did for the program.
pub(crate) fn running(folder: &Path) -> Result<Token, TokenError> {
    match from_env()? {
        Some(token) => Ok(token),
        None => read(folder),
    }
}

/// A token for as long as the program runs.
pub(crate) fn random() -> Result<Token, TokenError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(TokenError::Random)?;
    Ok(Token {
        text: hex::encode(bytes),
        source: Source::New,
    })
}

/// The token kept in `folder`; the first start makes it.
pub(crate) fn kept_in(folder: &Path) -> Result<Token, TokenError> {
    match read(folder) {
        Err(TokenError::NotMade(_)) => {}
        read => return read,
    }
    let token = random()?;
    match keep(&token, folder) {
        Ok(()) => Ok(token),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(folder),
        Err(error) => Err(TokenError::File(folder.join(FILE), error)),
    }
}

fn keep(token: &Token, folder: &Path) -> io::Result<()> {
    data_dir::make(folder)?;
    // Readable by this user alone, like every file of this crate.
    let mut draft = NamedTempFile::new_in(folder)?;
    writeln!(draft, "{}", token.text)?;
    draft.as_file().sync_all()?;
    // Whole or not at all, and never over another process's.
    draft.persist_noclobber(folder.join(FILE))?;
    Ok(())
}

/// The owner's token of this machine.
///
/// # Errors
/// Where the program was never started with this folder.
pub fn owner_token(folder: &Folder) -> Result<String, TokenError> {
    Ok(read(&folder.find()?)?.text)
}

fn read(folder: &Path) -> Result<Token, TokenError> {
    match fs::read_to_string(folder.join(FILE)) {
        Ok(text) => {
            let file = folder.join(FILE).display().to_string();
            checked(text.trim().to_owned(), Source::Folder, &file)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(TokenError::NotMade(folder.to_owned()))
        }
        Err(error) => Err(TokenError::File(folder.join(FILE), error)),
    }
}

/// Refuses what RFC 6750 lets no bearer token be, and what could be guessed.
fn checked(text: String, source: Source, place: &str) -> Result<Token, TokenError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if text.len() < MIN_CHARS || !text.bytes().all(is_token) {
        return Err(TokenError::Invalid(place.to_owned()));
    }
    Ok(Token { text, source })
}
