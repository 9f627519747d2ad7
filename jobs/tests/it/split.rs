//! Files into messages: every row arrives, or is in the report with its reason.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{HEADER, Jobs, QUEUE, failed};
use aws_sdk_sqs::Client;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use emulator::Depth;
use jobs::{Sent, Split, clients};
use serde_json::{Value, json};

/// A file of rows with these ids.
fn file(ids: impl Iterator<Item = usize>) -> String {
    let rows = ids.map(|id| {
        format!("{id},Lyon,\"Pain, Beurre & Cie\",Boulanger,https://jobs.example/{id},CDI,,NULL,pain,2026-11-01,site\n")
    });
    HEADER.to_owned() + &rows.collect::<String>()
}

/// Four files as they come, 1,608 rows in all.
async fn put_four_files(jobs: &Jobs) {
    let mut first = 0;
    for (n, rows) in [141, 252, 215, 1_000].into_iter().enumerate() {
        let key = format!("job_offers/{n}.csv");
        jobs.put(&key, file(first..first + rows)).await;
        first += rows;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_four_files_is_stored_once_however_often_they_come() {
    let jobs = Jobs::start().await;
    for _ in 0..2 {
        put_four_files(&jobs).await;
        let loaded = jobs.split_new_files().await.unwrap();
        assert_eq!((loaded.sent, loaded.rejected), (1_608, 0));
    }
    assert_eq!(jobs.queues.depth(QUEUE.name).await.unwrap().waiting, 3_216);
    // Some are received by a consumer that is killed before it deletes them, and
    // some stored by one that is.
    let lost = jobs.queues.receive(QUEUE, 300).await.unwrap();
    let stored = lost.iter().take(150);
    let records = stored.map(|m| json!({ "messageId": m.id, "body": m.body }));
    let event = json!({ "Records": records.collect::<Vec<_>>() });
    assert!(failed(&jobs.store, event).await.is_empty());
    tokio::time::sleep(2 * QUEUE.visibility_timeout).await;
    jobs.store_all().await;
    assert_eq!(jobs.stored().await.len(), 1_608);
    let dead = jobs.queues.depth(QUEUE.dead_letters).await.unwrap();
    assert_eq!(dead, Depth::default());
    assert_eq!(jobs.object("job_offers_rejected/0.csv").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_used_is_in_the_report_and_the_rest_is_sent() {
    let jobs = Jobs::start().await;
    let mut text = file(1..3).into_bytes();
    text.extend(b",Lyon,,,,,,,,,\n5,,,,,,,,,,\nno row\n7,Lyon,caf\xe9,,,,,,,,\n8,Lyon,");
    text.extend("x".repeat(2_000_000).bytes());
    text.extend(b",,,,,,,,\n2,Oslo,\"a \"\"b\"\"\",,,,,,,,\n");
    jobs.put("job_offers/a.csv", text).await;
    assert_eq!(
        jobs.split_new_files().await.unwrap(),
        Sent {
            sent: 4,
            rejected: 4
        }
    );
    assert_eq!(
        jobs.object("job_offers_rejected/a.csv").await.unwrap(),
        "line,reason\n\
         4,\"`id` is missing\"\n\
         5,\"`city` is missing\"\n\
         6,\"the row has 1 column instead of 11\"\n\
         8,\"the row is longer than 65536 bytes\"\n\
         ,\"line 7 is not UTF-8 and is read as Windows-1252, which is a guess\"\n"
    );
    jobs.store_all().await;
    assert_eq!(
        jobs.stored().await,
        ["1 Lyon", "2 Lyon", "2 Oslo", "7 Lyon"]
    );
}

#[tokio::test]
async fn a_file_that_is_well_at_last_has_no_report_any_more() {
    let jobs = Jobs::start().await;
    for (rows, has_report) in [("bad\n", true), ("1,Lyon,,,,,,,,,\n", false)] {
        jobs.put("job_offers/lyon.csv", HEADER.to_owned() + rows)
            .await;
        jobs.split_new_files().await.unwrap();
        let report = jobs.object("job_offers_rejected/lyon.csv").await;
        assert_eq!(report.is_some(), has_report, "{rows}");
    }
}

#[tokio::test]
async fn a_file_that_is_none_is_told_in_its_report() {
    let jobs = Jobs::start().await;
    let no_city = HEADER.replace("city,", "");
    for (name, text, reason) in [
        ("empty", "", "the file is empty: it has no header"),
        (
            "no-city",
            &*no_city,
            "the header lacks the column \"\"city\"\", so no row of the file can be read",
        ),
    ] {
        jobs.put(&format!("job_offers/{name}.csv"), text).await;
        jobs.split_new_files().await.unwrap();
        assert_eq!(
            jobs.object(&format!("job_offers_rejected/{name}.csv"))
                .await
                .unwrap(),
            format!("line,reason\n1,\"{reason}\"\n")
        );
    }
    jobs.put("job_offers/header.csv", HEADER).await;
    assert_eq!(jobs.split_new_files().await.unwrap(), Sent::default());
    assert_eq!(jobs.object("job_offers_rejected/header.csv").await, None);
}

#[tokio::test]
async fn keys_may_have_spaces_signs_and_letters_of_any_kind() {
    let jobs = Jobs::start().await;
    let names = [
        "Aix en Provence",
        "a+b",
        "100%",
        "%41",
        "求人 été",
        "x/y&z=1?",
    ];
    for (n, name) in names.into_iter().enumerate() {
        let text = file(n..n + 1) + "bad\n";
        jobs.put(&format!("job_offers/{name}.csv"), text).await;
    }
    jobs.split_new_files().await.unwrap();
    for name in names {
        let report = format!("job_offers_rejected/{name}.csv");
        assert!(jobs.object(&report).await.is_some(), "{report}");
    }
    jobs.store_all().await;
    assert_eq!(jobs.stored().await.len(), names.len());
}

#[tokio::test]
async fn all_files_of_an_event_are_read() {
    let jobs = Jobs::start().await;
    for (key, id) in [("lyon", 1), ("Aix en Provence + 100% été", 2)] {
        jobs.put(&format!("job_offers/{key}.csv"), file(id..id + 1))
            .await;
    }
    let event = include_str!("../../../events/jobs-split-two-files.json");
    let event = serde_json::from_str(event).unwrap();
    assert_eq!(jobs::split(&jobs.split, event).await.unwrap().sent, 2);
}

#[tokio::test]
async fn a_file_that_may_not_be_read_is_not_taken_for_one_that_is_gone() {
    let jobs = Jobs::start().await;
    let split = Split {
        s3: clients::s3(&jobs.s3.config_without_list()).unwrap(),
        ..jobs.split.clone()
    };
    let event = include_str!("../../../events/jobs-split.json");
    let event = serde_json::from_str(event).unwrap();
    // Lambda tries it again, and keeps the event in the end.
    jobs::split(&split, event).await.unwrap_err();
}

#[tokio::test]
async fn files_elsewhere_are_left_alone_and_one_that_is_gone_is_no_failure() {
    let jobs = Jobs::start().await;
    jobs.put("job_offers/folder/", "").await;
    for key in ["lyon.csv", "job_offers_rejected/x.csv"] {
        jobs.put(key, file(0..1)).await;
    }
    assert_eq!(jobs.split_new_files().await.unwrap(), Sent::default());
    let event = include_str!("../../../events/jobs-split.json");
    let event = serde_json::from_str(event).unwrap();
    let gone = jobs::split(&jobs.split, event).await.unwrap();
    assert_eq!(gone, Sent::default());
    let said = jobs.loaded("lyon").await;
    assert_eq!(said["error"], "the file was removed before it was read");
}

#[tokio::test]
async fn a_file_of_another_kind_is_told_by_its_name() {
    let jobs = Jobs::start().await;
    for key in ["lyon.txt", "lyon.csv.gz", ".DS_Store"] {
        jobs.put(&format!("job_offers/{key}"), file(0..1)).await;
        assert_eq!(jobs.split_new_files().await.unwrap().sent, 0);
        let reason = "the file is not read, since its name does not end in .csv";
        let report = jobs.object(&format!("job_offers_rejected/{key}.csv")).await;
        assert_eq!(report.unwrap(), format!("line,reason\n1,\"{reason}\"\n"));
        assert_eq!(jobs.loaded(key).await["error"], reason);
    }
    jobs.put("job_offers/OSLO.CSV", file(0..3)).await;
    assert_eq!(jobs.split_new_files().await.unwrap().sent, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_of_many_rows_is_whole() {
    let jobs = Jobs::start().await;
    let rows = 220_000;
    let text = HEADER.to_owned() + &",Lyon,,,,,,,,,\n".repeat(rows);
    jobs.put("job_offers/bad.csv", text).await;
    let loaded = jobs.split_new_files().await.unwrap();
    assert_eq!(loaded.rejected, rows as u64);
    let report = jobs.object("job_offers_rejected/bad.csv").await.unwrap();
    assert!(report.len() > 5 * 1024 * 1024, "in one part");
    assert!(report.starts_with("line,reason\n2,\"`id` is missing\"\n3,"));
    assert_eq!(report.lines().count(), rows + 1);
}

/// A queue in front of another that refuses every third entry it sees, and for
/// good the one with this id.
struct Refusing {
    queue: Client,
    seen: AtomicUsize,
    forwarded: AtomicUsize,
}

const NEVER: &str = "7";

async fn refuse(State(state): State<Arc<Refusing>>, body: String) -> String {
    let batch: Value = serde_json::from_str(&body).unwrap();
    let (mut sent, mut failures) = (Vec::new(), Vec::new());
    let mut call = state.queue.send_message_batch();
    for entry in batch["Entries"].as_array().unwrap() {
        let id = &entry["Id"];
        if id == NEVER {
            failures
                .push(json!({ "Id": id, "Code": "InvalidMessageContents", "SenderFault": true }));
        } else if state.seen.fetch_add(1, Ordering::SeqCst).is_multiple_of(3) {
            failures.push(json!({ "Id": id, "Code": "InternalError", "SenderFault": false }));
        } else {
            sent.push(json!({ "Id": id, "MessageId": id, "MD5OfMessageBody": "" }));
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let entry = aws_sdk_sqs::types::SendMessageBatchRequestEntry::builder()
                .id(text(id))
                .message_body(text(&entry["MessageBody"]));
            call = call.entries(entry.build().unwrap());
        }
    }
    if !sent.is_empty() {
        state.forwarded.fetch_add(sent.len(), Ordering::SeqCst);
        let url = batch["QueueUrl"].as_str().unwrap();
        call.queue_url(url).send().await.unwrap();
    }
    json!({ "Successful": sent, "Failed": failures }).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_queue_refuses_is_sent_again_and_what_it_never_takes_is_reported() {
    let jobs = Jobs::start().await;
    let state = Arc::new(Refusing {
        queue: jobs.split.sqs.clone(),
        seen: AtomicUsize::new(0),
        forwarded: AtomicUsize::new(0),
    });
    let app = Router::new()
        .route("/", post(refuse))
        .with_state(Arc::clone(&state));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = jobs.sqs.config();
    config.endpoint = Some(format!("http://{}", listener.local_addr().unwrap()));
    config.transport = None;
    let server = tokio::spawn(async { axum::serve(listener, app).await });
    let split = Split {
        sqs: jobs::clients::sqs(&config).unwrap(),
        ..jobs.split.clone()
    };
    jobs.put("job_offers/lyon.csv", file(0..500)).await;
    let event = include_str!("../../../events/jobs-split.json");
    let event = serde_json::from_str(event).unwrap();
    let loaded = tokio::time::timeout(Duration::from_secs(60), jobs::split(&split, event));
    let loaded = loaded.await.unwrap().unwrap();
    server.abort();
    assert_eq!((loaded.sent, loaded.rejected), (499, 1));
    // Each reached the queue once: what had been taken was not sent again.
    assert_eq!(state.forwarded.load(Ordering::SeqCst), 499);
    assert_eq!(
        jobs.object("job_offers_rejected/lyon.csv").await.unwrap(),
        "line,reason\n7,\"the queue refuses the row: InvalidMessageContents\"\n"
    );
    jobs.store_all().await;
    assert_eq!(jobs.stored().await.len(), 499);
}
