//! Every body that breaks a rule is a 400 or a 422 whose sentence says which.

use crate::support::{Answer, Function};
use proptest::prelude::*;
use serde_json::value::RawValue;

#[tokio::test]
async fn a_body_that_is_no_call_is_a_400_that_says_why() {
    let function = Function::start().await;
    for (body, sentence) in [
        ("", "The body is not complete JSON: it ends too early."),
        (
            r#"{"operation":"ping""#,
            "The body is not complete JSON: it ends too early.",
        ),
        (
            r#"{"operation":"ping"} {}"#,
            "The body is not the JSON that is expected, from line 1, column 22 on.",
        ),
        ("null", "The body has to be an object."),
        (r#"["ping"]"#, "The body has to be an object."),
        (
            "{}",
            "The body is not what is expected: missing field `operation` at line 1 column 2.",
        ),
        (
            r#"{"operation":"drop"}"#,
            "The body is not what is expected: unknown value `drop`, expected one of `create`, `read`, `update`, `delete`, `list`, `echo`, `ping` at line 1 column 19.",
        ),
        (
            r#"{"operation":"Ping"}"#,
            "The body is not what is expected: unknown value `Ping`, expected one of `create`, `read`, `update`, `delete`, `list`, `echo`, `ping` at line 1 column 19.",
        ),
        (
            r#"{"operation":7}"#,
            "The body is not the JSON that is expected, from line 1, column 14 on.",
        ),
        (
            r#"{"operation":"ping","tableName":7}"#,
            "The body is not what is expected: invalid type: integer `7`, expected a string at line 1 column 33.",
        ),
        (
            r#"{"operation":"ping","operation":"ping"}"#,
            "The body is not what is expected: duplicate field `operation` at line 1 column 31.",
        ),
        (
            r#"{"operation":"ping","table":"x"}"#,
            "The body is not what is expected: unknown field `table`, expected one of `operation`, `tableName`, `payload` at line 1 column 27.",
        ),
        (r#"{"operation":"create"}"#, "`payload` is missing."),
    ] {
        assert_eq!(
            function.order(body).await,
            Answer::error(400, sentence),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_payload_that_its_operation_does_not_take_is_a_400_that_says_why() {
    let function = Function::start().await;
    for (call, sentence) in [
        (
            r#""create","payload":null"#,
            "`payload` has to be an object.",
        ),
        (r#""read","payload":null"#, "`payload` has to be an object."),
        (r#""list","payload":null"#, "`payload` has to be an object."),
        (
            r#""update","payload":[{"id":"1"}]"#,
            "`payload` has to be an object.",
        ),
        (
            r#""delete","payload":"x""#,
            "`payload` has to be an object.",
        ),
        (
            r#""create","payload":{}"#,
            "`payload` is not what is expected: missing field `Item` at line 1 column 2.",
        ),
        (
            r#""read","payload":{}"#,
            "`payload` is not what is expected: missing field `Key` at line 1 column 2.",
        ),
        (
            r#""read","payload":{"Key":{"id":"1"},"TableName":"other"}"#,
            "`payload` is not what is expected: unknown field `TableName`, expected one of `Key`, `ProjectionExpression`, `ExpressionAttributeNames`, `ConsistentRead` at line 1 column 29.",
        ),
        (
            r#""list","payload":{"Limit":"2"}"#,
            "`payload` is not what is expected: invalid type: string \"2\", expected a whole number from 1 to 4294967295 at line 1 column 12.",
        ),
        (
            r#""list","payload":{"Limit":2.5}"#,
            "`payload` is not what is expected: invalid type: number `2.5`, expected a whole number from 1 to 4294967295 at line 1 column 12.",
        ),
        (
            r#""list","payload":{"Limit":0}"#,
            "`payload` is not what is expected: invalid value: integer `0`, expected a whole number from 1 to 4294967295 at line 1 column 10.",
        ),
        (
            r#""read","payload":{"Key":{"id":"1"},"ExpressionAttributeNames":["x"]}"#,
            "`payload` is not what is expected: invalid type: array, expected an object at line 1 column 45.",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"ReturnValues":"SOME"}"#,
            "`ReturnValues` has to be one of ALL_NEW, ALL_OLD, NONE, UPDATED_NEW, UPDATED_OLD.",
        ),
        (
            r#""delete","payload":{"Key":{"id":"1"},"ReturnValues":"ALL_NEW"}"#,
            "`ReturnValues` has to be one of NONE, ALL_OLD.",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"AttributeUpdates":{"a":{"Value":1,"Action":"SET"}}}"#,
            "`Action` has to be one of ADD, DELETE, PUT.",
        ),
        (
            r#""create","payload":{"Item":null}"#,
            "`Item` has to be an object.",
        ),
        (
            r#""create","payload":{"Item":[]}"#,
            "`Item` has to be an object.",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","id":"2"}}"#,
            "`Item` is not what is expected: a name is given twice at line 1 column 19.",
        ),
        (
            r#""update","payload":{"Key":{"id":"1"},"AttributeUpdates":{"a":"Updated"}}"#,
            "An entry of `AttributeUpdates` has to be an object.",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":"\ud800"}}"#,
            "`Item` holds a value that is not the JSON that is expected, from line 1, column 8 on.",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$B":"not base64"}}}"#,
            "`Item` has to hold base64 as the value of `$B`, and in `$BS`.",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$SS":[1]}}}"#,
            "`Item` has to hold strings in `$SS`.",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$NS":["1"]}}}"#,
            "`Item` has to hold numbers in `$NS`.",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$SS":"a"}}}"#,
            "`Item` has to hold an array as the value of `$BS`, `$NS` and `$SS`.",
        ),
        (
            r#""create","payload":{"Item":{"id":"1","v":{"$M":[]}}}"#,
            "`Item` has to hold an object as the value of `$M`.",
        ),
    ] {
        let body = format!(r#"{{"operation":{call}}}"#);
        assert_eq!(
            function.order(&body).await,
            Answer::error(400, sentence),
            "{body}"
        );
    }
}

#[tokio::test]
async fn what_dynamodb_does_not_keep_is_a_422() {
    let function = Function::start().await;
    let digits = "1".repeat(39);
    let deep = format!("{}1{}", "[".repeat(32), "]".repeat(32));
    let deeper = format!(
        "{}{}",
        r#"{"a":"#.repeat(40_000),
        "1".to_owned() + &"}".repeat(40_000)
    );
    let range =
        "`Item` holds a number that is too large or too small: from 1e-130 up to 9.9e125 are kept.";
    let levels = "`Item` is nested more than 32 levels deep.";
    for (value, sentence) in [
        (
            digits.as_str(),
            "`Item` holds a number that has 39 significant digits, and at most 38 are kept.",
        ),
        ("1e126", range),
        ("1e-131", range),
        (r#"{"$NS":[1,1e126]}"#, range),
        (&deep, levels),
        (&deeper, levels),
    ] {
        let body =
            format!(r#"{{"operation":"create","payload":{{"Item":{{"id":"1","v":{value}}}}}}}"#);
        assert_eq!(function.order(&body).await, Answer::error(422, sentence));
    }
}

proptest! {
    #[test]
    fn no_body_is_our_mistake(json in any_json()) {
        if let Ok(body) = RawValue::from_string(json)
            && let Err(error) = items::Call::parse(&body)
        {
            let ours = matches!(error, backend::Error::Internal(_) | backend::Error::StoreUnavailable(_));
            prop_assert!(!ours, "{error}");
        }
    }
}

/// Calls with payloads of any shape, and bodies that are nearly calls.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just(r#"{"id":"1"}"#.to_owned()),
        "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,20})?",
        "\"[a-z$:]{0,4}\"",
        Just(r#""\ud800""#.to_owned()),
    ];
    let value = leaf.prop_recursive(4, 24, 4, |inner| {
        let name = prop_oneof![
            Just("Item"),
            Just("Key"),
            Just("Value"),
            Just("Limit"),
            Just("AttributeUpdates"),
            Just("ExpressionAttributeValues"),
            Just("$B"),
            Just("$NS"),
            Just("$M"),
            Just("a"),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec((name, inner), 0..4).prop_map(|members| {
                let members: Vec<_> = members
                    .iter()
                    .map(|(k, v)| format!(r#""{k}":{v}"#))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    });
    let name = prop::sample::select(vec![
        "create", "read", "update", "delete", "list", "echo", "ping",
    ]);
    (name, value)
        .prop_map(|(name, payload)| format!(r#"{{"operation":"{name}","payload":{payload}}}"#))
}
