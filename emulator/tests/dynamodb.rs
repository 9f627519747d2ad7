//! The embedded store as its callers see it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::AttributeValue;
use backend::dynamodb::AccessKey;
use emulator::{Durability, DynamoDb, create_table};

async fn put(client: &Client, id: &str) {
    client
        .put_item()
        .table_name("things")
        .item("id", AttributeValue::S(id.to_owned()))
        .send()
        .await
        .unwrap();
}

async fn count(client: &Client) -> i32 {
    let page = client.scan().table_name("things").send().await.unwrap();
    page.count()
}

#[tokio::test]
async fn a_caller_with_another_access_key_is_refused() {
    let store = DynamoDb::in_memory().await.unwrap();
    let mut config = store.config();
    config.credentials = Some(AccessKey {
        id: "guessed".to_owned(),
        secret: "guessed".to_owned(),
    });
    let client = config.client().unwrap();
    let refused = client.scan().table_name("things").send().await.unwrap_err();
    assert_eq!(refused.code(), Some("UnrecognizedClientException"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_there_after_a_restart() {
    for durability in [Durability::Process, Durability::PowerLoss] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dynamodb.sqlite");
        for round in 1..=3 {
            let store = DynamoDb::on_disk(&file, durability).await.unwrap();
            let client = store.config().client().unwrap();
            create_table(&client, "things", "id").await.unwrap();
            put(&client, &round.to_string()).await;
            assert_eq!(count(&client).await, round);
            store.stop().await;
        }
    }
}
