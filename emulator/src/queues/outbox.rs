//! Messages on their way into a queue: what is sent at the same time is written in one go, by
//! the first whose turn it is.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, params};
use tokio::sync::oneshot;

use super::{Result, now};
use crate::sqlite::Database;

/// Messages that wait to be written.
#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<Vec<Outgoing>>);

/// Messages of one caller, who waits until they are written.
#[derive(Debug)]
struct Outgoing {
    queue: Arc<str>,
    messages: Arc<[(String, String)]>,
    written: oneshot::Sender<Vec<String>>,
}

impl Outbox {
    /// Writes messages, each a body with its attributes: all of them or none. Returns their
    /// ids.
    pub(super) async fn send(
        &self,
        database: &Database,
        queue: Arc<str>,
        messages: Arc<[(String, String)]>,
    ) -> Result<Vec<String>> {
        loop {
            let (written, mut answer) = oneshot::channel();
            self.waiting().push(Outgoing {
                queue: Arc::clone(&queue),
                messages: Arc::clone(&messages),
                written,
            });
            let turn = database.turn().await;
            let all = match answer.try_recv() {
                Ok(ids) => return Ok(ids),
                Err(_) => std::mem::take(&mut *self.waiting()),
            };
            let written = database.run_in(turn, move |database| write(database, all));
            written.await?;
            // Another may have failed with these, and said why.
            if let Ok(ids) = answer.try_recv() {
                return Ok(ids);
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Outgoing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes all of `outgoing`, or nothing, and tells those who wait for it.
fn write(database: &mut Connection, outgoing: Vec<Outgoing>) -> Result<()> {
    let transaction = database.transaction()?;
    let sent = now();
    let mut written = Vec::new();
    for Outgoing {
        queue, messages, ..
    } in &outgoing
    {
        let ids = messages
            .iter()
            .map(|message| insert(&transaction, queue, message, sent));
        written.push(ids.collect::<Result<Vec<_>>>()?);
    }
    transaction.commit()?;
    for (outgoing, ids) in outgoing.into_iter().zip(written) {
        // A caller who went away needs no answer.
        let _ = outgoing.written.send(ids);
    }
    Ok(())
}

fn insert(
    transaction: &Transaction<'_>,
    queue: &str,
    (body, attributes): &(String, String),
    sent: i64,
) -> Result<String> {
    let id = new_id(sent)?;
    transaction
        .prepare_cached(
            "INSERT INTO messages (id, queue, body, attributes, sent, visible)
             VALUES (?, ?, ?, ?, ?, 0)",
        )?
        .execute(params![id, queue, body, attributes, sent])?;
    Ok(id)
}

/// An id that nobody can guess. It starts with the time, so that those of messages sent
/// together are beside each other in the index.
fn new_id(sent: i64) -> io::Result<String> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    let random: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{sent:011x}{random}"))
}
