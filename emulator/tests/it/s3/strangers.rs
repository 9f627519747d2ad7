//! Callers without the owner's token, and browsers.

use std::time::Duration;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresigningConfig;

use super::{BUCKET, Bucket, client};

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_other_buckets_are_refused_in_s3s_own_words() {
    let bucket = Bucket::start().await;
    let code = async |id: &str, secret: &str, name: &str| {
        let client = client(&bucket.address, id, secret);
        let put = client
            .put_object()
            .bucket(name)
            .key("a")
            .body(vec![1].into());
        let error = put.send().await.unwrap_err();
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        assert!(error.message().is_some(), "a sentence for {error:?}");
        (status.unwrap(), error.code().unwrap().to_owned())
    };
    let right = "the owner's token";
    for (id, secret, name, status, expected) in [
        ("owner", "guessed", BUCKET, 403, "SignatureDoesNotMatch"),
        ("guessed", right, BUCKET, 403, "InvalidAccessKeyId"),
        (
            "in-process",
            "in-process",
            BUCKET,
            403,
            "InvalidAccessKeyId",
        ),
        ("owner", right, "another", 404, "NoSuchBucket"),
    ] {
        let expected = (status, expected.to_owned());
        assert_eq!(code(id, secret, name).await, expected, "{id} {name}");
    }
    assert_eq!(bucket.list("", "", 10).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_without_a_signature_of_version_4_are_refused_in_s3s_own_form() {
    let bucket = Bucket::start().await;
    bucket.put("a", b"an object").await;
    let address = &bucket.address;
    let old = "AWSAccessKeyId=owner&Signature=x&Expires=9999999999";
    for (path, status, code, words) in [
        ("job-offers/a".to_owned(), 403, "AccessDenied", "signed"),
        (
            format!("job-offers/a?{old}"),
            400,
            "InvalidRequest",
            "signature version 4",
        ),
    ] {
        let answer = reqwest::get(format!("{address}/{path}")).await.unwrap();
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.headers()["content-type"], "application/xml");
        let body = answer.text().await.unwrap();
        assert!(body.contains(&format!("<Code>{code}</Code>")), "{body}");
        assert!(body.contains(words), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presigned_link_works_for_its_key_and_time_and_shows_no_page_with_rights() {
    let bucket = Bucket::start().await;
    let page = b"<script>alert(1)</script>";
    let put = bucket.client.put_object().bucket(BUCKET).key("p/a +%.html");
    let put = put.content_type("text/html").body(page.to_vec().into());
    put.send().await.unwrap();
    let link = async |seconds| {
        let get = bucket.client.get_object().bucket(BUCKET).key("p/a +%.html");
        let time = PresigningConfig::expires_in(Duration::from_secs(seconds)).unwrap();
        get.presigned(time).await.unwrap().uri().to_owned()
    };
    let answer = reqwest::get(link(60).await).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "text/html");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    let policy = &answer.headers()["content-security-policy"];
    assert_eq!(policy, "default-src 'none'; sandbox");
    assert_eq!(answer.bytes().await.unwrap(), page.as_slice());

    let other = link(60).await.replace(".html", ".htm");
    let late = link(1).await;
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    for (link, code) in [(other, "SignatureDoesNotMatch"), (late, "AccessDenied")] {
        let answer = reqwest::get(link).await.unwrap();
        assert_eq!(answer.status(), 403, "{code}");
        let body = answer.text().await.unwrap();
        assert!(body.contains(&format!("<Code>{code}</Code>")), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_be_taken_for_a_plain_put_or_get_is_refused() {
    let bucket = Bucket::start().await;
    bucket.put("a", b"an object").await;
    let append = bucket.client.put_object().bucket(BUCKET).key("a");
    let append = append
        .write_offset_bytes(9)
        .body(b", longer".to_vec().into());
    let error = append.send().await.unwrap_err();
    assert_eq!(error.code(), Some("NotImplemented"));
    let rename = bucket.client.rename_object().bucket(BUCKET).key("b");
    let error = rename.rename_source("a").send().await.unwrap_err();
    assert_eq!(error.code(), Some("NotImplemented"));
    let old = bucket.client.get_object().bucket(BUCKET).key("a");
    let error = old.version_id("an-old-one").send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidArgument"));
    let delete = bucket.client.delete_object().bucket(BUCKET).key("a");
    let error = delete.version_id("an-old-one").send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidArgument"));
    assert_eq!(bucket.get("a").await.as_deref(), Some(&b"an object"[..]));
    assert_eq!(bucket.list("", "", 10).await, ["a"]);

    let long = "k".repeat(1_025);
    let put = bucket.client.put_object().bucket(BUCKET).key(long);
    let error = put.send().await.unwrap_err();
    assert_eq!(error.message(), Some("A key has at most 1,024 bytes."));
}
