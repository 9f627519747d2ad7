//! S3's errors, made from ours.

use std::error::Error;
use std::io;

use axum::http::header::CONTENT_LENGTH;
use axum::http::{Response, StatusCode};
use http_body_util::BodyExt;
use s3s::{Body, S3Error, S3ErrorCode, s3_error};

use crate::sqlite::DatabaseError;

/// A failure of ours: its cause is for the log alone.
pub(super) fn internal(error: &(dyn Error + 'static)) -> S3Error {
    tracing::error!(error.cause = %error, "the bucket failed");
    s3_error!(InternalError, "The bucket failed; its log says why.")
}

/// A failure of the disk, which can be full.
pub(super) fn disk(error: &io::Error) -> S3Error {
    if error.kind() != io::ErrorKind::StorageFull {
        return internal(error);
    }
    tracing::error!(error.cause = %error, "a file was not taken");
    let code = S3ErrorCode::Custom("InsufficientStorage".into());
    let mut error = S3Error::with_message(code, "The disk is full.");
    error.set_status_code(StatusCode::INSUFFICIENT_STORAGE);
    error
}

/// A failure of the index.
pub(super) fn index(error: DatabaseError) -> S3Error {
    let is_full = matches!(&error, DatabaseError::Database(cause)
        if cause.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull));
    match error {
        _ if is_full => disk(&io::ErrorKind::StorageFull.into()),
        DatabaseError::Missing(_) => s3_error!(ServiceUnavailable, "The bucket is not there."),
        error => internal(&error),
    }
}

pub(super) fn no_such_key() -> S3Error {
    s3_error!(NoSuchKey, "The specified key does not exist.")
}

pub(super) fn no_such_upload() -> S3Error {
    s3_error!(
        NoSuchUpload,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may \
         have been aborted or completed."
    )
}

pub(super) fn precondition_failed() -> S3Error {
    s3_error!(
        PreconditionFailed,
        "At least one of the pre-conditions you specified did not hold"
    )
}

/// The end of an error's code, after which its sentence stands.
const CODE_END: &str = "</Code>";

/// A refusal with a sentence, which s3s gives to few of its own.
pub(super) async fn with_sentence(refusal: Response<Body>) -> Response<Body> {
    let (mut head, body) = refusal.into_parts();
    let Ok(body) = body.collect().await else {
        return Response::from_parts(head, Body::empty());
    };
    let body = body.to_bytes();
    let text = str::from_utf8(&body).unwrap_or_default();
    if text.contains("<Message>") || !text.contains(CODE_END) {
        return Response::from_parts(head, Body::from(body));
    }
    let code = text.split_once("<Code>").map(|(_, rest)| rest);
    let code = code.and_then(|rest| rest.split(CODE_END).next());
    let sentence = match code {
        Some("SignatureDoesNotMatch") => {
            "The signature does not fit the request: the secret key has to be the owner's token."
        }
        Some("KeyTooLongError") => "A key has at most 1,024 bytes.",
        Some("MalformedXML") => "The request's XML is not what this operation takes.",
        _ => "The bucket does not take this request.",
    };
    let sentence = format!("{CODE_END}<Message>{sentence}</Message>");
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(text.replacen(CODE_END, &sentence, 1)))
}
