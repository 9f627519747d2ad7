//! The report of the rows that cannot be used: an object beside the file's, in
//! parts where it is long, none where there is nothing to say.

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};

use super::SplitError;
use crate::csv::Rejected;

const PREFIX: &str = "job_offers_rejected/";
const HEADER: &str = "line,reason\n";
/// The least that S3 takes as a part which is not the last.
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
    /// The report on the file `<name>.csv`.
    pub(super) fn new(s3: &'a Client, bucket: &'a str, name: &str) -> Self {
        Self {
            s3,
            bucket,
            key: format!("{PREFIX}{name}.csv"),
            text: HEADER.to_owned(),
            rows: 0,
            upload: None,
        }
    }

    pub(super) async fn add(&mut self, rows: Vec<Rejected>) -> Result<(), SplitError> {
        for Rejected { line, reason } in rows {
            let reason = reason.replace('"', "\"\"");
            self.text.push_str(&format!("{line},\"{reason}\"\n"));
            self.rows += 1;
        }
        if self.text.len() >= PART_BYTES {
            self.upload_part().await?;
        }
        Ok(())
    }

    /// Puts the object, and gives how many rows it names.
    pub(super) async fn finish(mut self) -> Result<u64, SplitError> {
        if self.rows == 0 {
            return Ok(0);
        }
        if self.upload.is_some() {
            self.upload_part().await?;
        }
        let Some(upload) = self.upload else {
            let put = self.s3.put_object().bucket(self.bucket).key(self.key);
            let put = put.content_type("text/csv; charset=utf-8");
            put.body(self.text.into_bytes().into())
                .send()
                .await
                .map_err(failed)?;
            return Ok(self.rows);
        };
        let parts = CompletedMultipartUpload::builder().set_parts(Some(upload.parts));
        self.s3
            .complete_multipart_upload()
            .bucket(self.bucket)
            .key(self.key)
            .upload_id(upload.id)
            .multipart_upload(parts.build())
            .send()
            .await
            .map_err(failed)?;
        Ok(self.rows)
    }

    async fn upload_part(&mut self) -> Result<(), SplitError> {
        if self.upload.is_none() {
            let create = self.s3.create_multipart_upload().bucket(self.bucket);
            let create = create.content_type("text/csv; charset=utf-8");
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
            .body(std::mem::take(&mut self.text).into_bytes().into())
            .send()
            .await
            .map_err(failed)?;
        let part = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(part.e_tag);
        upload.parts.push(part.build());
        Ok(())
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> SplitError {
    SplitError::Bucket(error.into())
}
