//! A write that was acknowledged stays, however the program ends.

use std::collections::HashSet;
use std::sync::Arc;

use crate::program::Program;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

#[tokio::test]
async fn the_count_goes_on_after_a_clean_stop() {
    let folder = tempfile::tempdir().unwrap();
    for expected in 1..=2 {
        let program = Program::on_disk(folder.path(), &[]);
        assert_eq!(program.hit("p").await.unwrap(), expected);
        assert!(program.terminate().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_acknowledged_number_is_lost_or_given_twice_over_kills() {
    survives_kills(2_500, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_with_fsync() {
    survives_kills(500, &["--fsync"]).await;
}

/// Counts on 64 connections and kills the program each time that many hits are
/// acknowledged, four times.
async fn survives_kills(hits: u32, more: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = HashSet::new();
    for _ in 0..4 {
        let highest = seen.iter().max().copied().unwrap_or(0);
        let program = Arc::new(Program::on_disk(folder.path(), more));
        let enough = Arc::new(Semaphore::new(0));
        let mut connections = JoinSet::new();
        for _ in 0..64 {
            let (program, enough) = (Arc::clone(&program), Arc::clone(&enough));
            connections.spawn(async move {
                let mut acknowledged = Vec::new();
                loop {
                    match program.hit("p").await {
                        Ok(number) => {
                            acknowledged.push(number);
                            enough.add_permits(1);
                        }
                        // A moment in which the machine was slow.
                        Err(error) if error.status().is_some() => {}
                        Err(_) => return acknowledged,
                    }
                }
            });
        }
        let _ = enough.acquire_many(hits).await.unwrap();
        program.kill();
        for number in connections.join_all().await.concat() {
            assert!(number > highest, "{number} was counted before the kill");
            assert!(seen.insert(number), "{number} was given twice");
        }
    }
    let program = Program::on_disk(folder.path(), more);
    let next = program.hit("p").await.unwrap();
    assert!(next > seen.into_iter().max().unwrap());
    program.terminate();
}
