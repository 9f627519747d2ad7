//! The rows that could not be stored: a look at them, and another try. Both work
//! beside the running program, and without it.

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
    #[error("{0}; has resume-counter been started with this folder?")]
    Queue(#[from] QueueError),
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
    Ok(Queues::beside(&data_dir::queues(&folder.find()?))?)
}
