//! The report on a file, once its last row is through, says what is in the table.

use serde_json::{Value, json};

use crate::support::{HEADER, Jobs, QUEUE, failed};

fn file(ids: std::ops::Range<usize>) -> String {
    let rows =
        ids.map(|id| format!("{id},Lyon,Pain et Cie,Boulanger,,CDI,,,pain,2026-11-01,site\n"));
    HEADER.to_owned() + &rows.collect::<String>()
}

/// `stored`, `already_there`, `refused` and `dead` of the file of a name.
async fn numbers(jobs: &Jobs, name: &str) -> Value {
    let said = jobs.loaded(name).await;
    let numbers = ["stored", "already_there", "refused", "dead"].map(|name| said[name].clone());
    let sum: u64 = numbers.iter().filter_map(Value::as_u64).sum();
    assert_eq!(said["read"].as_u64().unwrap_or_default(), sum, "{said}");
    json!(numbers)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_before_the_last_row_and_the_same_again_is_already_there() {
    let jobs = Jobs::start().await;
    jobs.put("job_offers/a.csv", file(0..1_203) + "bad\n").await;
    jobs.split_new_files().await.unwrap();
    let source = jobs.source();
    let store = |event| failed(&jobs.store, event);
    while jobs.queues.depth(QUEUE.name).await.unwrap().waiting > 3 {
        assert_eq!(jobs.loaded("a").await, Value::Null);
        source.next(&store).await.unwrap();
    }
    jobs.store_all().await;
    assert_eq!(numbers(&jobs, "a").await, json!([1_203, 0, 1, 0]));
    let said = jobs.loaded("a").await;
    assert_eq!(said["file"], "job_offers/a.csv");
    assert_eq!(said["report"], "job_offers_rejected/a.csv");
    // Eleven rows of it say something new: 110 and 1100 to 1109.
    let again = file(0..1_203).replace("\n110", "\n9110") + "bad\n";
    jobs.put("job_offers/a.csv", again).await;
    jobs.split_new_files().await.unwrap();
    jobs.store_all().await;
    assert_eq!(numbers(&jobs, "a").await, json!([11, 1_192, 1, 0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_come_twice_and_functions_that_are_killed_change_no_number() {
    let jobs = Jobs::start().await;
    for rows in [0..2_000, 1_000..2_500] {
        jobs.put("job_offers/a.csv", file(rows)).await;
        // Each file is split twice, as after a failure.
        let files = emulator::Queue {
            name: "files",
            ..QUEUE
        };
        for message in jobs.queues.receive(files, 10).await.unwrap() {
            for _ in 0..2 {
                let event = serde_json::from_str(&message.body).unwrap();
                jobs::split(&jobs.split, event).await.unwrap();
            }
            jobs.queues.delete(vec![message.id]).await.unwrap();
        }
        // Some are stored by one that is killed before it notes it.
        let some = jobs.queues.peek(QUEUE.name, 400).await.unwrap();
        let store = |event| failed(&jobs.store, event);
        for message in some {
            let sent: Value = serde_json::from_str(&message.attributes).unwrap();
            let event = json!({ "Records": [{
                "messageId": message.id,
                "body": message.body,
                "messageAttributes": {
                    "version": { "stringValue": sent["version"]["StringValue"] },
                },
            }] });
            assert!(store(event).await.is_empty());
        }
        jobs.store_all().await;
    }
    assert_eq!(jobs.stored().await.len(), 2_500);
    // What one stored that did not note it counts as stored.
    assert_eq!(numbers(&jobs, "a").await, json!([900, 600, 0, 0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_store_the_same_as_single_writes() {
    let jobs = Jobs::start().await;
    let store = jobs.store_in_transactions();
    let mut source = jobs.source();
    source.batch = 250;
    for (rows, expected) in [
        (file(0..1_000), json!([1_000, 0, 0, 0])),
        (file(0..1_000), json!([0, 1_000, 0, 0])),
        (file(500..1_500), json!([500, 500, 0, 0])),
        (
            file(0..600).replace("Boulanger", "Boulangère"),
            json!([600, 0, 0, 0]),
        ),
        // The later line wins, whether or not both are in one transaction.
        (
            file(2_000..2_003) + "2000,Lyon,Other,,,,,,,,\n",
            json!([4, 0, 0, 0]),
        ),
    ] {
        jobs.put("job_offers/a.csv", rows).await;
        jobs.split_new_files().await.unwrap();
        let function = |event| failed(&store, event);
        while source.next(&function).await.unwrap() > 0 {}
        assert_eq!(numbers(&jobs, "a").await, expected);
    }
    assert_eq!(jobs.stored().await.len(), 1_503);
    let last = jobs.on("get", "2000", None).await;
    assert_eq!(last.body["company_name"], "Other");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_dead_is_said_to_be_until_it_is_stored() {
    let jobs = Jobs::start().await;
    let proxy = testkit::FaultProxy::start(&jobs.dynamodb).await.unwrap();
    let config = jobs.dynamodb.config_at(proxy.endpoint());
    let broken = jobs::Store {
        offers: crate::support::api(config.client().unwrap()).offers,
        ..jobs.store.clone()
    };
    jobs.put("job_offers/a.csv", file(0..12)).await;
    jobs.split_new_files().await.unwrap();
    proxy.set(Some(testkit::Fault::InternalError));
    let source = jobs.source();
    let store = |event| failed(&broken, event);
    while source.next(&store).await.unwrap() > 0 {}
    assert_eq!(numbers(&jobs, "a").await, json!([0, 0, 0, 12]));
    proxy.set(None);
    jobs.queues.redrive(QUEUE).await.unwrap();
    jobs.store_all().await;
    assert_eq!(numbers(&jobs, "a").await, json!([12, 0, 0, 0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_nothing_can_be_used_is_said_at_once() {
    let jobs = Jobs::start().await;
    let empty = "the file is empty: it has no header";
    let bad = format!("{HEADER},Lyon,,,,,,,,,\n");
    for (name, text, expected, error) in [
        ("empty", String::new(), json!([0, 0, 0, 0]), json!(empty)),
        (
            "header",
            HEADER.to_owned(),
            json!([0, 0, 0, 0]),
            Value::Null,
        ),
        ("bad", bad, json!([0, 0, 1, 0]), Value::Null),
    ] {
        jobs.put(&format!("job_offers/{name}.csv"), text).await;
        jobs.split_new_files().await.unwrap();
        assert_eq!(numbers(&jobs, name).await, expected);
        assert_eq!(jobs.loaded(name).await["error"], error);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_later_is_newer_though_the_clock_went_back() {
    let jobs = Jobs::start().await;
    let event = |time: &str, sequencer: &str| {
        serde_json::from_value(json!({ "Records": [{
            "eventTime": time,
            "s3": {
                "bucket": { "name": "job-offers" },
                "object": { "key": "job_offers/a.csv", "sequencer": sequencer },
            },
        }] }))
        .unwrap()
    };
    let title = async |time, sequencer, title: &str| {
        jobs.put("job_offers/a.csv", file(1..2).replace("Boulanger", title))
            .await;
        jobs::split(&jobs.split, event(time, sequencer))
            .await
            .unwrap();
        jobs.store_all().await;
        jobs.on("get", "1", None).await.body["title"].clone()
    };
    let first = title("2026-11-20T10:30:00.000Z", "0055AED6DCD90281E5", "first");
    assert_eq!(first.await, "first");
    let second = title("2026-11-20T10:29:00.000Z", "0055AED6DCD90281E6", "second");
    assert_eq!(second.await, "second");
    let changed = jobs.on("put", "1", Some(r#"{"title":"owner"}"#)).await;
    assert_eq!(changed.status, 200);
    let third = title("2026-11-20T10:29:30.000Z", "0055AED6DCD90281E7A", "third");
    assert_eq!(third.await, "third");
    // An event that was late is of an older file.
    let late = title("2026-11-19T10:30:00.000Z", "0055AED6DCD90281E4", "late");
    assert_eq!(late.await, "third");
}
