//! Queues as SQS has them: a received message is hidden for a while, and comes
//! again unless it is deleted; after too many receives it goes to another
//! queue, the dead letters. They are kept in SQLite.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Row, params};
use tokio::sync::Notify;

use crate::Durability;
use crate::file::Kind;
use crate::sqlite::{Database, DatabaseError};

mod outbox;

use outbox::Outbox;

/// The database of the queues.
pub(crate) const KIND: Kind = Kind {
    application: 0x5243_7175,
    layout: 1,
    table: "messages",
    // `jobs redrive` and similar commands write it without the program, too.
    is_shared: true,
};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS messages (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        queue TEXT NOT NULL,
        body TEXT NOT NULL,
        attributes TEXT NOT NULL,
        sent INTEGER NOT NULL,
        visible INTEGER NOT NULL,
        receives INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX IF NOT EXISTS by_time ON messages (queue, visible, number);";

/// All queues of a machine; clones share them, and the last closes them.
#[derive(Clone, Debug)]
pub struct Queues {
    database: Database,
    arrivals: Arc<Notify>,
    outbox: Arc<Outbox>,
}

/// A queue's name and what SQS calls its redrive policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its name.
    pub name: &'static str,
    /// The time for which a received message is hidden.
    pub visibility_timeout: Duration,
    /// The number of receives after which a message is taken for dead.
    pub max_receives: u32,
    /// The queue that dead messages go to.
    pub dead_letters: &'static str,
}

/// A message as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The id that it got when it was sent.
    pub id: String,
    /// Its text.
    pub body: String,
    /// Its attributes, as JSON in the shape of the API's `MessageAttributes`.
    pub attributes: String,
    /// The number of times it has been received.
    pub receives: u32,
    /// The time it was sent, in milliseconds since 1970.
    pub sent: i64,
}

/// The numbers of messages in a queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Depth {
    /// Messages that wait.
    pub waiting: u64,
    /// Messages that were received and not yet deleted.
    pub hidden: u64,
}

type Result<T, E = DatabaseError> = std::result::Result<T, E>;

impl Queues {
    /// Queues that end with this process.
    ///
    /// # Errors
    /// SQLite's.
    pub fn in_memory() -> Result<Self> {
        Database::in_memory(SCHEMA).map(Self::new)
    }

    /// The queues kept in `file`, which is made for this user alone if it never
    /// existed. Only one process may deliver from it: messages that another had
    /// received when it ended are delivered again at once.
    ///
    /// # Errors
    /// When the file has changed since it was left, or cannot be read and
    /// written.
    pub fn on_disk(file: &Path, durability: Durability) -> Result<Self> {
        let database = Database::open(file, KIND, SCHEMA, durability)?;
        database.run_now(|database| {
            database.execute("UPDATE messages SET visible = 0 WHERE visible > 0", ())?;
            Ok(())
        })?;
        Ok(Self::new(database))
    }

    /// The same queues for a look, or a redrive, while another process delivers
    /// from them.
    ///
    /// # Errors
    /// When there is no such file, or it is no database.
    pub fn beside(file: &Path) -> Result<Self> {
        Database::beside(file, SCHEMA).map(Self::new)
    }

    fn new(database: Database) -> Self {
        Self {
            database,
            arrivals: Arc::default(),
            outbox: Arc::default(),
        }
    }

    /// Puts messages, each a body with its attributes, at the end of a queue:
    /// all of them or none. Returns their ids.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn send(
        &self,
        queue: impl Into<String>,
        messages: Vec<(String, String)>,
    ) -> Result<Vec<String>> {
        let queue = queue.into().into();
        let ids = self.outbox.send(&self.database, queue, messages.into());
        let ids = ids.await?;
        self.arrivals.notify_waiters();
        Ok(ids)
    }

    /// Takes up to `limit` waiting messages, and hides them. Messages that were
    /// received too often go to the dead letters instead.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn receive(&self, queue: Queue, limit: usize) -> Result<Vec<Message>> {
        self.run(move |database| {
            let transaction = database.transaction()?;
            let now = now();
            let waiting = transaction
                .prepare_cached(
                    "SELECT id, body, attributes, receives, sent, number FROM messages
                     WHERE queue = ? AND visible <= ? ORDER BY visible, number LIMIT ?",
                )?
                .query_map(params![queue.name, now, limit], |row| {
                    Ok((row.get::<_, i64>(5)?, message(row)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            let (dead, mut received): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|(_, message)| message.receives >= queue.max_receives);
            for (number, _) in dead {
                transaction.execute(
                    "UPDATE messages SET queue = ?, visible = 0 WHERE number = ?",
                    params![queue.dead_letters, number],
                )?;
            }
            let until = now + milliseconds(queue.visibility_timeout);
            for (number, message) in &mut received {
                message.receives += 1;
                transaction
                    .prepare_cached(
                        "UPDATE messages SET visible = ?, receives = receives + 1
                         WHERE number = ?",
                    )?
                    .execute(params![until, *number])?;
            }
            transaction.commit()?;
            Ok(received.into_iter().map(|(_, message)| message).collect())
        })
        .await
    }

    /// Deletes messages that were handled.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn delete(&self, ids: Vec<String>) -> Result<()> {
        self.run(move |database| {
            let transaction = database.transaction()?;
            for id in &ids {
                transaction
                    .prepare_cached("DELETE FROM messages WHERE id = ?")?
                    .execute([id])?;
            }
            Ok(transaction.commit()?)
        })
        .await
    }

    /// Shows a received message again after `delay`, and no sooner.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn retry(&self, id: String, delay: Duration) -> Result<()> {
        self.run(move |database| {
            database.execute(
                "UPDATE messages SET visible = ? WHERE id = ?",
                params![now() + milliseconds(delay), id],
            )?;
            Ok(())
        })
        .await
    }

    /// Puts all dead letters back, as if they had never been received, and
    /// returns their number.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn redrive(&self, queue: Queue) -> Result<usize> {
        let moved = self
            .run(move |database| {
                Ok(database.execute(
                    "UPDATE messages SET queue = ?, receives = 0, visible = 0 WHERE queue = ?",
                    [queue.name, queue.dead_letters],
                )?)
            })
            .await?;
        self.arrivals.notify_waiters();
        Ok(moved)
    }

    /// Returns the first `limit` messages of a queue, unchanged.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn peek(&self, queue: &'static str, limit: usize) -> Result<Vec<Message>> {
        self.run(move |database| {
            let mut select = database.prepare_cached(
                "SELECT id, body, attributes, receives, sent FROM messages
                 WHERE queue = ? ORDER BY number LIMIT ?",
            )?;
            let messages = select.query_map(params![queue, limit], message)?;
            Ok(messages.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Returns true if a queue holds no message, a hidden one included. That is known
    /// sooner than their number.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn is_empty(&self, queue: &'static str) -> Result<bool> {
        self.run(move |database| {
            let mut select =
                database.prepare_cached("SELECT 1 FROM messages WHERE queue = ? LIMIT 1")?;
            Ok(!select.exists([queue])?)
        })
        .await
    }

    /// Returns the numbers of messages in a queue.
    ///
    /// # Errors
    /// SQLite's.
    pub async fn depth(&self, queue: &'static str) -> Result<Depth> {
        self.run(move |database| {
            let mut count = database.prepare_cached(
                "SELECT count(*) FILTER (WHERE visible <= ?2), count(*) FILTER (WHERE visible > ?2)
                 FROM messages WHERE queue = ?1",
            )?;
            Ok(count.query_row(params![queue, now()], |row| {
                Ok(Depth {
                    waiting: row.get(0)?,
                    hidden: row.get(1)?,
                })
            })?)
        })
        .await
    }

    /// Waits until something is sent, but no longer than `patience`.
    pub(crate) async fn arrival(&self, patience: Duration) {
        let _ = tokio::time::timeout(patience, self.arrivals.notified()).await;
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.database.run(work).await
    }
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: row.get(0)?,
        body: row.get(1)?,
        attributes: row.get(2)?,
        receives: row.get(3)?,
        sent: row.get(4)?,
    })
}

fn now() -> i64 {
    milliseconds(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default(),
    )
}

fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
