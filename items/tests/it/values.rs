//! Every value that DynamoDB has can be written as JSON and is read back as it
//! was written.

use crate::support::{Answer, Function};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use items::{Call, Item, Operation};
use proptest::prelude::*;
use serde_json::value::RawValue;

async fn stored(function: &Function, value: &str) -> String {
    let create =
        format!(r#"{{"operation":"create","payload":{{"Item":{{"id":"1","v":{value}}}}}}}"#);
    assert_eq!(function.order(&create).await, Answer::ok("{}"), "{value}");
    let read = r#"{"operation":"read","payload":{"Key":{"id":"1"}}}"#;
    let body = function.order(read).await.body;
    let value = body.strip_prefix(r#"{"Item":{"id":"1","v":"#).unwrap();
    value.strip_suffix("}}").unwrap().to_owned()
}

#[tokio::test]
async fn values_are_read_back_as_they_were_written() {
    let function = Function::start().await;
    for value in [
        r#""""#,
        r#""text with \"quotes\", \\ and \n, ☕""#,
        "true",
        "false",
        "null",
        "[]",
        "{}",
        r#"[1,"a",[true,null],{"b":2,"c":{}}]"#,
        r#"{"$B":"AQID"}"#,
        r#"{"$BS":["AQ==","Ag=="]}"#,
        r#"{"$NS":[1,2.5]}"#,
        r#"{"$SS":["a","b"]}"#,
        r#"{"list":[{"$SS":["a"]},{"$NS":[0.1]}]}"#,
        r#"{"$B":1,"other":2}"#,
        r#"{"$M":{"$B":"not base64"}}"#,
        r#"{"$M":{"$M":{"a":1}}}"#,
        r#"{"$price":5}"#,
    ] {
        assert_eq!(stored(&function, value).await, value);
    }
}

#[tokio::test]
async fn numbers_keep_every_digit() {
    let function = Function::start().await;
    let long_one = format!("1{}e-2000", "0".repeat(2000));
    let long_fraction = format!("0.{}1e+2000", "0".repeat(2000));
    for number in [
        "0",
        "78.89",
        "-0.1",
        "9007199254740993",
        "12345678901234567890123456789012345678",
        "-0.12345678901234567890123456789012345678",
        "1e-130",
        "9.9999999999999999999999999999999999999e125",
        "-0.0",
        "0e99999999999999999999",
        &long_one,
        &long_fraction,
    ] {
        let read = stored(&function, number).await;
        assert_eq!(
            digits(&read),
            digits(number),
            "{number} came back as {read}"
        );
    }
}

/// Sign, significant digits and power of ten: the same for every way to write a
/// number.
fn digits(number: &str) -> (bool, String, i32) {
    let unsigned = number.trim_start_matches('-');
    let lower = unsigned.to_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_end_matches('0');
    let dropped = all.len() - significant.len();
    let power = exponent.parse::<i32>().unwrap_or(0) - fraction.len() as i32 + dropped as i32;
    match significant.trim_start_matches('0') {
        "" => (false, String::new(), 0),
        digits => (unsigned.len() < number.len(), digits.to_owned(), power),
    }
}

#[tokio::test]
async fn a_value_may_be_nested_32_levels_deep() {
    let function = Function::start().await;
    let value = format!("{}1{}", "[".repeat(31), "]".repeat(31));
    assert_eq!(stored(&function, &value).await, value);
}

proptest! {
    #[test]
    fn every_value_survives_being_written_and_read(value in any_value()) {
        let item = Item([("v".to_owned(), value)].into());
        let json = serde_json::to_string(&item).unwrap();
        let body = format!(r#"{{"operation":"create","payload":{{"Item":{json}}}}}"#);
        let call = Call::parse(&RawValue::from_string(body).unwrap());
        let Ok(Operation::Create(input)) = call.map(|call| call.operation) else {
            return Err(TestCaseError::fail(json));
        };
        prop_assert_eq!(input.get_item().as_ref(), Some(&item.0));
    }
}

fn any_value() -> impl Strategy<Value = AttributeValue> {
    let number = "-?[1-9][0-9]{0,36}[1-9](e-?[1-7][0-9])?";
    let blob = || any::<Vec<u8>>().prop_map(Blob::new);
    let leaf = prop_oneof![
        any::<String>().prop_map(AttributeValue::S),
        number.prop_map(AttributeValue::N),
        any::<bool>().prop_map(AttributeValue::Bool),
        Just(AttributeValue::Null(true)),
        blob().prop_map(AttributeValue::B),
        prop::collection::vec(blob(), 0..3).prop_map(AttributeValue::Bs),
        prop::collection::vec(number, 0..3).prop_map(AttributeValue::Ns),
        prop::collection::vec(any::<String>(), 0..3).prop_map(AttributeValue::Ss),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let name = prop_oneof![any::<String>(), "\\$(B|BS|M|NS|SS|X)"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(AttributeValue::L),
            prop::collection::hash_map(name, inner, 0..4).prop_map(AttributeValue::M),
        ]
    })
}
