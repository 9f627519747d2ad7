//! The report on the rows of a file that cannot be used: an object, put in parts where
//! it is long; none where there is nothing to say.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};

use super::SplitError;
use crate::csv::Rejected;
use crate::keys;

const HEADER: &str = "line,reason\n";
/// The least bytes that S3 takes as a part which is not the last.
const PART_BYTES: usize = 5 * 1024 * 1024;

pub(super) struct Report<'a> {
    s3: &'a Client,
    bucket: &'a str,
    key: String,
    text: String,
    rows: u64,
    upload: Option<Upload>,
}

struct Upload {
    id: String,
    parts: Vec<CompletedPart>,
}

impl<'a> Report<'a> {
    /// An empty report on the file called `name`.
    pub(super) fn new(s3: &'a Client, bucket: &'a str, name: &str) -> Self {
        Self {
            s3,
            bucket,
            key: keys::report(name),
            text: HEADER.to_owned(),
            rows: 0,
            upload: None,
        }
    }

    pub(super) async fn add(&mut self, rows: Vec<Rejected>) -> Result<(), SplitError> {
        for Rejected { line, reason } in rows {
            self.text.push_str(&format!("{line},{}\n", quoted(&reason)));
            self.rows += 1;
        }
        if self.text.len() >= PART_BYTES {
            self.upload_part().await?;
        }
        Ok(())
    }

    /// The number of rows that it names.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Puts the object, with `notes` on the whole file in lines without a number, and
    /// gives its key. Where there is nothing to say it gives `None`, and deletes what an
    /// earlier file of this name left.
    pub(super) async fn finish(mut self, notes: &[String]) -> Result<Option<String>, SplitError> {
        for note in notes {
            self.text.push_str(&format!(",{}\n", quoted(note)));
        }
        if self.rows == 0 && notes.is_empty() {
            let delete = self.s3.delete_object().bucket(self.bucket);
            // An old report is no reason to read the file again.
            if let Err(error) = delete.key(&self.key).send().await {
                let error = backend::causes(&error);
                tracing::warn!(object.key = self.key, error, "an old report stays");
            }
            return Ok(None);
        }
        if self.upload.is_some() {
            self.upload_part().await?;
        }
        let Some(upload) = self.upload else {
            let put = self.s3.put_object().bucket(self.bucket).key(&self.key);
            let put = put.content_type("text/csv; charset=utf-8");
            put.body(self.text.into_bytes().into())
                .send()
                .await
                .map_err(failed)?;
            return Ok(Some(self.key));
        };
        let parts = CompletedMultipartUpload::builder().set_parts(Some(upload.parts));
        self.s3
            .complete_multipart_upload()
            .bucket(self.bucket)
            .key(&self.key)
            .upload_id(upload.id)
            .multipart_upload(parts.build())
            .send()
            .await
            .map_err(failed)?;
        Ok(Some(self.key))
    }

    async fn upload_part(&mut self) -> Result<(), SplitError> {
        if self.upload.is_none() {
            let create = self.s3.create_multipart_upload().bucket(self.bucket);
            // Each part has a checksum. S3 asks for all of them at the end, too, and
            // takes them only where their algorithm was announced here.
            let create = create
                .content_type("text/csv; charset=utf-8")
                .checksum_algorithm(ChecksumAlgorithm::Crc32);
            let created = create.key(&self.key).send().await.map_err(failed)?;
            self.upload = Some(Upload {
                id: created.upload_id.unwrap_or_default(),
                parts: Vec::new(),
            });
        }
        let Some(upload) = &mut self.upload else {
            return Ok(());
        };
        let number = i32::try_from(upload.parts.len() + 1).unwrap_or(i32::MAX);
        let part = self
            .s3
            .upload_part()
            .bucket(self.bucket)
            .key(&self.key)
            .upload_id(&upload.id)
            .part_number(number)
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .body(std::mem::take(&mut self.text).into_bytes().into())
            .send()
            .await
            .map_err(failed)?;
        let part = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(part.e_tag)
            .set_checksum_crc32(part.checksum_crc32);
        upload.parts.push(part.build());
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> SplitError {
    SplitError::Bucket(error.into())
}
