//! The index of the bucket: the objects in the order of their keys, and uploads
//! in parts. The bytes are in files, whose names mean nothing, so a key may be
//! anything that S3 allows.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, OptionalExtension, Row, params};
use s3s::dto::ETagCondition;

use super::attributes::Attributes;
use crate::Durability;
use crate::file::Kind;
use crate::sqlite::{Database, DatabaseError};

mod uploads;

pub(super) use uploads::Upload;
use uploads::end_upload;

/// The database of the bucket.
pub(crate) const KIND: Kind = Kind {
    application: 0x5243_6278,
    layout: 1,
    table: "objects",
    is_shared: false,
};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS objects (
        key BLOB PRIMARY KEY,
        blob TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        etag TEXT NOT NULL,
        attributes TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS uploads (
        id TEXT PRIMARY KEY,
        key BLOB NOT NULL,
        started INTEGER NOT NULL,
        attributes TEXT NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS parts (
        upload TEXT NOT NULL,
        number INTEGER NOT NULL,
        blob TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        etag TEXT NOT NULL,
        attributes TEXT NOT NULL,
        PRIMARY KEY (upload, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY, event TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS sequence (last INTEGER NOT NULL) STRICT;
    INSERT INTO sequence SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM sequence);";

pub(super) type Result<T> = std::result::Result<T, DatabaseError>;

/// A file of bytes, and its attributes: an object's, or a part's.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stored {
    /// The file's name.
    pub(super) blob: String,
    pub(super) size: i64,
    /// Milliseconds since 1970.
    pub(super) modified: i64,
    pub(super) etag: String,
    pub(super) attributes: Attributes,
}

/// The conditions of a put.
#[derive(Clone, Debug, Default)]
pub(super) struct Conditions {
    pub(super) if_match: Option<ETagCondition>,
    pub(super) if_none_match: Option<ETagCondition>,
}

/// The outcome of a put.
pub(super) enum Put {
    /// The object is stored; the blobs that it replaced are no longer used.
    Done { unused: Vec<String> },
    /// The conditions are not met.
    Refused,
}

#[derive(Clone, Debug)]
pub(super) struct Index(Database);

impl Index {
    pub(super) fn open(file: &Path, durability: Durability) -> Result<Self> {
        Database::open(file, KIND, SCHEMA, durability).map(Self)
    }

    pub(super) fn in_memory() -> Result<Self> {
        Database::in_memory(SCHEMA).map(Self)
    }

    /// Puts an object, and ends the upload that it completes. `event` makes the
    /// queue's message from the put's place in the order of puts. The message
    /// is kept with the object until the queue has it.
    pub(super) async fn put(
        &self,
        key: &str,
        object: Stored,
        (conditions, upload): (Conditions, Option<String>),
        event: impl FnOnce(i64) -> Option<String> + Send + 'static,
    ) -> Result<Put> {
        let key = key.to_owned();
        self.0
            .run(move |database| {
                let transaction = database.transaction()?;
                let old = find(&transaction, &key)?;
                if !conditions.are_met(old.as_ref()) {
                    return Ok(Put::Refused);
                }
                let mut unused: Vec<_> = old.into_iter().map(|old| old.blob).collect();
                insert(&transaction, &key, &object)?;
                if let Some(upload) = upload {
                    unused.extend(end_upload(&transaction, &upload)?);
                }
                // A clock that goes back does not change the order of puts.
                let sequence = transaction.query_row(
                    "UPDATE sequence SET last = max(last + 1, ?) RETURNING last",
                    [now() * 1_000],
                    |row| row.get(0),
                )?;
                if let Some(event) = event(sequence) {
                    let insert = "INSERT INTO events (sequence, event) VALUES (?, ?)";
                    transaction.execute(insert, params![sequence, event])?;
                }
                transaction.commit()?;
                Ok(Put::Done { unused })
            })
            .await
    }

    /// Returns the oldest event that the queue has not got.
    pub(super) async fn next_event(&self) -> Result<Option<(i64, String)>> {
        let select = "SELECT sequence, event FROM events ORDER BY sequence LIMIT 1";
        self.0
            .run(|database| {
                let event = database.query_row(select, (), |row| Ok((row.get(0)?, row.get(1)?)));
                Ok(event.optional()?)
            })
            .await
    }

    /// Forgets an event that the queue has got.
    pub(super) async fn forget_event(&self, sequence: i64) -> Result<()> {
        self.0
            .run(move |database| {
                database.execute("DELETE FROM events WHERE sequence = ?", [sequence])?;
                Ok(())
            })
            .await
    }

    /// Puts an object of an older program, unless its key is taken.
    pub(super) fn adopt(&self, key: &str, object: &Stored) -> Result<bool> {
        self.0.run_now(|database| {
            let is_new = find(database, key)?.is_none();
            if is_new {
                insert(database, key, object)?;
            }
            Ok(is_new)
        })
    }

    pub(super) async fn get(&self, key: &str) -> Result<Option<Stored>> {
        let key = key.to_owned();
        self.0.run(move |database| find(database, &key)).await
    }

    /// Deletes objects, and returns the blobs that are no longer used.
    pub(super) async fn delete(&self, keys: Vec<String>) -> Result<Vec<String>> {
        self.0
            .run(move |database| {
                let transaction = database.transaction()?;
                let mut unused = Vec::new();
                for key in &keys {
                    let delete = "DELETE FROM objects WHERE key = ? RETURNING blob";
                    let blob = transaction
                        .prepare_cached(delete)?
                        .query_row([key.as_bytes()], |row| row.get(0))
                        .optional()?;
                    unused.extend(blob);
                }
                transaction.commit()?;
                Ok(unused)
            })
            .await
    }

    /// Runs `work` on the objects in the order of their keys.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.0.run(move |database| work(database)).await
    }

    /// The names of all files that are in use.
    pub(super) fn blobs(&self) -> Result<Vec<String>> {
        self.0.run_now(|database| {
            let select = "SELECT blob FROM objects UNION ALL SELECT blob FROM parts";
            let mut select = database.prepare(select)?;
            let blobs = select.query_map((), |row| row.get(0))?;
            Ok(blobs.collect::<rusqlite::Result<_>>()?)
        })
    }
}

impl Conditions {
    fn are_met(&self, there: Option<&Stored>) -> bool {
        let is = |condition: &ETagCondition| match (there, condition) {
            (None, _) => false,
            (Some(_), ETagCondition::Any) => true,
            (Some(there), ETagCondition::ETag(etag)) => etag.value() == there.etag,
        };
        self.if_match.as_ref().is_none_or(is) && !self.if_none_match.as_ref().is_some_and(is)
    }
}

/// The first object whose key is not below `from`.
pub(super) fn first_from(database: &Connection, from: &[u8]) -> Result<Option<(Vec<u8>, Stored)>> {
    let row = database
        .prepare_cached(
            "SELECT blob, size, modified, etag, attributes, key FROM objects
             WHERE key >= ? ORDER BY key LIMIT 1",
        )?
        .query_row([from], |row| Ok((row.get(5)?, stored(row)?)))
        .optional()?;
    Ok(row)
}

/// The present time in milliseconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX)
}

fn find(database: &Connection, key: &str) -> Result<Option<Stored>> {
    let row = database
        .prepare_cached("SELECT blob, size, modified, etag, attributes FROM objects WHERE key = ?")?
        .query_row([key.as_bytes()], stored)
        .optional()?;
    Ok(row)
}

fn insert(database: &Connection, key: &str, object: &Stored) -> rusqlite::Result<()> {
    let mut insert = database.prepare_cached(
        "INSERT OR REPLACE INTO objects (key, blob, size, modified, etag, attributes)
         VALUES (?, ?, ?, ?, ?, ?)",
    )?;
    insert.execute(params![
        key.as_bytes(),
        object.blob,
        object.size,
        object.modified,
        object.etag,
        object.attributes.to_json(),
    ])?;
    Ok(())
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        blob: row.get(0)?,
        size: row.get(1)?,
        modified: row.get(2)?,
        etag: row.get(3)?,
        attributes: Attributes::from_json(&row.get::<_, String>(4)?),
    })
}
