//! Any key that S3 allows, against a map.

use std::collections::BTreeMap;

use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use proptest::prelude::*;

use super::{BUCKET, Bucket};

/// Keys as people and programs make them, and odd ones.
fn key() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-c]{1,2}",
        Just("..".to_owned()),
        Just(".".to_owned()),
        Just(String::new()),
        Just("%2f".to_owned()),
        Just("ü &+=.txt".to_owned()),
        Just("\u{0}\r\n\t".to_owned()),
        "\\PC{1,8}",
        Just("x".repeat(300)),
    ];
    let parts = proptest::collection::vec(part, 1..4);
    let key = parts.prop_map(|parts| parts.join("/"));
    key.prop_filter("S3 takes 1 to 1,024 bytes", |key| {
        !key.is_empty() && key.len() <= 1_024
    })
}

#[derive(Clone, Debug)]
enum Step {
    Put(String, Vec<u8>),
    Delete(usize),
    Copy(usize, String),
    DeleteMany(usize, usize),
}

fn step() -> impl Strategy<Value = Step> {
    let place = 0..20_usize;
    prop_oneof![
        4 => (key(), proptest::collection::vec(any::<u8>(), 0..200)).prop_map(|(k, b)| Step::Put(k, b)),
        1 => place.clone().prop_map(Step::Delete),
        1 => (place.clone(), key()).prop_map(|(place, key)| Step::Copy(place, key)),
        1 => (place.clone(), place).prop_map(|(a, b)| Step::DeleteMany(a, b)),
    ]
}

/// The list that is right for these objects.
fn expected(model: &BTreeMap<String, Vec<u8>>, prefix: &str, delimiter: &str) -> Vec<String> {
    let mut expected = Vec::new();
    for key in model.keys().filter(|key| key.starts_with(prefix)) {
        let rest = &key[prefix.len()..];
        let end = rest.find(delimiter).filter(|_| !delimiter.is_empty());
        let name = match end {
            Some(end) => key[..prefix.len() + end + delimiter.len()].to_owned(),
            None => key.clone(),
        };
        if expected.last() != Some(&name) {
            expected.push(name);
        }
    }
    expected
}

async fn agrees(steps: Vec<Step>, prefix: String, limit: i32) {
    let bucket = Bucket::start().await;
    let mut model = BTreeMap::<String, Vec<u8>>::new();
    for step in steps {
        let nth = |model: &BTreeMap<String, Vec<u8>>, n: usize| model.keys().nth(n).cloned();
        match step {
            Step::Put(key, body) => {
                bucket.put(&key, &body).await;
                model.insert(key, body);
            }
            Step::Delete(n) => {
                let key = nth(&model, n).unwrap_or_else(|| "never".to_owned());
                let delete = bucket.client.delete_object().bucket(BUCKET).key(&key);
                delete.send().await.unwrap();
                model.remove(&key);
            }
            Step::Copy(n, to) => {
                let Some(from) = nth(&model, n).filter(|from| *from != to) else {
                    continue;
                };
                let source = percent_encoding::utf8_percent_encode(
                    &from,
                    percent_encoding::NON_ALPHANUMERIC,
                );
                let copy = bucket.client.copy_object().bucket(BUCKET).key(&to);
                let copy = copy.copy_source(format!("{BUCKET}/{source}"));
                copy.send().await.unwrap();
                let body = model[&from].clone();
                model.insert(to, body);
            }
            Step::DeleteMany(a, b) => {
                // XML cannot hold every key.
                let can_be_said = |key: &String| !key.contains(char::is_control);
                let keys = [nth(&model, a), nth(&model, b)].into_iter().flatten();
                let keys: Vec<_> = keys.filter(can_be_said).collect();
                let ids = keys
                    .iter()
                    .map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
                let delete = Delete::builder().set_objects(Some(ids.collect()));
                if !keys.is_empty() {
                    let delete = delete.build().unwrap();
                    let call = bucket.client.delete_objects().bucket(BUCKET).delete(delete);
                    call.send().await.unwrap();
                }
                for key in keys {
                    model.remove(&key);
                }
            }
        }
    }
    for (key, body) in &model {
        assert_eq!(bucket.get(key).await.as_ref(), Some(body), "{key:?}");
    }
    for (prefix, delimiter) in [
        ("", ""),
        ("", "/"),
        (&prefix, "/"),
        (&prefix, ""),
        ("", ".."),
    ] {
        let listed = bucket.list(prefix, delimiter, limit).await;
        assert_eq!(
            listed,
            expected(&model, prefix, delimiter),
            "{prefix:?} {delimiter:?}"
        );
    }
    // As many files as objects: nothing is left behind, and nothing is outside.
    let folder = bucket.folder.path();
    let files = std::fs::read_dir(folder.join("objects")).unwrap().count();
    assert_eq!(files, model.len());
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names.map(|name| name.unwrap().file_name()).collect();
    names.retain(|name| !name.to_string_lossy().starts_with("index.sqlite"));
    names.sort();
    assert_eq!(names, ["marks", "objects"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn strange_keys_are_put_got_listed_copied_and_deleted_as_in_a_map(
        steps in proptest::collection::vec(step(), 1..25),
        prefix in key(),
        limit in 1..5_i32,
    ) {
        let prefix: String = prefix.chars().take(2).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(agrees(steps, prefix, limit));
    }
}
