//! Uploads in parts, as the index has them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Index, Result, Stored, now, stored};
use crate::s3::attributes::Attributes;

/// The time after which an upload expires.
const EXPIRY_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// An upload in parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Upload {
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) started: i64,
    pub(crate) attributes: Attributes,
}

impl Index {
    /// Begins an upload, and deletes expired ones; returns the blobs of their
    /// parts.
    pub(crate) async fn begin_upload(&self, upload: Upload) -> Result<Vec<String>> {
        self.0
            .run(move |database| {
                let transaction = database.transaction()?;
                let unused = end_old_uploads(&transaction, upload.started)?;
                let Upload {
                    id,
                    key,
                    started,
                    attributes,
                } = upload;
                transaction.execute(
                    "INSERT INTO uploads (id, key, started, attributes) VALUES (?, ?, ?, ?)",
                    params![id, key.as_bytes(), started, attributes.to_json()],
                )?;
                transaction.commit()?;
                Ok(unused)
            })
            .await
    }

    /// The upload, if it is one of this key and has not expired.
    pub(crate) async fn upload(&self, id: &str, key: &str) -> Result<Option<Upload>> {
        let (id, key) = (id.to_owned(), key.to_owned());
        self.0
            .run(move |database| {
                let select = "SELECT id, key, started, attributes FROM uploads
                    WHERE id = ? AND key = ? AND started >= ?";
                let oldest = now() - EXPIRY_MS;
                let row = database.query_row(select, params![id, key.as_bytes(), oldest], upload);
                Ok(row.optional()?)
            })
            .await
    }

    /// All uploads, by key.
    pub(crate) async fn uploads(&self) -> Result<Vec<Upload>> {
        self.0
            .run(|database| {
                let select =
                    "SELECT id, key, started, attributes FROM uploads ORDER BY key, started";
                let mut select = database.prepare_cached(select)?;
                let uploads = select.query_map((), upload)?;
                Ok(uploads.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    /// Keeps a part, and returns the blob that it replaces; `None` if the
    /// upload is over.
    pub(crate) async fn put_part(
        &self,
        upload: &str,
        number: i32,
        part: Stored,
    ) -> Result<Option<Vec<String>>> {
        let upload = upload.to_owned();
        self.0
            .run(move |database| {
                let transaction = database.transaction()?;
                let is_there = transaction
                    .query_row("SELECT 1 FROM uploads WHERE id = ?", [&upload], |_| Ok(()))
                    .optional()?;
                if is_there.is_none() {
                    return Ok(None);
                }
                let replaced = "DELETE FROM parts WHERE upload = ? AND number = ? RETURNING blob";
                let replaced = transaction
                    .query_row(replaced, params![upload, number], |row| row.get(0))
                    .optional()?;
                transaction.execute(
                    "INSERT INTO parts (upload, number, blob, size, modified, etag, attributes)
                     VALUES (?, ?, ?, ?, ?, ?, ?)",
                    params![
                        upload,
                        number,
                        part.blob,
                        part.size,
                        part.modified,
                        part.etag,
                        part.attributes.to_json(),
                    ],
                )?;
                transaction.commit()?;
                Ok(Some(replaced.into_iter().collect()))
            })
            .await
    }

    /// The parts of an upload, in their order.
    pub(crate) async fn parts(&self, upload: &str) -> Result<Vec<(i32, Stored)>> {
        let upload = upload.to_owned();
        self.0
            .run(move |database| {
                let mut select = database.prepare_cached(
                    "SELECT blob, size, modified, etag, attributes, number FROM parts
                     WHERE upload = ? ORDER BY number",
                )?;
                let parts = select.query_map([upload], |row| Ok((row.get(5)?, stored(row)?)))?;
                Ok(parts.collect::<rusqlite::Result<_>>()?)
            })
            .await
    }

    /// Deletes an upload, and returns the blobs of its parts.
    pub(crate) async fn abort(&self, upload: &str) -> Result<Vec<String>> {
        let upload = upload.to_owned();
        self.0
            .run(move |database| {
                let transaction = database.transaction()?;
                let unused = end_upload(&transaction, &upload)?;
                transaction.commit()?;
                Ok(unused)
            })
            .await
    }

    /// Deletes the uploads that have expired at `now`, and returns the blobs of
    /// their parts.
    pub(crate) fn expire_uploads(&self, now: i64) -> Result<Vec<String>> {
        self.0.run_now(|database| {
            let transaction = database.transaction()?;
            let unused = end_old_uploads(&transaction, now)?;
            transaction.commit()?;
            Ok(unused)
        })
    }
}

fn end_old_uploads(database: &Connection, now: i64) -> rusqlite::Result<Vec<String>> {
    let old: Vec<String> = database
        .prepare("SELECT id FROM uploads WHERE started < ?")?
        .query_map([now - EXPIRY_MS], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut unused = Vec::new();
    for upload in old {
        unused.extend(end_upload(database, &upload)?);
    }
    Ok(unused)
}

pub(super) fn end_upload(database: &Connection, upload: &str) -> rusqlite::Result<Vec<String>> {
    database.execute("DELETE FROM uploads WHERE id = ?", [upload])?;
    let mut delete = database.prepare("DELETE FROM parts WHERE upload = ? RETURNING blob")?;
    delete.query_map([upload], |row| row.get(0))?.collect()
}

fn upload(row: &Row<'_>) -> rusqlite::Result<Upload> {
    Ok(Upload {
        id: row.get(0)?,
        key: String::from_utf8_lossy(&row.get::<_, Vec<u8>>(1)?).into_owned(),
        started: row.get(2)?,
        attributes: Attributes::from_json(&row.get::<_, String>(3)?),
    })
}
