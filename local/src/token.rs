//! The owner's token: made at the first start, kept in the data folder for this
//! user alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use backend::environment;

use crate::Folder;
use crate::data_dir::{self, DataDirError};

const FILE: &str = "owner-token";
const VARIABLE: &str = "RESUME_COUNTER_OWNER_TOKEN";
/// Fewer characters could be guessed.
const MIN_CHARS: usize = 16;

/// The token of this run.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Whether the user has not seen it yet.
    pub(crate) is_new: bool,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The environment names one that is none.
    #[error("{VARIABLE} has to be at least {MIN_CHARS} letters, digits or -._~+/ characters")]
    Invalid,
    /// The program has not been started with this folder.
    #[error("there is no owner's token in {0} yet: start resume-counter once")]
    NotMade(PathBuf),
    /// There is no folder to look in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The file or the random source is unusable.
    #[error("the owner's token cannot be read or kept: {0}")]
    Io(#[from] io::Error),
}

/// The token that the environment sets, if it does. It is no option of the
/// command line, which other users of the machine can read.
pub(crate) fn from_env() -> Result<Option<Token>, TokenError> {
    let Some(text) = environment::optional(VARIABLE) else {
        return Ok(None);
    };
    // What RFC 6750 lets a bearer token be.
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if text.len() < MIN_CHARS || !text.bytes().all(is_token) {
        return Err(TokenError::Invalid);
    }
    Ok(Some(Token {
        text,
        is_new: false,
    }))
}

/// A token for as long as the program runs.
pub(crate) fn random() -> Result<Token, TokenError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(Token {
        text: hex::encode(bytes),
        is_new: true,
    })
}

/// The token kept in `folder`; the first start makes it.
pub(crate) fn kept_in(folder: &Path) -> Result<Token, TokenError> {
    match read(folder) {
        Err(TokenError::NotMade(_)) => {}
        read => return read,
    }
    data_dir::make(folder)?;
    let token = random()?;
    let draft = folder.join(format!("{FILE}.{}", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    writeln!(file, "{}", token.text)?;
    file.sync_all()?;
    // Whole or not at all, and never over another process's.
    let linked = fs::hard_link(&draft, folder.join(FILE));
    fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(token),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(folder),
        Err(error) => Err(error.into()),
    }
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
        Ok(text) => Ok(Token {
            text: text.trim().to_owned(),
            is_new: false,
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(TokenError::NotMade(folder.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}
