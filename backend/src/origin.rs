//! The CDN in front of a function. It tells who asks and from where, in headers that
//! anyone could send; so it sends a secret with them.

use lambda_http::Request;
use lambda_http::http::HeaderMap;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::environment;

/// The header that carries the secret.
pub const SECRET_HEADER: &str = "x-origin-secret";

/// The check that a request came through the CDN.
#[derive(Clone, Debug, Default)]
pub struct Cdn {
    secret_sha256: Option<[u8; 32]>,
}

impl Cdn {
    /// Reads `CLOUDFRONT_SECRET`. Unset, no request comes through a CDN.
    pub fn from_env() -> Self {
        environment::optional("CLOUDFRONT_SECRET")
            .map_or_else(Self::default, |secret| Self::from_secret(&secret))
    }

    /// The CDN that sends this secret.
    pub fn from_secret(secret: &str) -> Self {
        Self {
            secret_sha256: Some(Sha256::digest(secret).into()),
        }
    }

    /// True if the headers came through the CDN.
    pub fn sent(&self, headers: &HeaderMap) -> bool {
        let Some(secret) = headers.get(SECRET_HEADER) else {
            return false;
        };
        let sent = Sha256::digest(secret.as_bytes());
        self.secret_sha256
            .is_some_and(|expected| sent[..].ct_eq(&expected).into())
    }

    /// A header that the CDN adds; nothing where somebody else may have sent it.
    pub fn header(&self, request: &Request, name: &str) -> Option<String> {
        let headers = request.headers();
        let value = headers.get(name).filter(|_| self.sent(headers))?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }
}
