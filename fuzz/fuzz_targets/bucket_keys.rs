//! A bucket agrees with a map, whatever the bytes of its keys: what is put is listed,
//! got and deleted under its own key, what S3 allows no key to be is refused, and
//! nothing but the bucket's folder is touched.
//!
//! The lines of an input are a prefix, a delimiter, and keys. Percent signs stand for
//! bytes as in URLs, so a line can hold any byte.

#![no_main]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use backend::dynamodb::AccessKey;
use emulator::{Notification, Queues, S3};
use libfuzzer_sys::fuzz_target;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode, percent_decode_str, percent_encode};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const BUCKET: &str = "job-offers";
const HOST: &str = "bucket.example";
const MAX_KEYS: usize = 12;
/// A few, so that a list has several pages.
const PAGE: usize = 3;

type Model = BTreeMap<Vec<u8>, Vec<u8>>;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .expect("a runtime")
});

fuzz_target!(|input: &[u8]| {
    let mut lines = input
        .split(|byte| *byte == b'\n')
        .map(|line| percent_decode(line).collect::<Vec<u8>>());
    let prefix = lines.next().unwrap_or_default();
    let delimiter = lines.next().unwrap_or_default();
    let keys: Vec<_> = lines.filter(|key| !key.is_empty()).take(MAX_KEYS).collect();
    RUNTIME.block_on(check(&prefix, &delimiter, &keys));
});

async fn check(prefix: &[u8], delimiter: &[u8], keys: &[Vec<u8>]) {
    let folder = tempfile::tempdir().expect("a folder");
    let objects = folder.path().join("bucket");
    let bucket = Bucket::open(&objects);
    let mut model = Model::new();
    for (number, key) in keys.iter().enumerate() {
        let body = format!("object {number}").into_bytes();
        let (status, _) = bucket.call("PUT", key, "", &body).await;
        if is_key(key) {
            assert_eq!(status, StatusCode::OK, "put {key:?}");
            model.insert(key.clone(), body);
        } else {
            assert!(status.is_client_error(), "{status} for {key:?}");
        }
    }
    for key in keys {
        let (status, body) = bucket.call("GET", key, "", b"").await;
        match model.get(key) {
            Some(expected) => assert_eq!((status, &body), (StatusCode::OK, expected), "{key:?}"),
            None => assert!(status.is_client_error(), "{status} for {key:?}"),
        }
    }
    bucket.agrees(&model, prefix, delimiter).await;
    bucket.agrees(&model, b"", b"").await;
    check_files(folder.path(), &objects, model.len());

    // What is left while others go is what has to stay.
    for key in keys.iter().step_by(2).chain(keys) {
        let (status, _) = bucket.call("DELETE", key, "", b"").await;
        if is_key(key) {
            assert_eq!(status, StatusCode::NO_CONTENT, "delete {key:?}");
        }
        model.remove(key);
        bucket.agrees(&model, b"", b"").await;
    }
    check_files(folder.path(), &objects, 0);
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
fn is_key(key: &[u8]) -> bool {
    (1..=1_024).contains(&key.len()) && str::from_utf8(key).is_ok()
}

/// A file for each object, and nothing beside the bucket's folder.
fn check_files(outside: &Path, objects: &Path, count: usize) {
    let files = fs::read_dir(objects).expect("the bucket's folder");
    assert_eq!(files.count(), count);
    assert_eq!(
        fs::read_dir(outside).expect("the folder around it").count(),
        1
    );
}

struct Bucket(Router);

impl Bucket {
    fn open(folder: &Path) -> Self {
        let notification = Notification {
            bucket: BUCKET,
            prefix: "",
            suffix: "",
            queue: "files",
        };
        let queues = Queues::in_memory().expect("queues");
        let s3 = S3::temporary(folder, notification, queues).expect("a bucket");
        Self(s3.router(&[AccessKey {
            id: "owner".to_owned(),
            secret: "secret".to_owned(),
        }]))
    }

    /// Calls the bucket with a signed request, and gives status and body.
    async fn call(
        &self,
        method: &str,
        key: &[u8],
        query: &str,
        body: &[u8],
    ) -> (StatusCode, Vec<u8>) {
        let uri = format!("http://{HOST}/{BUCKET}/{}{query}", encode(key));
        let mut request = Request::builder()
            .method(method)
            .uri(&uri)
            .header("host", HOST)
            .header("content-length", body.len())
            .body(Body::from(body.to_vec()))
            .expect("a request");
        let credentials = Credentials::from_keys("owner", "secret", None).into();
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let params = v4::SigningParams::builder()
            .identity(&credentials)
            .region("eu-west-1")
            .name("s3")
            .time(SystemTime::now())
            .settings(settings)
            .build()
            .expect("parameters")
            .into();
        let headers = [("host", HOST)].into_iter();
        let signable = SignableRequest::new(method, &uri, headers, SignableBody::Bytes(body));
        let (instructions, _) = sign(signable.expect("a request to sign"), &params)
            .expect("a signature")
            .into_parts();
        instructions.apply_to_request_http1x(&mut request);
        let response = self.0.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        assert!(!status.is_server_error(), "{status} for {method} {key:?}");
        let body = to_bytes(response.into_body(), usize::MAX).await;
        (status, body.expect("a body").to_vec())
    }

    /// Checks the list below `prefix`, page by page, against the model's.
    async fn agrees(&self, model: &Model, prefix: &[u8], delimiter: &[u8]) {
        let is_text = str::from_utf8(prefix).is_ok() && str::from_utf8(delimiter).is_ok();
        let start = format!(
            "?list-type=2&encoding-type=url&max-keys={PAGE}&prefix={}&delimiter={}",
            encode(prefix),
            encode(delimiter)
        );
        let (mut listed, mut query) = (Vec::new(), start.clone());
        loop {
            let (status, page) = self.call("GET", b"", &query, b"").await;
            if !is_text {
                return;
            }
            assert_eq!(status, StatusCode::OK, "list {prefix:?} {delimiter:?}");
            let page = String::from_utf8(page).expect("XML");
            let keys = between(&page, "<Key>", "</Key>");
            let prefixes = between(&page, "<CommonPrefixes><Prefix>", "</Prefix>");
            let mut names: Vec<_> = keys.chain(prefixes).map(decode).collect();
            assert!(names.len() <= PAGE);
            names.sort();
            listed.extend(names);
            let Some(token) = between(&page, "<NextContinuationToken>", "</").next() else {
                break;
            };
            query = format!("{start}&continuation-token={}", encode(token.as_bytes()));
        }
        assert_eq!(listed, expected(model, prefix, delimiter));
    }
}

/// The list that is right for these objects.
fn expected(model: &Model, prefix: &[u8], delimiter: &[u8]) -> Vec<Vec<u8>> {
    let mut names: Vec<Vec<u8>> = Vec::new();
    for key in model.keys().filter(|key| key.starts_with(prefix)) {
        let rest = &key[prefix.len()..];
        let end = match delimiter {
            [] => None,
            some => rest.windows(some.len()).position(|part| part == some),
        };
        let length = end.map_or(key.len(), |end| prefix.len() + end + delimiter.len());
        if names.last().map(Vec::as_slice) != Some(&key[..length]) {
            names.push(key[..length].to_vec());
        }
    }
    names
}

fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    let parts = text.split(start).skip(1);
    parts.map(move |part| part.split(end).next().unwrap_or_default())
}

fn encode(bytes: &[u8]) -> String {
    percent_encode(bytes, NON_ALPHANUMERIC).to_string()
}

fn decode(name: &str) -> Vec<u8> {
    percent_decode_str(name).collect()
}
