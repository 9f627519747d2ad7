//! The JSON on the wire, literally.

use shared::visits::Link;
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

#[test]
fn the_code_of_a_link_is_the_first_and_only_one_of_its_address() {
    for (page, address) in [
        ("", "?for=k7q2ab"),
        ("https://example.com/", "https://example.com/?for=k7q2ab"),
        ("https://example.com/?", "https://example.com/?for=k7q2ab"),
        (
            "https://example.com/?lang=de&for=aaaaaa&format=a4&for",
            "https://example.com/?for=k7q2ab&lang=de&format=a4",
        ),
        (
            "https://example.com/?for=aaaaaa#work?for=1",
            "https://example.com/?for=k7q2ab#work?for=1",
        ),
    ] {
        assert_eq!(Link::address(page, "k7q2ab"), address);
    }
}
