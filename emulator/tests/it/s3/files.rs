//! Files under keys that are read, and under keys that nothing reads.

use aws_sdk_s3::error::ProvideErrorMetadata;
use serde_json::Value;

use super::{BUCKET, Bucket};

#[tokio::test(flavor = "multi_thread")]
async fn files_are_announced_in_their_order_whatever_their_letters() {
    let bucket = Bucket::start().await;
    for key in ["readme", "job_offers/", "job_offers/notes.txt"] {
        bucket.put(key, b"id,city\n").await;
    }
    assert_eq!(bucket.told().await, Vec::<Value>::new());
    let files = [
        "job_offers/é +%.csv",
        "job_offers/X.CSV",
        "job_offers/a/b.Csv",
        "job_offers/X.CSV",
    ];
    for key in files {
        bucket.put(key, b"id,city\n").await;
    }
    let told = bucket.told().await;
    let keys: Vec<_> = told
        .iter()
        .map(|event| event["s3"]["object"]["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        keys,
        [
            "job_offers/%C3%A9+%2B%25.csv",
            "job_offers/X.CSV",
            "job_offers/a/b.Csv",
            "job_offers/X.CSV"
        ]
    );
    let sequence: Vec<_> = told
        .iter()
        .map(|event| event["s3"]["object"]["sequencer"].as_str().unwrap())
        .collect();
    assert!(sequence.is_sorted_by(|a, b| a < b), "{sequence:?}");
    assert!(
        told.iter()
            .all(|event| event["eventTime"].as_str().unwrap().ends_with('Z'))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_would_never_be_read_is_refused_with_the_key_it_should_have() {
    let bucket = Bucket::start().await;
    for key in ["job_offers", "x.CSV", "other/x.csv", "job_offers/x.csv.gz"] {
        let put = bucket.client.put_object().bucket(BUCKET).key(key);
        let error = put.body(vec![1].into()).send().await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidRequest"), "{key}");
        let sentence = error.message().unwrap();
        assert!(
            sentence.contains("s3://job-offers/job_offers/<name>.csv"),
            "{sentence}"
        );
        let create = bucket.client.create_multipart_upload().bucket(BUCKET);
        let error = create.key(key).send().await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidRequest"), "{key}");
    }
    bucket.put("job_offers/x.csv", b"id,city\n").await;
    assert_eq!(bucket.list("", "/", 10).await, ["job_offers/"]);
    // A file that was read may be put elsewhere.
    let copy = bucket.client.copy_object().bucket(BUCKET).key("read/x.csv");
    let copy = copy.copy_source("job-offers/job_offers/x.csv").send().await;
    copy.unwrap();
    assert_eq!(bucket.told().await.len(), 1);
}
