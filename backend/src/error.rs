//! The errors a client can see, a variant per status. Their causes are logged
//! where they become an answer, and never sent.

use std::error::Error as StdError;

use aws_sdk_dynamodb::error::{ErrorMetadata, ProvideErrorMetadata, SdkError};
use lambda_http::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};

use crate::query::QueryError;
use crate::response::message;
use crate::retry::TRANSACTION_CONFLICT;

type Cause = Box<dyn StdError + Send + Sync>;

/// The reason why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: the client can mend it, and the sentence says how.
    #[error("{0}")]
    BadRequest(String),
    /// 401: an owner's route, called without the owner's token.
    #[error("Only the owner may do this: send `Authorization: Bearer <token>`.")]
    Unauthorized,
    /// 403: refused to everybody, the owner included.
    #[error("{0}")]
    Forbidden(String),
    /// 404: the route exists, and the thing asked for does not.
    #[error("{0}")]
    NotFound(String),
    /// 409: the request contradicts what is stored.
    #[error("{0}")]
    Conflict(String),
    /// 413: more than this route takes.
    #[error("{0}")]
    PayloadTooLarge(String),
    /// 415: a body in another format than JSON.
    #[error("The body has to be JSON: send it with `content-type: application/json`.")]
    UnsupportedMediaType,
    /// 422: the body can be read and breaks a rule.
    #[error("{0}")]
    Unprocessable(String),
    /// 503: the store refused for its rate, broke, or did not answer in time.
    #[error("The store did not answer. Try again in a second.")]
    StoreUnavailable(#[source] Cause),
    /// 500: our own mistake, such as a table that does not exist.
    #[error("Something went wrong on our side.")]
    Internal(#[source] Cause),
}

/// The codes of DynamoDB's 400 answers to a request that is right and may
/// succeed later:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html>.
const BUSY: [&str; 4] = [
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    TRANSACTION_CONFLICT,
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
        let mut response = message(self.status(), &self.to_string());
        let (name, value) = match self {
            Self::Unauthorized => (WWW_AUTHENTICATE, "Bearer"),
            Self::StoreUnavailable(_) => (RETRY_AFTER, "1"),
            _ => return response,
        };
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
        response
    }

    /// The words for the owner at a command line, who gets to see the cause.
    pub fn for_owner(&self) -> String {
        match self {
            Self::StoreUnavailable(cause) => {
                format!("the store does not answer: {}", causes(cause.as_ref()))
            }
            Self::Internal(cause) => format!("the store failed: {}", causes(cause.as_ref())),
            told => told.to_string(),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::PayloadTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::StoreUnavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Self {
        Self::BadRequest(error.to_string())
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
            Some(code) if BUSY.contains(&code) || status >= Some(500) => {
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

/// The names that the SDK and its HTTP client have for their own layers.
const LAYERS: [&str; 8] = [
    "service error",
    "unhandled error",
    "dispatch failure",
    "io error",
    "client error (Connect)",
    "client error (SendRequest)",
    "tcp connect error",
    "dns error",
];

/// An error and its sources on one line, each sentence once. Where something is left,
/// it names no layers.
pub fn causes(error: &dyn StdError) -> String {
    let mut sentences = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        let sentence = match cause.downcast_ref::<ErrorMetadata>() {
            Some(answer) => said(answer),
            None => cause.to_string(),
        };
        if !sentences.iter().any(|before| before.contains(&sentence)) {
            sentences.push(sentence);
        }
        source = cause.source();
    }
    let all = sentences.join(": ");
    sentences.retain(|sentence| {
        !LAYERS.contains(&sentence.as_str()) && !sentence.starts_with("unhandled error (")
    });
    match sentences.is_empty() {
        true => all,
        false => sentences.join(": "),
    }
}

/// The words of a service's answer, whose own form is for developers.
fn said(answer: &ErrorMetadata) -> String {
    match (answer.message(), answer.code()) {
        (Some(message), Some(code)) => format!("{message} ({code})"),
        (Some(words), None) | (None, Some(words)) => words.to_owned(),
        (None, None) => "it does not say why".to_owned(),
    }
}
