//! Mistakes that only the store can find are the client's to mend as well, and
//! change nothing.

use crate::support::{Answer, Function};

#[tokio::test]
async fn what_the_store_refuses_is_a_400_in_its_words() {
    let function = Function::start().await;
    for (call, word) in [
        (
            r#""create","payload":{"Item":{"id":"1","":1}}"#,
            "Empty attribute name",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$NS":[1,1.0]}}}"#,
            "duplicates",
        ),
        (
            r##""create","payload":{"Item":{"id":"1"},"ExpressionAttributeNames":{"#a":"a"}}"##,
            "ExpressionAttributeNames",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"AttributeUpdates":{"a":{"Value":"b","Action":"ADD"}}}"#,
            "ADD action is not supported",
        ),
        (
            r#""create","payload":{"Item":{"name":"no key"}}"#,
            "Missing the key id in the item",
        ),
        (
            r#""create","payload":{"Item":{"id":1}}"#,
            "Type mismatch for key id",
        ),
        (
            r#""create","payload":{"Item":{"id":""}}"#,
            "empty string value",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$SS":[]}}}"#,
            "set",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$SS":["a","a"]}}}"#,
            "duplicates",
        ),
        (
            r#""create","payload":{"Item":{"id":"1"},"ConditionExpression":"attribute_not_exists("}"#,
            "ConditionExpression",
        ),
        (r#""read","payload":{"Key":{}}"#, "key"),
        (r#""read","payload":{"Key":{"id":"1","more":"2"}}"#, "key"),
        (r#""read","payload":{"Key":{"id":[]}}"#, "key"),
        (
            r#""update","payload":{"Key":{"id":"1"},"UpdateExpression":"SET a = :a"}"#,
            ":a",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"UpdateExpression":"SET id = :a","ExpressionAttributeValues":{":a":"2"}}"#,
            "key",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"UpdateExpression":"ADD a :a","ExpressionAttributeValues":{":a":"text"}}"#,
            "type",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":1},"AttributeUpdates":{"a":{"Value":1}}}"#,
            "expression",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"AttributeUpdates":{"a":{}}}"#,
            "alue",
        ),
        (
            r#""list","payload":{"ExclusiveStartKey":{"other":"1"}}"#,
            "key",
        ),
        (
            r#""list","payload":{"FilterExpression":"a ="}"#,
            "FilterExpression",
        ),
    ] {
        let body = format!(r#"{{"operation":{call}}}"#);
        let answer = function.order(&body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.body);
        assert!(answer.body.contains(word), "{body}: {}", answer.body);
    }
    let list = function.order(r#"{"operation":"list"}"#).await;
    assert_eq!(
        list,
        Answer::ok(r#"{"Items":[],"Count":0,"ScannedCount":0}"#)
    );
}

#[tokio::test]
async fn too_much_is_a_413() {
    let function = Function::start().await;
    let body = |bytes| {
        let text = "x".repeat(bytes);
        format!(r#"{{"operation":"create","payload":{{"Item":{{"id":"1","v":"{text}"}}}}}}"#)
    };
    // Names and values count, and 4 bytes are the names and the key here.
    let largest = 400 * 1024 - 4;
    assert_eq!(function.order(&body(largest)).await, Answer::ok("{}"));
    assert_eq!(
        function.order(&body(largest + 1)).await,
        Answer::error(413, "Item size has exceeded the maximum allowed size")
    );
    let answer = function.order(&body(items::MAX_BODY_BYTES)).await;
    assert_eq!(answer.status, 413);
    assert!(
        answer.body.contains("at most 1048576 are taken"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn an_update_past_the_size_of_an_item_is_a_413() {
    let function = Function::start().await;
    let half = "x".repeat(300 * 1024);
    for (name, status) in [("a", 200), ("b", 413)] {
        let body = format!(
            r#"{{"operation":"update","payload":{{"Key":{{"id":"1"}},"UpdateExpression":"SET {name} = :v","ExpressionAttributeValues":{{":v":"{half}"}}}}}}"#
        );
        assert_eq!(function.order(&body).await.status, status, "{name}");
    }
}
#[tokio::test]
async fn a_page_that_lambda_could_not_answer_is_a_422_and_shorter_ones_are_answered() {
    let function = Function::start().await;
    // A control character is one byte in the store and six in JSON.
    let text = r"\u0001".repeat(170_000);
    for id in ["a", "b", "c", "d"] {
        let item = format!(r#"{{"id":"{id}","v":"{text}"}}"#);
        let create = format!(r#"{{"operation":"create","payload":{{"Item":{item}}}}}"#);
        assert_eq!(function.order(&create).await, Answer::ok("{}"));
    }
    let all = function.order(r#"{"operation":"list"}"#).await;
    let sentence = "The answer is longer than 3000000 bytes: ask for less with `Limit`.";
    assert_eq!(all, Answer::error(422, sentence));
    let two = r#"{"operation":"list","payload":{"Limit":2}}"#;
    assert_eq!(function.order(two).await.status, 200);
}
