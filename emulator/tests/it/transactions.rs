//! Transactions that put new items: all of them or none, whichever way the store
//! takes.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem,
};
use backend::{Index, Table};
use emulator::{DynamoDb, ensure_table};

const OFFERS: Table = Table {
    name: "offers",
    partition_key: "id",
    sort_key: Some("city"),
    time_to_live: None,
    indexes: &[Index {
        name: "by-city",
        partition_key: "city",
        sort_key: "id",
    }],
};

async fn start() -> (DynamoDb, Client) {
    let store = DynamoDb::in_memory().await.unwrap();
    let client = store.config().client().unwrap();
    ensure_table(&client, OFFERS).await.unwrap();
    (store, client)
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// Puts offers of Lyon, each an id and a title, in one transaction.
async fn put(client: &Client, offers: &[(&str, &str)]) -> Result<(), TransactWriteItemsError> {
    let puts = offers.iter().map(|(id, title)| {
        let put = Put::builder().table_name("offers");
        let put = put.item("id", text(id)).item("city", text("Lyon"));
        let put = put.item("title", text(title)).item("version", text("1"));
        let put = put
            .condition_expression("attribute_not_exists(#version)")
            .expression_attribute_names("#version", "version")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        TransactWriteItem::builder()
            .put(put.build().unwrap())
            .build()
    });
    let call = client.transact_write_items();
    let answer = call.set_transact_items(Some(puts.collect())).send().await;
    answer
        .map(drop)
        .map_err(aws_sdk_dynamodb::error::SdkError::into_service_error)
}

/// The offers of Lyon in the index, each an id and a title.
async fn indexed(client: &Client) -> Vec<(String, String)> {
    let query = client.query().table_name("offers").index_name("by-city");
    let query = query.key_condition_expression("city = :city");
    let query = query.expression_attribute_values(":city", text("Lyon"));
    let items = query.send().await.unwrap().items.unwrap_or_default();
    let read = |value: &AttributeValue| value.as_s().unwrap().clone();
    let offers = items
        .iter()
        .map(|item| (read(&item["id"]), read(&item["title"])));
    offers.collect()
}

fn owned(offers: &[(&str, &str)]) -> Vec<(String, String)> {
    let offers = offers.iter();
    offers
        .map(|(id, title)| ((*id).to_owned(), (*title).to_owned()))
        .collect()
}

#[tokio::test]
async fn new_items_are_in_the_table_and_in_its_index() {
    let (_store, client) = start().await;
    // The last one is too long to be a key.
    let long = "l".repeat(2_000);
    put(&client, &[("1", "Baker"), ("2", "Cook")])
        .await
        .unwrap();
    put(&client, &[("3", "Miller"), ("4", &long)])
        .await
        .unwrap();
    let expected = owned(&[("1", "Baker"), ("2", "Cook"), ("3", "Miller"), ("4", &long)]);
    assert_eq!(indexed(&client).await, expected);
    let scan = client.scan().table_name("offers").send().await.unwrap();
    assert_eq!(scan.count, 4);
}

#[tokio::test]
async fn one_item_that_is_there_cancels_all_and_comes_with_its_reason() {
    let (_store, client) = start().await;
    put(&client, &[("1", "Baker"), ("2", "Cook")])
        .await
        .unwrap();
    let error = put(&client, &[("3", "Miller"), ("2", "Waiter")]).await;
    let Err(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error else {
        panic!("{error:?}");
    };
    let reasons = cancelled.cancellation_reasons();
    let codes: Vec<_> = reasons
        .iter()
        .map(|reason| reason.code().unwrap())
        .collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    assert_eq!(reasons[1].item().unwrap()["title"], text("Cook"));
    assert_eq!(
        indexed(&client).await,
        owned(&[("1", "Baker"), ("2", "Cook")])
    );
}

#[tokio::test]
async fn what_cannot_be_put_leaves_nothing_behind() {
    let (_store, client) = start().await;
    for offers in [
        [("1", "Baker"), ("1", "Cook")],
        [("1", "Baker"), ("", "Cook")],
    ] {
        let error = put(&client, &offers).await.unwrap_err();
        assert_eq!(error.code(), Some("ValidationException"), "{offers:?}");
    }
    assert_eq!(indexed(&client).await, []);
}
