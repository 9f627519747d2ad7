//! The bytes of objects, each in a file of its own that never changes: it is
//! written whole, checked, and only then named by the index.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::HeaderMap;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use hyper::body::Bytes;
use platform::file::{create_private_dir, private, sync_dir};
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto::StreamingBlob;
use s3s::{S3Error, S3ErrorCode, S3Result, TrailingHeaders, s3_error};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, SeekFrom};
use tokio::task::spawn_blocking;

use super::checksums::{self, Checksums};
use super::errors::disk;
use crate::Durability;

/// The folder of the files.
#[derive(Clone, Debug)]
pub(super) struct Blobs {
    folder: Arc<Path>,
    durability: Durability,
}

/// A file that is removed unless it is kept.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    name: String,
    is_kept: bool,
}

/// The length and sums that a caller sends with a body.
#[derive(Default)]
pub(super) struct Said {
    pub(super) length: Option<i64>,
    pub(super) md5: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) trailers: Option<TrailingHeaders>,
}

/// A body in its file.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) draft: Draft,
    pub(super) size: i64,
    pub(super) md5: [u8; 16],
    pub(super) checksums: Checksums,
}

impl Blobs {
    pub(super) fn open(folder: PathBuf, durability: Durability) -> io::Result<Self> {
        create_private_dir(&folder)?;
        Ok(Self {
            folder: folder.into(),
            durability,
        })
    }

    /// Writes a body into a file, and refuses it if it differs from what was
    /// sent with it.
    ///
    /// # Errors
    /// As S3 has them; the file is gone then.
    pub(super) async fn receive(
        &self,
        body: Option<StreamingBlob>,
        said: Said,
    ) -> S3Result<Received> {
        let draft = self.draft().map_err(|error| disk(&error))?;
        let mut file = draft.create().await.map_err(|error| disk(&error))?;
        let before = checksums::from_headers(&said.headers);
        let algorithms = before.keys().copied();
        let mut hasher = checksums::hasher(algorithms.chain(checksums::announced(&said.headers)));
        let mut md5 = Md5::new();
        let mut size = 0;
        if let Some(mut body) = body {
            while let Some(bytes) = body.next().await {
                let bytes = bytes.map_err(|error| cut_off(&*error))?;
                md5.update(&bytes);
                hasher.update(&bytes);
                size += bytes.len() as i64;
                file.write_all(&bytes).await.map_err(|error| disk(&error))?;
            }
        }
        if said.length.is_some_and(|length| length != size) {
            return Err(incomplete());
        }
        let md5: [u8; 16] = md5.finalize();
        if let Some(said) = said.md5 {
            let said = STANDARD
                .decode(said)
                .ok()
                .filter(|said| said.len() == md5.len());
            let said = said.ok_or_else(|| {
                s3_error!(InvalidDigest, "The Content-MD5 you specified was invalid.")
            })?;
            if said != md5 {
                return Err(s3_error!(
                    BadDigest,
                    "The Content-MD5 you specified did not match what we received."
                ));
            }
        }
        let computed = checksums::computed(hasher.finalize());
        checksums::compare(&before, &computed)?;
        if let Some(after) = said.trailers.and_then(|trailers| trailers.take()) {
            checksums::compare(&checksums::from_headers(&after), &computed)?;
        }
        self.finish(file).await.map_err(|error| disk(&error))?;
        Ok(Received {
            draft,
            size,
            md5,
            checksums: computed,
        })
    }

    /// Writes files, or parts of them, one after the other into a new one.
    ///
    /// # Errors
    /// The disk's.
    pub(super) async fn join(&self, parts: Vec<(String, u64, u64)>) -> io::Result<Draft> {
        let draft = self.draft()?;
        let mut file = draft.create().await?;
        for (name, from, length) in parts {
            let mut part = tokio::fs::File::open(self.path(&name)).await?;
            part.seek(SeekFrom::Start(from)).await?;
            let copied = tokio::io::copy(&mut part.take(length), &mut file).await?;
            if copied != length {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.finish(file).await?;
        Ok(draft)
    }

    /// Gives a file a second name.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn link(&self, name: &str) -> io::Result<Draft> {
        self.take(&self.path(name))
    }

    /// Takes a file from elsewhere, which stays there, too.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn take(&self, file: &Path) -> io::Result<Draft> {
        let draft = self.draft()?;
        fs::hard_link(file, &draft.path)?;
        Ok(draft)
    }

    /// The bytes of a file from `from` on, `length` of them.
    ///
    /// # Errors
    /// The disk's.
    pub(super) async fn read(
        &self,
        name: &str,
        from: u64,
        length: u64,
    ) -> io::Result<StreamingBlob> {
        let mut file = tokio::fs::File::open(self.path(name)).await?;
        file.seek(SeekFrom::Start(from)).await?;
        let chunks =
            futures_util::stream::try_unfold((file, length), |(mut file, left)| async move {
                let mut chunk = vec![0; left.min(CHUNK) as usize];
                if chunk.is_empty() {
                    return Ok::<_, io::Error>(None);
                }
                file.read_exact(&mut chunk).await?;
                let left = left - chunk.len() as u64;
                Ok(Some((Bytes::from(chunk), (file, left))))
            });
        Ok(StreamingBlob::wrap(chunks))
    }

    /// Removes files. One that stays is removed at the next start.
    pub(super) fn remove(&self, names: &[String]) {
        for name in names {
            let _ = fs::remove_file(self.path(name));
        }
    }

    /// Removes the files that a killed program left and nobody needs.
    ///
    /// # Errors
    /// The disk's.
    pub(super) fn keep_only(&self, needed: &[String]) -> io::Result<()> {
        for file in fs::read_dir(&*self.folder)? {
            let file = file?;
            let is_needed = file
                .file_name()
                .to_str()
                .is_some_and(|name| needed.binary_search_by(|n| n.as_str().cmp(name)).is_ok());
            if !is_needed {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn draft(&self) -> io::Result<Draft> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let name = hex::encode(bytes);
        Ok(Draft {
            path: self.path(&name),
            name,
            is_kept: false,
        })
    }

    async fn finish(&self, mut file: tokio::fs::File) -> io::Result<()> {
        file.flush().await?;
        if self.durability == Durability::PowerLoss {
            file.sync_all().await?;
            let folder = Arc::clone(&self.folder);
            spawn_blocking(move || sync_dir(&folder)).await??;
        }
        Ok(())
    }
}

const CHUNK: u64 = 64 * 1024;

impl Draft {
    /// Keeps the file, and gives its name.
    pub(super) fn keep(mut self) -> String {
        self.is_kept = true;
        std::mem::take(&mut self.name)
    }

    /// The name that the file gets when it is kept.
    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    async fn create(&self) -> io::Result<tokio::fs::File> {
        let mut options = private();
        options.write(true).create_new(true);
        tokio::fs::OpenOptions::from(options).open(&self.path).await
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The reason why a body broke off. The types of these errors are not public.
fn cut_off(error: &(dyn std::error::Error + 'static)) -> S3Error {
    let text = error.to_string();
    if text.contains("Sha256Mismatch") {
        let code = S3ErrorCode::Custom("XAmzContentSHA256Mismatch".into());
        let mut error = S3Error::with_message(
            code,
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
        error.set_status_code(axum::http::StatusCode::BAD_REQUEST);
        error
    } else if text.contains("SignatureMismatch") {
        s3_error!(
            SignatureDoesNotMatch,
            "The signature of a chunk does not match what was computed."
        )
    } else if text.contains("came too slowly") {
        s3_error!(
            RequestTimeout,
            "Your socket connection to the server was not read from or written to within the \
             timeout period."
        )
    } else {
        incomplete()
    }
}

fn incomplete() -> S3Error {
    s3_error!(
        IncompleteBody,
        "You did not provide the number of bytes specified by the Content-Length HTTP header"
    )
}
