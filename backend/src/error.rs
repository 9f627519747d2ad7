//! The errors a client can see, a variant per status. What caused them is
//! logged where they become an answer, and never sent.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use lambda_http::http::header::RETRY_AFTER;
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};

use crate::response::message;

type Cause = Box<dyn StdError + Send + Sync>;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the client can mend it, and the sentence says how.
    #[error("{0}")]
    BadRequest(String),
    /// 503: the store refused for its rate, broke, or did not answer in time.
    #[error("The store did not answer. Try again in a second.")]
    StoreUnavailable(#[source] Cause),
    /// 500: our own mistake, such as a table that does not exist.
    #[error("Something went wrong on our side.")]
    Internal(#[source] Cause),
}

/// What DynamoDB says, as a 400, when the caller is too fast for it:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>.
const THROTTLED: [&str; 3] = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
];

impl Error {
    /// An [`Error::Internal`] for `cause`.
    pub fn internal(cause: impl Into<Cause>) -> Self {
        Self::Internal(cause.into())
    }

    /// The answer, after the cause has been logged.
    pub fn into_response(self) -> Response<Body> {
        if let Some(cause) = self.source() {
            tracing::error!(error.cause = %causes(cause), "{self}");
        }
        let sentence = self.to_string();
        match self {
            Self::BadRequest(_) => message(StatusCode::BAD_REQUEST, &sentence),
            Self::Internal(_) => message(StatusCode::INTERNAL_SERVER_ERROR, &sentence),
            Self::StoreUnavailable(_) => {
                let mut response = message(StatusCode::SERVICE_UNAVAILABLE, &sentence);
                response
                    .headers_mut()
                    .insert(RETRY_AFTER, HeaderValue::from_static("1"));
                response
            }
        }
    }
}

impl<E> From<SdkError<E>> for Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    fn from(error: SdkError<E>) -> Self {
        let status = error.raw_response().map(|answer| answer.status().as_u16());
        match error
            .as_service_error()
            .map(|e| e.code().unwrap_or_default())
        {
            Some(code) if THROTTLED.contains(&code) || status >= Some(500) => {
                Self::StoreUnavailable(error.into())
            }
            Some(_) => Self::Internal(error.into()),
            None if matches!(error, SdkError::ConstructionFailure(_)) => {
                Self::Internal(error.into())
            }
            None => Self::StoreUnavailable(error.into()),
        }
    }
}

/// An error and its sources on one line.
pub fn causes(error: &dyn StdError) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}
