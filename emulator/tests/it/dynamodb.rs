//! The embedded store as its callers see it.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnValue, TransactWriteItem, Update};
use backend::dynamodb::AccessKey;
use backend::{Index, Table};
use emulator::{Durability, DynamoDb, ensure_provisioned_table, ensure_table};

const THINGS: Table = Table {
    name: "things",
    partition_key: "id",
    sort_key: None,
    time_to_live: Some("expires"),
    indexes: &[],
};

/// Adds one and returns the sum.
async fn add(client: &Client) -> String {
    let answer = client
        .update_item()
        .table_name("things")
        .key("id", AttributeValue::S("a".to_owned()))
        .update_expression("ADD hits :one")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .return_values(ReturnValue::UpdatedNew)
        .send()
        .await
        .unwrap();
    answer.attributes().unwrap()["hits"].as_n().unwrap().clone()
}

#[tokio::test]
async fn a_port_answers_only_who_signs_with_its_secret() {
    let store = DynamoDb::in_memory().await.unwrap();
    let port = store.listen().await.unwrap();
    let key = port.config().credentials.unwrap();
    let code = async |id: &str, secret: &str| {
        let mut config = port.config();
        config.credentials = Some(AccessKey {
            id: id.to_owned(),
            secret: secret.to_owned(),
        });
        let client = config.client().unwrap();
        let call = client.describe_table().table_name("things");
        call.send().await.unwrap_err().code().map(str::to_owned)
    };
    let there = Some("ResourceNotFoundException".to_owned());
    let refused = Some("UnrecognizedClientException".to_owned());
    assert_eq!(code(&key.id, &key.secret).await, there);
    assert_eq!(code(&key.id, "guessed").await, refused);
    assert_eq!(code("guessed", &key.secret).await, refused);
    assert_eq!(code("in-process", "in-process").await, refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_there_after_a_restart() {
    for durability in [Durability::Process, Durability::PowerLoss] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dynamodb.sqlite");
        for round in 1..=3 {
            let store = DynamoDb::on_disk(&file, durability).await.unwrap();
            let client = store.config().client().unwrap();
            ensure_table(&client, THINGS).await.unwrap();
            assert_eq!(add(&client).await, round.to_string());
            store.stop().await;
        }
    }
}

/// The engine would keep each for ten minutes, and read all of them at each call.
#[tokio::test]
async fn a_transactions_token_is_not_kept() {
    let store = DynamoDb::in_memory().await.unwrap();
    let client = store.config().client().unwrap();
    ensure_table(&client, THINGS).await.unwrap();
    let add = Update::builder()
        .table_name("things")
        .key("id", AttributeValue::S("a".to_owned()))
        .update_expression("ADD hits :one")
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .build()
        .unwrap();
    let add = TransactWriteItem::builder().update(add).build();
    for _ in 0..2 {
        let write = client.transact_write_items().transact_items(add.clone());
        let write = write.client_request_token("the same");
        write.send().await.unwrap();
    }
    let get = client.get_item().table_name("things");
    let get = get.key("id", AttributeValue::S("a".to_owned()));
    let item = get.send().await.unwrap().item.unwrap();
    assert_eq!(item["hits"], AttributeValue::N("2".to_owned()));
}

#[tokio::test]
async fn the_files_are_this_users_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dynamodb.sqlite");
    let _store = DynamoDb::on_disk(&file, Durability::Process).await.unwrap();
    let files = std::fs::read_dir(folder.path()).unwrap();
    let mut modes: Vec<_> = files
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    modes.sort_unstable();
    assert_eq!(
        modes,
        [0o600, 0o600, 0o600, 0o700],
        "the database, its log, the log's index, and the folder of marks"
    );
}

#[tokio::test]
async fn what_has_expired_is_gone_from_the_files_while_the_store_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dynamodb.sqlite");
    let store = DynamoDb::on_disk(&file, Durability::Process).await.unwrap();
    let client = store.config().client().unwrap();
    ensure_table(&client, THINGS).await.unwrap();
    let secret = "what-nobody-may-read-again".repeat(9);
    for (id, expires) in [("old", "1"), ("new", "9999999999")] {
        let item = client.put_item().table_name("things");
        item.item("id", AttributeValue::S(id.to_owned()))
            .item("expires", AttributeValue::N(expires.to_owned()))
            .item("salt", AttributeValue::S(format!("{secret} {id}")))
            .send()
            .await
            .unwrap();
    }
    store.stop().await;

    let store = DynamoDb::on_disk(&file, Durability::Process).await.unwrap();
    let client = store.config().client().unwrap();
    let ids = async || {
        let scan = client.scan().table_name("things").send().await.unwrap();
        let ids = scan.items().iter().map(|item| item["id"].as_s().unwrap());
        ids.cloned().collect::<Vec<_>>()
    };
    let holds = |text: String| {
        let files = std::fs::read_dir(folder.path()).unwrap();
        let files = files.map(|file| file.unwrap().path());
        let mut files = files.filter(|file| file.is_file());
        files.any(|file| {
            let bytes = std::fs::read(file).unwrap();
            bytes.windows(text.len()).any(|w| w == text.as_bytes())
        })
    };
    for _ in 0..500 {
        if ids().await == ["new"] && !holds(format!("{secret} old")) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(ids().await, ["new"]);
    assert!(holds(format!("{secret} new")));
    assert!(
        !holds(format!("{secret} old")),
        "it can still be read in a file"
    );
}

#[tokio::test]
async fn a_set_update_that_would_hold_up_everybody_is_refused() {
    let store = DynamoDb::in_memory().await.unwrap();
    let client = store.config().client().unwrap();
    ensure_table(&client, THINGS).await.unwrap();
    let update = async |clause: &str, members: u32| {
        let members = (0..members).map(|number| number.to_string()).collect();
        let update = client.update_item().table_name("things");
        let update = update.key("id", AttributeValue::S("a".to_owned()));
        let update = update.update_expression(format!("{clause} numbers :numbers"));
        let update = update.expression_attribute_values(":numbers", AttributeValue::Ns(members));
        let answer = update.send().await;
        answer.map_err(|error| error.code().map(str::to_owned))
    };
    let refused = Some("ValidationException".to_owned());
    for clause in ["ADD", "DELETE"] {
        assert_eq!(update(clause, 501).await.unwrap_err(), refused);
        update(clause, 500).await.unwrap();
    }
}

#[tokio::test]
async fn a_provisioned_table_refuses_calls_once_its_units_are_used_and_serves_again_later() {
    let store = DynamoDb::in_memory_with_burst(Duration::ZERO)
        .await
        .unwrap();
    let client = without_retries(&store);
    ensure_table(&client, THINGS).await.unwrap();
    let provisioned = Table {
        name: "provisioned",
        indexes: &BY_CITY,
        ..THINGS
    };
    ensure_provisioned_table(&client, provisioned, 100)
        .await
        .unwrap();
    let item = |id: &str, text: usize| {
        [("id", id), ("city", "Lyon"), ("text", &"x".repeat(text))]
            .map(|(name, value)| (name.to_owned(), AttributeValue::S(value.to_owned())))
    };
    let put = async |table: &str, text: usize| {
        let put = client.put_item().table_name(table);
        let put = put.set_item(Some(item("a", text).into()));
        put.send().await.map(drop).map_err(code)
    };
    // What is let through is served, whatever it takes: here of the next seconds.
    assert_eq!(put("provisioned", 390_000).await, Ok(()));
    assert_eq!(put("provisioned", 1).await, Err(EXCEEDED.to_owned()));
    let parts = ["things", "provisioned"].map(|table| {
        let put = Put::builder().table_name(table);
        let put = put.set_item(Some(item("b", 1).into())).build().unwrap();
        TransactWriteItem::builder().put(put).build()
    });
    let transaction = client.transact_write_items();
    let transaction = transaction.set_transact_items(Some(parts.into()));
    let cancelled = transaction.send().await.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = cancelled else {
        panic!("{cancelled:?}");
    };
    let reasons = cancelled.cancellation_reasons().iter();
    let codes: Vec<_> = reasons.map(|reason| reason.code().unwrap()).collect();
    assert_eq!(codes, ["None", "ProvisionedThroughputExceeded"]);

    // Tables on demand, reads, and each index have units of their own.
    assert_eq!(put("things", 390_000).await, Ok(()));
    assert_eq!(put("things", 390_000).await, Ok(()));
    let scan = async |index: Option<&str>| {
        let scan = client
            .scan()
            .table_name("provisioned")
            .consistent_read(index.is_none());
        let scan = scan.set_index_name(index.map(str::to_owned)).send();
        scan.await.map(|answer| answer.count()).map_err(code)
    };
    let mut reads = 0;
    while scan(None).await.is_ok() {
        reads += 1;
    }
    assert!(reads < 50, "{reads}");
    assert_eq!(scan(Some("by-city")).await, Ok(1));
    while put("provisioned", 1).await.is_err() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

const EXCEEDED: &str = "ProvisionedThroughputExceededException";
const BY_CITY: [Index; 1] = [Index {
    name: "by-city",
    partition_key: "city",
    sort_key: "id",
}];

fn without_retries(store: &DynamoDb) -> Client {
    let config = store.config().client().unwrap().config().to_builder();
    Client::from_conf(config.retry_config(RetryConfig::disabled()).build())
}

fn code<E: ProvideErrorMetadata>(error: E) -> String {
    error.code().unwrap_or_default().to_owned()
}
/// Each operand is copied or compared whole, as often as it is named.
#[tokio::test]
async fn an_expression_that_would_hold_up_everybody_is_refused() {
    let store = DynamoDb::in_memory().await.unwrap();
    let client = store.config().client().unwrap();
    ensure_table(&client, THINGS).await.unwrap();
    let text = AttributeValue::S("x".repeat(100_000));
    let id = || ("id".to_owned(), AttributeValue::S("a".to_owned()));
    let item = [id(), ("text".to_owned(), text.clone())].into();
    let put = client.put_item().table_name("things").set_item(Some(item));
    put.clone().send().await.unwrap();
    let update = client.update_item().table_name("things");
    let update = update.set_key(Some([id()].into()));
    let delete = client.delete_item().table_name("things");
    let delete = delete.set_key(Some([id()].into()));

    let copies = |times: usize| {
        let copies: Vec<_> = (0..times).map(|n| format!("copy{n} = #text")).collect();
        format!("SET {}", copies.join(", "))
    };
    let update = |times| {
        let update = update.clone().update_expression(copies(times));
        let update = update.expression_attribute_names("#text", "text");
        async move { refused_by(&update.send().await.unwrap_err()) }
    };
    let refused = "ValidationException: on this machine";
    assert_eq!(update(30).await, refused);
    // The engine's own word, since the item becomes too long.
    assert_eq!(update(5).await, "ValidationException: ");
    let comparisons = |word: &str| vec![format!("{word} = {word}"); 15].join(" AND ");
    let delete = delete.condition_expression(comparisons("#text"));
    let delete = delete.expression_attribute_names("#text", "text");
    assert_eq!(refused_by(&delete.send().await.unwrap_err()), refused);
    let put = put.condition_expression(format!("id <> :text AND {}", comparisons("text")));
    let put = put.expression_attribute_values(":text", text);
    assert_eq!(refused_by(&put.send().await.unwrap_err()), refused);
}

/// The code, and whether it is this machine that refuses.
fn refused_by(error: &impl ProvideErrorMetadata) -> String {
    let message = error.message().unwrap_or_default();
    let is_ours = message.contains("on this machine");
    let whose = if is_ours { "on this machine" } else { "" };
    format!("{}: {whose}", error.code().unwrap_or_default())
}
