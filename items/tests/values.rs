//! Every value that DynamoDB has can be written as JSON and is read back as it
//! was written.

mod support;

use support::{Answer, Function};

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
    for number in [
        "0",
        "78.89",
        "-0.1",
        "9007199254740993",
        "12345678901234567890123456789012345678",
        "-0.12345678901234567890123456789012345678",
        "1e-130",
        "9.9999999999999999999999999999999999999e125",
    ] {
        let read = stored(&function, number).await;
        assert_eq!(
            digits(&read),
            digits(number),
            "{number} came back as {read}"
        );
    }
}

/// Sign, significant digits and power of ten: what a number is, however it is
/// written.
fn digits(number: &str) -> (bool, String, i32) {
    let unsigned = number.trim_start_matches('-');
    let lower = unsigned.to_lowercase();
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let significant = all.trim_end_matches('0');
    let dropped = all.len() - significant.len();
    let power = exponent.parse::<i32>().unwrap() - fraction.len() as i32 + dropped as i32;
    let significant = significant.trim_start_matches('0').to_owned();
    (
        unsigned.len() < number.len(),
        significant.clone(),
        if significant.is_empty() { 0 } else { power },
    )
}

#[tokio::test]
async fn a_value_may_be_nested_32_levels_deep() {
    let function = Function::start().await;
    let value = format!("{}1{}", "[".repeat(31), "]".repeat(31));
    assert_eq!(stored(&function, &value).await, value);
}
