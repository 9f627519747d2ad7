//! The check of AWS Signature Version 4: the secret itself never travels, and
//! an overheard request is valid for minutes only.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt::Write;
use std::time::Duration;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use backend::dynamodb::AccessKey;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

/// The most that the caller's clock may be off.
const MAX_SKEW: Duration = Duration::from_secs(15 * 60);

/// The parts of an `authorization` header.
struct Authorization<'a> {
    id: &'a str,
    /// Date, region, service and `aws4_request`, with slashes between.
    scope: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

/// True if `key` signed a request with this head and body within [`MAX_SKEW`].
pub(crate) fn is_valid(head: &Parts, body: &[u8], key: &AccessKey, now: Timestamp) -> bool {
    verify(head, body, key, now).is_some()
}

/// True if the head names `key`, so that the body is worth reading.
pub(crate) fn names(head: &Parts, key: &AccessKey) -> bool {
    authorization(head).is_some_and(|said| said.id == key.id)
}

fn authorization(head: &Parts) -> Option<Authorization<'_>> {
    let header = head.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let fields = header.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let field = |name: &str| {
        let mut fields = fields.split(',').map(str::trim);
        fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    };
    let (id, scope) = field("Credential")?.split_once('/')?;
    Some(Authorization {
        id,
        scope,
        signed_headers: field("SignedHeaders")?,
        signature: field("Signature")?,
    })
}

fn verify(head: &Parts, body: &[u8], key: &AccessKey, now: Timestamp) -> Option<()> {
    let said = authorization(head)?;
    let date = head.headers.get("x-amz-date")?.to_str().ok()?;
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?;
    let time = time.to_zoned(TimeZone::UTC).ok()?.timestamp();
    if said.id != key.id || time.duration_since(now).unsigned_abs() > MAX_SKEW {
        return None;
    }
    let mut canonical = format!("{}\n{}\n", head.method, head.uri.path());
    let _ = writeln!(canonical, "{}", head.uri.query().unwrap_or_default());
    let mut covered = ["host", "x-amz-date"].to_vec();
    for name in said.signed_headers.split(';') {
        let values = head.headers.get_all(name).iter();
        let values = values.map(|value| value.to_str().map(str::trim));
        let values = values.collect::<Result<Vec<_>, _>>().ok()?;
        let _ = writeln!(canonical, "{name}:{}", values.join(","));
        covered.retain(|must| *must != name);
    }
    if !covered.is_empty() {
        return None;
    }
    let body = hex::encode(Sha256::digest(body));
    let _ = write!(canonical, "\n{}\n{body}", said.signed_headers);

    let mut signing_key = format!("AWS4{}", key.secret).into_bytes();
    for part in said.scope.split('/') {
        signing_key = keyed(&signing_key, part)?.finalize().into_bytes().to_vec();
    }
    let canonical = hex::encode(Sha256::digest(canonical));
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{}\n{canonical}", said.scope);
    let signature = hex::decode(said.signature).ok()?;
    keyed(&signing_key, &text)?.verify_slice(&signature).ok()
}

fn keyed(key: &[u8], text: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::new_from_slice(key).ok()?;
    mac.update(text.as_bytes());
    Some(mac)
}
