//! Uploads that are refused, come in parts, or were left by older programs.

use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, CompletedMultipartUpload, CompletedPart};

use super::{BUCKET, Bucket};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_refused_leaves_what_was_there() {
    let bucket = Bucket::start().await;
    bucket.put("a", b"as it was").await;
    let put = || {
        let put = bucket.client.put_object().bucket(BUCKET).key("a");
        put.body(ByteStream::from_static(b"another"))
    };
    let refusals = [
        put().content_md5("1B2M2Y8AsgTpgAmY7PhCfg==").send().await,
        put().checksum_crc32("AAAAAA==").send().await,
        put()
            .checksum_sha256("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
            .send()
            .await,
        put().if_none_match("*").send().await,
        put()
            .if_match("\"00000000000000000000000000000000\"")
            .send()
            .await,
    ];
    let codes = refusals.map(|refusal| refusal.unwrap_err().code().unwrap().to_owned());
    assert_eq!(
        codes,
        [
            "BadDigest",
            "BadDigest",
            "BadDigest",
            "PreconditionFailed",
            "PreconditionFailed"
        ]
    );
    assert_eq!(bucket.get("a").await.unwrap(), b"as it was");
    let files = std::fs::read_dir(bucket.folder.path().join("objects")).unwrap();
    assert_eq!(files.count(), 1, "a refused upload left its file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_complete_says_what_is_wrong_and_the_right_one_works_after_it() {
    let bucket = Bucket::start().await;
    let create = bucket
        .client
        .create_multipart_upload()
        .bucket(BUCKET)
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .key("big");
    let id = create.send().await.unwrap().upload_id.unwrap();
    let part = async |number: i32, bytes: usize| {
        let part = bucket
            .client
            .upload_part()
            .bucket(BUCKET)
            .key("big")
            .upload_id(&id);
        let part = part.part_number(number).body(vec![b'x'; bytes].into());
        let part = part.send().await.unwrap();
        CompletedPart::builder()
            .part_number(number)
            .set_e_tag(part.e_tag)
            .set_checksum_crc32(part.checksum_crc32)
            .build()
    };
    let first = part(1, 5 << 20).await;
    let small = part(2, 1_000).await;
    let last = part(3, 1).await;
    let wrong = CompletedPart::builder()
        .part_number(1)
        .e_tag("\"00\"")
        .build();
    let missing = CompletedPart::builder()
        .part_number(9)
        .e_tag("\"00\"")
        .build();
    let complete = async |parts: Vec<CompletedPart>| {
        let call = bucket
            .client
            .complete_multipart_upload()
            .bucket(BUCKET)
            .key("big");
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(parts))
            .build();
        let answer = call.upload_id(&id).multipart_upload(parts).send().await;
        match answer {
            Ok(answer) => answer.e_tag.unwrap(),
            Err(error) => error.code().unwrap().to_owned(),
        }
    };
    assert_eq!(complete(vec![wrong]).await, "InvalidPart");
    assert_eq!(complete(vec![first.clone(), missing]).await, "InvalidPart");
    assert_eq!(
        complete(vec![last.clone(), first.clone()]).await,
        "InvalidPartOrder"
    );
    let too_small = vec![first.clone(), small, last.clone()];
    assert_eq!(complete(too_small).await, "EntityTooSmall");
    let etag = complete(vec![first, last]).await;
    assert!(etag.ends_with("-2\""), "{etag}");
    assert_eq!(bucket.get("big").await.unwrap().len(), (5 << 20) + 1);
    assert_eq!(complete(vec![]).await, "NoSuchUpload");
    let files = std::fs::read_dir(bucket.folder.path().join("objects")).unwrap();
    assert_eq!(files.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_has_the_checksum_that_its_upload_announced_if_it_announced_any() {
    let bucket = Bucket::start().await;
    // What the SDK adds by itself would hide what is tried here.
    let config = bucket.client.config().to_builder();
    let config = config.request_checksum_calculation(RequestChecksumCalculation::WhenRequired);
    let client = aws_sdk_s3::Client::from_conf(config.build());
    let (crc32, sha256) = (
        Some("jNwWgw=="),
        Some("LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="),
    );
    let announces = Some(ChecksumAlgorithm::Crc32);
    for (announced, crc32, sha256, refusal) in [
        (None, None, None, None),
        (announces.clone(), crc32, None, None),
        (None, crc32, None, None),
        (None, None, sha256, None),
        (announces.clone(), None, sha256, Some(("crc32", "sha256"))),
        (announces, None, None, Some(("crc32", "null"))),
    ] {
        let create = client.create_multipart_upload().bucket(BUCKET).key("big");
        let create = create.set_checksum_algorithm(announced.clone()).send();
        let part = client
            .upload_part()
            .bucket(BUCKET)
            .key("big")
            .part_number(1);
        let part = part
            .set_upload_id(create.await.unwrap().upload_id)
            .set_checksum_crc32(crc32.map(str::to_owned))
            .set_checksum_sha256(sha256.map(str::to_owned))
            .body(vec![b'x'].into());
        let refused = part.send().await.err();
        let says = refused.as_ref().and_then(|error| error.message());
        let expected = refusal.map(|(expected, actual)| {
            format!(
                "Checksum Type mismatch occurred, expected checksum Type: {expected}, \
                 actual checksum Type: {actual}"
            )
        });
        assert_eq!(says, expected.as_deref(), "{announced:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_programs_files_are_moved_in_and_what_a_kill_left_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let older = folder.path().join("job-offers/job_offers");
    std::fs::create_dir_all(&older).unwrap();
    std::fs::write(older.join("lyon é.csv"), "id,city\n1,Lyon\n").unwrap();
    std::fs::write(folder.path().join(".bucket-x.object-y.metadata.json"), "{}").unwrap();
    let bucket = Bucket::start_in(folder).await;
    let found = bucket.get("job_offers/lyon é.csv").await;
    assert_eq!(found.unwrap(), b"id,city\n1,Lyon\n");
    assert!(!bucket.folder.path().join("job-offers").exists());
    let create = bucket
        .client
        .create_multipart_upload()
        .bucket(BUCKET)
        .checksum_algorithm(ChecksumAlgorithm::Crc32)
        .key("b");
    let id = create.send().await.unwrap().upload_id.unwrap();
    let part = bucket
        .client
        .upload_part()
        .bucket(BUCKET)
        .key("b")
        .upload_id(&id);
    part.part_number(1)
        .body(vec![1].into())
        .send()
        .await
        .unwrap();
    let folder = bucket.stop().await;

    let objects = folder.path().join("objects");
    std::fs::write(objects.join("half"), "half an upload").unwrap();
    let index = folder.path().join("index.sqlite");
    let bucket = Bucket::start_in(folder).await;
    assert_eq!(std::fs::read_dir(&objects).unwrap().count(), 2);
    let other = rusqlite::Connection::open(index).unwrap();
    other
        .busy_timeout(std::time::Duration::from_secs(10))
        .unwrap();
    let week = 7 * 24 * 60 * 60 * 1_000;
    other
        .execute("UPDATE uploads SET started = started - ?", [week])
        .unwrap();
    drop(other);
    let bucket = Bucket::start_in(bucket.stop().await).await;
    assert_eq!(std::fs::read_dir(&objects).unwrap().count(), 1);
    assert_eq!(bucket.list("", "", 10).await, ["job_offers/lyon é.csv"]);
}
