//! The rows that could not be stored: a look at them, and another try. Both work
//! beside the running program, and without it.

use std::path::PathBuf;

use emulator::{QueueError, Queues};

use crate::Folder;
use crate::data_dir::{self, DataDirError};
use crate::pipeline::{FILES, ROWS};

/// The reason why they cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DeadLettersError {
    /// There is no folder to look in.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The queues cannot be read.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// Nothing was ever loaded.
    #[error("there are no job offers in {0}: start resume-counter with this folder once")]
    Nothing(PathBuf),
}

/// The rows and files that could not be stored or read, a line each: the tries, and
/// what it is.
///
/// # Errors
/// Where the program was never started with this folder.
pub async fn dead_letters(folder: &Folder) -> Result<Vec<String>, DeadLettersError> {
    let queues = queues(folder)?;
    let mut lines = Vec::new();
    for queue in [ROWS, FILES] {
        let messages = queues.peek(queue.dead_letters, usize::MAX >> 1).await?;
        lines.extend(messages.into_iter().map(|message| {
            // A line each, and nothing that a terminal obeys.
            let body = message.body.replace(char::is_control, " ");
            let noun = if message.receives == 1 {
                "try"
            } else {
                "tries"
            };
            format!("{} {noun}  {body}", message.receives)
        }));
    }
    Ok(lines)
}

/// Puts them back into their queues, and says how many there were.
///
/// # Errors
/// Where the program was never started with this folder.
pub async fn redrive(folder: &Folder) -> Result<usize, DeadLettersError> {
    let queues = queues(folder)?;
    Ok(queues.redrive(ROWS).await? + queues.redrive(FILES).await?)
}

fn queues(folder: &Folder) -> Result<Queues, DeadLettersError> {
    let folder = folder.find()?;
    let file = data_dir::queues(&folder);
    match file.is_file() {
        true => Ok(Queues::beside(&file)?),
        false => Err(DeadLettersError::Nothing(folder)),
    }
}
