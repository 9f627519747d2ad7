//! The queues as senders and receivers see them.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use emulator::{Depth, Durability, EventSource, Queue, Queues};
use serde_json::Value;

const QUEUE: Queue = Queue {
    name: "things",
    visibility_timeout: Duration::from_secs(60),
    max_receives: 2,
    dead_letters: "dead-things",
};

async fn send(queues: &Queues, bodies: &[&str]) {
    let bodies = bodies.iter();
    let messages = bodies.map(|body| ((*body).to_owned(), "{}".to_owned()));
    queues.send(QUEUE.name, messages.collect()).await.unwrap();
}

/// The bodies of the messages that are received.
async fn receive(queues: &Queues) -> Vec<String> {
    let messages = queues.receive(QUEUE, 10).await.unwrap();
    messages.into_iter().map(|message| message.body).collect()
}

#[tokio::test]
async fn a_received_message_is_hidden_until_its_time_is_over() {
    let queues = Queues::in_memory().unwrap();
    let short = Queue {
        visibility_timeout: Duration::from_millis(100),
        ..QUEUE
    };
    send(&queues, &["a"]).await;
    let first = queues.receive(short, 10).await.unwrap();
    assert_eq!((first[0].body.as_str(), first[0].receives), ("a", 1));
    assert!(receive(&queues).await.is_empty());
    tokio::time::sleep(Duration::from_millis(150)).await;
    let second = queues.receive(short, 10).await.unwrap();
    assert_eq!((&second[0].id, second[0].receives), (&first[0].id, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_at_the_same_time_arrives_once_each_and_ids_are_those_that_are_received() {
    let queues = Queues::in_memory().unwrap();
    let sends = (0..40).map(|n| {
        let queues = queues.clone();
        tokio::spawn(async move {
            let bodies = (0..10).map(|m| (format!("{n} {m}"), "{}".to_owned()));
            queues.send(QUEUE.name, bodies.collect()).await.unwrap()
        })
    });
    let mut given = Vec::new();
    for (n, send) in sends.collect::<Vec<_>>().into_iter().enumerate() {
        for (m, id) in send.await.unwrap().into_iter().enumerate() {
            given.push((id, format!("{n} {m}")));
        }
    }
    let received = queues.receive(QUEUE, 1_000).await.unwrap().into_iter();
    let mut received: Vec<_> = received.map(|m| (m.id, m.body)).collect();
    given.sort();
    received.sort();
    assert_eq!(received, given);
}

#[tokio::test]
async fn what_was_received_by_a_process_that_ended_is_given_again_and_the_rest_as_well() {
    for durability in [Durability::Process, Durability::PowerLoss] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("queues.sqlite");
        let queues = Queues::on_disk(&file, durability).unwrap();
        send(&queues, &["a", "b", "c"]).await;
        let received = queues.receive(QUEUE, 2).await.unwrap();
        queues.delete(vec![received[0].id.clone()]).await.unwrap();
        drop(queues);
        let queues = Queues::on_disk(&file, durability).unwrap();
        assert_eq!(receive(&queues).await, ["b", "c"]);
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "another user could read it");
    }
}

#[tokio::test]
async fn another_process_looks_and_redrives_while_this_one_delivers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queues.sqlite");
    let queues = Queues::on_disk(&file, Durability::Process).unwrap();
    send(&queues, &["a", "b"]).await;
    for _ in 0..QUEUE.max_receives {
        for message in queues.receive(QUEUE, 10).await.unwrap() {
            queues.retry(message.id, Duration::ZERO).await.unwrap();
        }
    }
    assert!(receive(&queues).await.is_empty());

    let beside = Queues::beside(&file).unwrap();
    let dead = beside.depth(QUEUE.dead_letters).await.unwrap();
    assert_eq!(
        dead,
        Depth {
            waiting: 2,
            hidden: 0
        }
    );
    assert_eq!(beside.redrive(QUEUE).await.unwrap(), 2);
    assert_eq!(receive(&queues).await, ["a", "b"]);
    // They stay hidden, although another process has looked.
    Queues::beside(&file).unwrap();
    assert!(receive(&queues).await.is_empty());
}

/// Queues in a file, and a connection of its own to that.
fn on_disk() -> (tempfile::TempDir, Queues, rusqlite::Connection) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("queues.sqlite");
    let queues = Queues::on_disk(&file, Durability::Process).unwrap();
    let database = rusqlite::Connection::open(&file).unwrap();
    (folder, queues, database)
}

/// A source that gives a failed message back at once.
fn source(queues: &Queues) -> EventSource {
    EventSource {
        queues: queues.clone(),
        queue: QUEUE,
        batch: 10,
        retry: Duration::ZERO,
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_deleted_is_deleted_as_soon_as_it_can_be() {
    let (_folder, queues, database) = on_disk();
    let fault = "CREATE TRIGGER fault BEFORE DELETE ON messages
        BEGIN SELECT RAISE(ABORT, 'the disk is not well'); END";
    database.execute(fault, ()).unwrap();
    send(&queues, &["a"]).await;
    let source = source(&queues);
    let calls = Arc::new(AtomicUsize::new(0));
    let called = calls.clone();
    let running = tokio::spawn(source.run(move |_| {
        called.fetch_add(1, Ordering::Relaxed);
        async { Vec::new() }
    }));
    while calls.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    let hidden = async || queues.depth(QUEUE.name).await.unwrap().hidden;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(hidden().await, 1, "the fault is none");
    database.execute("DROP TRIGGER fault", ()).unwrap();
    for _ in 0..500 {
        if hidden().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(hidden().await, 0);
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    running.abort();
}

#[tokio::test]
async fn a_message_that_cannot_be_given_back_is_given_back_as_soon_as_it_can_be() {
    let (_folder, queues, database) = on_disk();
    // To receive a message counts, and to give it back does not.
    let fault = "CREATE TRIGGER fault BEFORE UPDATE OF visible ON messages
        WHEN NEW.receives = OLD.receives
        BEGIN SELECT RAISE(ABORT, 'the disk is not well'); END";
    database.execute(fault, ()).unwrap();
    send(&queues, &["a"]).await;
    let source = source(&queues);
    let calls = Arc::new(AtomicUsize::new(0));
    let called = calls.clone();
    let running = tokio::spawn(source.run(move |event| {
        let is_first = called.fetch_add(1, Ordering::Relaxed) == 0;
        let id = event["Records"][0]["messageId"]
            .as_str()
            .unwrap()
            .to_owned();
        async move { is_first.then_some(id).into_iter().collect() }
    }));
    while calls.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(calls.load(Ordering::Relaxed), 1, "the fault is none");
    database.execute("DROP TRIGGER fault", ()).unwrap();
    for _ in 0..500 {
        if calls.load(Ordering::Relaxed) > 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(calls.load(Ordering::Relaxed), 2);
    running.abort();
}

#[tokio::test]
async fn a_message_that_makes_the_function_panic_fails_alone() {
    let queues = Queues::in_memory().unwrap();
    send(&queues, &["a", "poison", "b"]).await;
    let source = source(&queues);
    let function = async |event: Value| {
        // No id of a message, which is hexadecimal, holds that word.
        assert!(
            !event.to_string().contains("poison"),
            "cannot be dealt with"
        );
        Vec::new()
    };
    assert_eq!(source.next(&|event| function(event)).await.unwrap(), 3);
    assert_eq!(receive(&queues).await, ["poison"]);
}
