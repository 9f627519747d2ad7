//! The owner's routes: they take a bearer token (RFC 6750). The function holds
//! only its SHA-256, so whoever reads the function's settings cannot call it.

use lambda_http::Request;
use lambda_http::http::HeaderMap;
use lambda_http::http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{Error, environment};

/// The check of the owner's token.
#[derive(Clone, Debug)]
pub struct Owner {
    token_sha256: Option<[u8; 32]>,
}

/// `OWNER_TOKEN_SHA256` is set, and is not 64 hexadecimal digits.
#[derive(Debug, thiserror::Error)]
#[error("OWNER_TOKEN_SHA256 is not 64 hexadecimal digits")]
pub struct NoDigest;

impl Owner {
    /// Reads `OWNER_TOKEN_SHA256`, in hexadecimal. Unset, nobody is the owner.
    ///
    /// # Errors
    /// When it is no SHA-256.
    pub fn from_env() -> Result<Self, NoDigest> {
        let token_sha256 = environment::optional("OWNER_TOKEN_SHA256")
            .map(|digits| {
                let mut digest = [0; 32];
                hex::decode_to_slice(digits, &mut digest).map(|()| digest)
            })
            .transpose()
            .map_err(|_| NoDigest)?;
        Ok(Self { token_sha256 })
    }

    /// The owner with this token.
    pub fn from_token(token: &str) -> Self {
        Self {
            token_sha256: Some(Sha256::digest(token).into()),
        }
    }

    /// Lets a request with the owner's token through.
    ///
    /// # Errors
    /// [`Error::Unauthorized`] for everybody else.
    pub fn authorize(&self, request: &Request) -> Result<(), Error> {
        self.check(request.headers())
    }

    /// The same for the head alone, before the body has come.
    ///
    /// # Errors
    /// As for [`Owner::authorize`].
    pub fn check(&self, headers: &HeaderMap) -> Result<(), Error> {
        let digest = bearer_token(headers).map(Sha256::digest);
        match (digest, self.token_sha256) {
            (Some(sent), Some(expected)) if bool::from(sent[..].ct_eq(&expected)) => Ok(()),
            _ => Err(Error::Unauthorized),
        }
    }
}

/// The scheme's name is case-insensitive: RFC 9110, section 11.1.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}
