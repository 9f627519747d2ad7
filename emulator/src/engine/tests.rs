use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::*;

const CREATE: &str = r#"{"TableName":"things","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}"#;
const COUNT: &str = r#"{"TableName":"things","Key":{"id":{"S":"a"}},
    "UpdateExpression":"ADD hits :one","ReturnValues":"UPDATED_NEW",
    "ExpressionAttributeValues":{":one":{"N":"1"}}}"#;

struct Store {
    engine: Engine,
    syncs: Arc<AtomicUsize>,
    _folder: TempDir,
}

impl Store {
    /// A store whose sync counts its calls, and fails from the given one on.
    async fn start(failing_from: usize) -> Self {
        let syncs = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&syncs);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dynamodb.sqlite");
        let (database, disk) = Disk::open(&file, Durability::Process).unwrap();
        let disk = disk.with_sync(Box::new(move || {
            match count.fetch_add(1, Ordering::SeqCst) {
                n if n + 1 >= failing_from => Err(io::Error::other("the disk is gone")),
                _ => Ok(()),
            }
        }));
        let throughput = Throughput::new(&database, Duration::ZERO).unwrap();
        let (engine, _thread) = Engine::start(database, Some(disk), throughput).unwrap();
        let store = Self {
            engine,
            syncs,
            _folder: folder,
        };
        store.run(Operation::CreateTable, CREATE).await.unwrap();
        store
    }

    async fn run(&self, operation: Operation, body: &str) -> Result<String> {
        self.engine.run(operation, body.to_owned()).await
    }

    fn syncs(&self) -> usize {
        self.syncs.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn every_write_is_answered_after_a_sync_and_a_read_needs_none() {
    let store = Store::start(usize::MAX).await;
    for expected in 2..5 {
        store.run(Operation::UpdateItem, COUNT).await.unwrap();
        assert_eq!(store.syncs(), expected);
    }
    let key = r#"{"TableName":"things","Key":{"id":{"S":"a"}}}"#;
    let item = store.run(Operation::GetItem, key).await.unwrap();
    assert!(item.contains(r#""hits":{"N":"3"}"#), "{item}");
    assert_eq!(store.syncs(), 4);
}

#[tokio::test]
async fn writes_that_wait_share_one_sync() {
    let store = Store::start(usize::MAX).await;
    let calls = (0..200).map(|_| {
        let engine = store.engine.clone();
        tokio::spawn(async move { engine.run(Operation::UpdateItem, COUNT.into()).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    assert!(store.syncs() < 200);
}

#[tokio::test]
async fn after_a_failed_sync_nothing_is_acknowledged_and_the_owner_of_the_process_hears_of_it() {
    let store = Store::start(2).await;
    let mut health = store.engine.health();
    assert_eq!(*health.borrow(), Health::Well);
    for _ in 0..3 {
        let answer = store.run(Operation::UpdateItem, COUNT).await;
        assert!(matches!(answer, Err(DynoxideError::InternalServerError(_))));
    }
    let ended = Health::Ended("a write did not reach the disk: the disk is gone".to_owned());
    let seen = health.wait_for(|health| *health == ended);
    tokio::time::timeout(Duration::from_secs(10), seen)
        .await
        .unwrap()
        .unwrap();
}
