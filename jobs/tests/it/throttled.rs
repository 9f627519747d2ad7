//! A table that takes few rows a second: the functions take as long as it needs. The
//! numbers are a fortieth of a long file's and ten times a small table's rate;
//! `scripts/hostile throttled` takes the real ones.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use emulator::{Depth, Queue};
use serde_json::json;
use tokio::time::sleep;

use crate::support::{HEADER, Jobs, QUEUE, failed};

const ROWS: usize = 500;
const WRITES_PER_SECOND: i64 = 50;

/// Longer than a batch takes, and than the life of a consumer.
const ROWS_QUEUE: Queue = Queue {
    visibility_timeout: Duration::from_secs(4),
    ..QUEUE
};

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_table_slows_the_functions_and_kills_lose_and_double_nothing() {
    let jobs = Jobs::start_provisioned(WRITES_PER_SECOND).await;
    let rows = (0..ROWS).map(|id| format!("{id},Lyon,,,,,,,pain,,\n"));
    let file = HEADER.to_owned() + &rows.collect::<String>();
    jobs.put("job_offers/a.csv", file).await;
    // It is killed as soon as a row is in the queue.
    let some = async {
        while jobs.queues.depth(QUEUE.name).await.unwrap() == Depth::default() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        split = jobs.split_new_files() => panic!("all of it was read: {split:?}"),
        () = some => {}
    }
    sleep(2 * QUEUE.visibility_timeout).await;
    assert_eq!(jobs.split_new_files().await.unwrap().sent, ROWS as u64);
    let failures = Arc::new(AtomicUsize::new(0));
    while jobs.queues.depth(QUEUE.name).await.unwrap() != Depth::default() {
        let consumers = [0, 1].map(|_| {
            let mut source = jobs.source();
            source.queue = ROWS_QUEUE;
            let (store, failures) = (jobs.store.clone(), Arc::clone(&failures));
            tokio::spawn(source.run(move |event| {
                let (store, failures) = (store.clone(), Arc::clone(&failures));
                async move {
                    let failed = failed(&store, event).await;
                    failures.fetch_add(failed.len(), Ordering::SeqCst);
                    failed
                }
            }))
        });
        sleep(Duration::from_secs(3)).await;
        for consumer in &consumers {
            consumer.abort();
        }
    }
    assert_eq!(failures.load(Ordering::SeqCst), 0, "calls were given up");
    let dead = jobs.queues.depth(QUEUE.dead_letters).await.unwrap();
    assert_eq!(dead, Depth::default());
    assert_eq!(jobs.stored().await.len(), ROWS);
    let said = jobs.loaded("a").await;
    let numbers = ["read", "stored", "already_there", "refused", "dead"];
    let numbers = numbers.map(|name| said[name].clone());
    assert_eq!(json!(numbers), json!([ROWS, ROWS, 0, 0, 0]));
}
