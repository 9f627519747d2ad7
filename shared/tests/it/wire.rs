//! The JSON on the wire, literally.

use shared::{Count, Message};

#[test]
fn a_count_is_an_object_with_one_integer() {
    let json = serde_json::to_string(&Count { count: 7 }).unwrap();
    assert_eq!(json, r#"{"count":7}"#);
}

#[test]
fn an_error_is_an_object_with_one_sentence() {
    let message = "Too Many Requests".to_owned();
    let json = serde_json::to_string(&Message { message }).unwrap();
    assert_eq!(json, r#"{"message":"Too Many Requests"}"#);
}
