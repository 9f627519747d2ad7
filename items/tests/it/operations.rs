//! The answers of the seven operations, on both routes, on the embedded store.

use crate::support::{Answer, Function, MANAGED, ORDERS, ROUTES, file};

#[tokio::test]
async fn the_event_files_are_answered_as_they_say() {
    let function = Function::start().await;
    let jacket = r#"{"id":"1234ABCG","order_date":"2024-11-04T10:30:00Z","price":78.89,"product":"Beautiful Jacket"}"#;
    let list = format!(r#"{{"Items":[{jacket}],"Count":1,"ScannedCount":1}}"#);
    let read = format!(r#"{{"Item":{jacket}}}"#);
    let deleted = format!(r#"{{"Attributes":{}}}"#, jacket.replace("78.89", "64.5"));
    let cases = [
        (
            include_str!("../../../events/items-order-create.json"),
            "{}",
        ),
        (include_str!("../../../events/items-order-list.json"), &list),
        (include_str!("../../../events/items-order-read.json"), &read),
        (
            include_str!("../../../events/items-order-update.json"),
            r#"{"Attributes":{"price":64.5}}"#,
        ),
        (
            include_str!("../../../events/items-order-delete.json"),
            &deleted,
        ),
        (include_str!("../../../events/items-order-read.json"), "{}"),
        (
            include_str!("../../../events/items-order-echo.json"),
            r#"{"somekey1":"somevalue1","somekey2":"somevalue2"}"#,
        ),
        (
            include_str!("../../../events/items-order-ping.json"),
            r#""pong""#,
        ),
        (
            include_str!("../../../events/items-manager-create.json"),
            "{}",
        ),
        (
            include_str!("../../../events/items-manager-update.json"),
            "{}",
        ),
        (
            include_str!("../../../events/items-manager-read.json"),
            r#"{"Item":{"id":"1","members":3,"organization":"Updated"}}"#,
        ),
        (
            include_str!("../../../events/items-manager-list.json"),
            r#"{"Items":[{"id":"1","members":3,"organization":"Updated"}],"Count":1,"ScannedCount":1}"#,
        ),
        (
            include_str!("../../../events/items-manager-delete.json"),
            r#"{"Attributes":{"id":"1","members":3,"organization":"Updated"}}"#,
        ),
    ];
    for (event, expected) in cases {
        let event = file(event);
        assert_eq!(
            function.event(&event).await,
            Answer::ok(expected),
            "{event}"
        );
    }
}

#[tokio::test]
async fn both_routes_do_every_operation() {
    let function = Function::start().await;
    for (route, table) in ROUTES.into_iter().zip([ORDERS, MANAGED]) {
        let cases = [
            (
                r#""create","payload":{"Item":{"id":"1","name":"Old"}}"#,
                "{}",
            ),
            (
                r#""read","payload":{"Key":{"id":"1"}}"#,
                r#"{"Item":{"id":"1","name":"Old"}}"#,
            ),
            (
                r#""update","payload":{"Key":{"id":"1"},"AttributeUpdates":{"name":{"Value":"New"}}}"#,
                "{}",
            ),
            (
                r#""list","payload":{}"#,
                r#"{"Items":[{"id":"1","name":"New"}],"Count":1,"ScannedCount":1}"#,
            ),
            (r#""delete","payload":{"Key":{"id":"1"}}"#, "{}"),
            (r#""list""#, r#"{"Items":[],"Count":0,"ScannedCount":0}"#),
            (r#""echo","payload":[1.50, "a" ]"#, r#"[1.50, "a" ]"#),
            (r#""ping","payload":{}"#, r#""pong""#),
        ];
        for (call, expected) in cases {
            let body = format!(r#"{{"tableName":"{table}","operation":{call}}}"#);
            assert_eq!(
                function.post(route, &body).await,
                Answer::ok(expected),
                "{body}"
            );
        }
    }
}

#[tokio::test]
async fn each_route_has_a_table_of_its_own() {
    let function = Function::start().await;
    let create = r#"{"operation":"create","payload":{"Item":{"id":"1"}}}"#;
    let read = r#"{"operation":"read","payload":{"Key":{"id":"1"}}}"#;
    assert_eq!(function.post(ROUTES[0], create).await, Answer::ok("{}"));
    assert_eq!(function.post(ROUTES[1], read).await, Answer::ok("{}"));
    assert_eq!(
        function.post(ROUTES[0], read).await,
        Answer::ok(r#"{"Item":{"id":"1"}}"#)
    );
}

#[tokio::test]
async fn expressions_names_and_values_reach_the_store() {
    let function = Function::start().await;
    let cases = [
        (
            r##""create","payload":{"Item":{"id":"1","n":2,"tags":["a","b"]},"ConditionExpression":"attribute_not_exists(#id)","ExpressionAttributeNames":{"#id":"id"}}"##,
            "{}",
        ),
        (
            r##""update","payload":{"Key":{"id":"1"},"UpdateExpression":"ADD #n :two SET done = :yes REMOVE tags[0]","ConditionExpression":"#n = :two","ExpressionAttributeNames":{"#n":"n"},"ExpressionAttributeValues":{":two":2,":yes":true},"ReturnValues":"ALL_NEW"}"##,
            r#"{"Attributes":{"done":true,"id":"1","n":4,"tags":["b"]}}"#,
        ),
        (
            r##""read","payload":{"Key":{"id":"1"},"ProjectionExpression":"#n","ExpressionAttributeNames":{"#n":"n"},"ConsistentRead":true}"##,
            r#"{"Item":{"n":4}}"#,
        ),
        (
            r#""list","payload":{"FilterExpression":"n > :nine","ExpressionAttributeValues":{":nine":9}}"#,
            r#"{"Items":[],"Count":0,"ScannedCount":1}"#,
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"AttributeUpdates":{"n":{"Action":"ADD","Value":0.5},"done":{"Action":"DELETE"}},"ReturnValues":"ALL_NEW"}"#,
            r#"{"Attributes":{"id":"1","n":4.5,"tags":["b"]}}"#,
        ),
        (
            r#""delete","payload":{"Key":{"id":"1"},"ConditionExpression":"n = :n","ExpressionAttributeValues":{":n":4.50},"ReturnValues":"ALL_OLD"}"#,
            r#"{"Attributes":{"id":"1","n":4.5,"tags":["b"]}}"#,
        ),
    ];
    for (call, expected) in cases {
        let body = format!(r#"{{"operation":{call}}}"#);
        assert_eq!(function.order(&body).await, Answer::ok(expected), "{body}");
    }
}

#[tokio::test]
async fn a_condition_that_does_not_hold_is_a_409_and_changes_nothing() {
    let function = Function::start().await;
    let create = r#"{"operation":"create","payload":{"Item":{"id":"1","n":1}}}"#;
    function.order(create).await;
    for call in [
        r#""create","payload":{"Item":{"id":"1"},"ConditionExpression":"attribute_not_exists(id)"}"#,
        r#""update","payload":{"Key":{"id":"1"},"UpdateExpression":"SET n = :n","ConditionExpression":"n = :n","ExpressionAttributeValues":{":n":2}}"#,
        r#""delete","payload":{"Key":{"id":"1"},"ConditionExpression":"attribute_not_exists(n)"}"#,
    ] {
        let answer = function.order(&format!(r#"{{"operation":{call}}}"#)).await;
        let sentence = "The condition does not hold for the stored item.";
        assert_eq!(answer, Answer::error(409, sentence), "{call}");
    }
    let read = r#"{"operation":"read","payload":{"Key":{"id":"1"}}}"#;
    assert_eq!(
        function.order(read).await,
        Answer::ok(r#"{"Item":{"id":"1","n":1}}"#)
    );
}

#[tokio::test]
async fn an_echo_is_as_deep_and_as_exact_as_its_payload() {
    let function = Function::start().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for payload in [
        "null",
        "1.000000000000000000000000000000000000000000000001",
        &deep,
    ] {
        let body = format!(r#"{{"operation":"echo","payload":{payload}}}"#);
        assert_eq!(function.order(&body).await, Answer::ok(payload));
    }
}
