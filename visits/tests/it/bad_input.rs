//! Whatever a client sends that cannot be used is a 4xx with a sentence, and
//! leaves nothing behind.

use crate::support::{Answer, Function, event};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::json;

#[tokio::test]
async fn a_body_that_cannot_be_used_is_refused_with_a_sentence() {
    let function = Function::start().await;
    let deep = format!(
        r#"{{"place":{}{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let bodies = [
        ("", 400, "The body is not complete JSON: it ends too early."),
        (
            r#"["a","2026-11-20T10:30:00Z","Lyon",null]"#,
            400,
            "The body has to be an object.",
        ),
        (
            r#"{"skipped":"owner","place":"Lyon"}"#,
            422,
            "With `skipped`, only `propertyId` may be sent: leave out `date`, `place`, `source` and `link`.",
        ),
        (
            r#"{"place":7}"#,
            400,
            "The body is not what is expected: invalid type: integer `7`, expected a string at line 1 column 10.",
        ),
        (
            r#"{"place":"\ud800"}"#,
            400,
            "The body is not the JSON that is expected, from line 1, column 17 on.",
        ),
        (
            r#"{"Place":"Lyon"}"#,
            400,
            "The body is not what is expected: unknown field `Place`, expected one of `propertyId`, `date`, `place`, `source`, `link`, `skipped` at line 1 column 8.",
        ),
        (
            r#"{"skipped":"boredom"}"#,
            400,
            "The body is not what is expected: unknown value `boredom`, expected one of `automation`, `crawler`, `do-not-track`, `global-privacy-control`, `owner`, `prefetch`, `prerender` at line 1 column 20.",
        ),
        (
            r#"{"propertyId":" "}"#,
            422,
            "`propertyId` is empty: leave it out or name one.",
        ),
        (
            r##"{"propertyId":"#properties"}"##,
            422,
            "`propertyId` cannot start with `#`.",
        ),
        (
            r#"{"propertyId":"a\u0000b"}"#,
            422,
            "`propertyId` contains a control character.",
        ),
        (
            r#"{"place":"a\nb"}"#,
            422,
            "`place` contains a control character.",
        ),
        (
            r#"{"date":"2026-11-21"}"#,
            422,
            "`date` has to be a time in RFC 3339, such as 2026-11-21T10:30:00Z.",
        ),
        (
            r#"{"date":"2026-11-21T10:30:00"}"#,
            422,
            "`date` has to be a time in RFC 3339, such as 2026-11-21T10:30:00Z.",
        ),
        (
            r#"{"date":"2026-13-21T10:30:00Z"}"#,
            422,
            "`date` has to be a time in RFC 3339, such as 2026-11-21T10:30:00Z.",
        ),
        (
            r#"{"date":"2026-11-21T10:30:00Z[Europe/Paris]"}"#,
            422,
            "`date` has to be a time in RFC 3339, such as 2026-11-21T10:30:00Z.",
        ),
        (
            r#"{"date":"1999-12-31T23:59:59Z"}"#,
            422,
            "`date` has to lie between the year 2000 and tomorrow.",
        ),
        (
            r#"{"date":"2026-11-22T10:30:01Z"}"#,
            422,
            "`date` has to lie between the year 2000 and tomorrow.",
        ),
        (
            r#"{"date":"9999-12-30T22:00:00Z"}"#,
            422,
            "`date` has to lie between the year 2000 and tomorrow.",
        ),
    ];
    for (body, status, sentence) in bodies {
        assert_eq!(
            function.post(body).await,
            Answer::error(status, sentence),
            "{body}"
        );
    }
    let sentence = "`date` has to be a time in RFC 3339, such as 2026-11-21T10:30:00Z.";
    for date in [
        "2026-11-20T10:30Z",
        "20261120T103000+00",
        "20261120T103000.000Z",
        "+002026-11-20T10:30:00Z",
        "2026-11-20T10:30:00+01",
        "2026-11-20T10:30:00+0100",
        "2026-11-20T10:30:00+01:00:30",
        "2026-11-20T10:30:00+24:00",
        "2026-11-20T10:30:00+25:59",
        "2026-11-20T10:30:00-23:60",
        "2026-11-20T10:30:00.Z",
        "2026-11-20T10:30:00.0123456789Z",
        "2026-11-20 10:30:00Z",
        "2026-11-20T25:30:00Z",
        "Z",
    ] {
        let body = json!({ "date": date }).to_string();
        assert_eq!(
            function.post(&body).await,
            Answer::error(422, sentence),
            "{date}"
        );
    }
    let key = json!({ "é".repeat(5_000): 1 }).to_string();
    let sentence = format!(
        "The body is not what is expected: unknown field `{}….",
        "é".repeat(285)
    );
    assert_eq!(function.post(&key).await, Answer::error(400, &sentence));
    assert_eq!(function.post(&deep).await.status, 413);
    assert_eq!(function.post(&deep[..12_000]).await.status, 400);
    let long = json!({ "place": "a".repeat(101) }).to_string();
    let sentence = "`place` is 101 bytes long: at most 100 are allowed.";
    assert_eq!(function.post(&long).await, Answer::error(422, sentence));
    let million = json!({ "place": "a".repeat(1_000_000) }).to_string();
    let sentence = "The body is 1000012 bytes long: at most 16384 are taken.";
    assert_eq!(function.post(&million).await, Answer::error(413, sentence));
    assert_eq!(function.items().await, Vec::<String>::new());
}

#[tokio::test]
async fn headers_that_cannot_be_used_are_refused_with_a_sentence() {
    let function = Function::start().await;
    let key = "`Idempotency-Key` has to be 1 to 255 printable ASCII characters.";
    let json = "The body has to be JSON: send it with `content-type: application/json`.";
    for (name, value, expected) in [
        ("idempotency-key", "", Answer::error(400, key)),
        (
            "idempotency-key",
            &*"k".repeat(256),
            Answer::error(400, key),
        ),
        ("idempotency-key", "clé", Answer::error(400, key)),
        (
            "content-type",
            "application/x-www-form-urlencoded",
            Answer::error(415, json),
        ),
        (
            "content-type",
            "multipart/form-data; boundary=x",
            Answer::error(415, json),
        ),
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=é",
            Answer::error(415, json),
        ),
    ] {
        let mut event = event("POST /visits");
        event["headers"][name] = value.into();
        assert_eq!(function.send(&event).await, expected, "{name}: {value}");
    }
    assert_eq!(function.items().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_refused_with_a_sentence() {
    let function = Function::start().await;
    let limit = "`limit` has to be a whole number from 1 to 1000.";
    let day = "has to be a day such as 2026-11-21";
    for (query, sentence) in [
        ("limit=0", limit.to_owned()),
        ("limit=1001", limit.to_owned()),
        ("limit=-1", limit.to_owned()),
        ("limit=ten", limit.to_owned()),
        ("from=yesterday", format!("`from` {day} or a time in RFC 3339.")),
        ("to=2026-02-30", format!("`to` {day} or a time in RFC 3339.")),
        ("from=2026-11-21&to=2026-11-20", "`from` is after `to`.".to_owned()),
        ("propertyId=%23properties", "`propertyId` cannot start with `#`.".to_owned()),
        ("propertyId=a&propertyId=b", "`propertyId` is given more than once: send it once.".to_owned()),
        ("propertyId=%FF", "`propertyId` is not percent-encoded UTF-8: each byte is a % and two hexadecimal digits.".to_owned()),
    ] {
        let answer = function.get("GET /visits", query).await;
        assert_eq!(answer, Answer::error(400, &sentence), "{query}");
    }
    let moment = function
        .get("GET /visits/summary", "from=2026-11-21T00:00:00Z")
        .await;
    assert_eq!(moment, Answer::error(400, &format!("`from` {day}.")));
}

/// Hostile text in every place of a body: an answer below 500, always.
#[tokio::test]
async fn no_text_breaks_the_function() {
    let function = Function::start().await;
    let mut runner = TestRunner::deterministic();
    for _ in 0..200 {
        let mut text = || {
            let tree = ".{0,40}".new_tree(&mut runner).unwrap();
            tree.current()
        };
        let body = json!({ "propertyId": text(), "date": text(), "place": text() });
        let undated = json!({ "propertyId": text(), "place": text() });
        for body in [body.to_string(), undated.to_string(), text()] {
            let answer = function.post(&body).await;
            assert!(answer.status < 500, "{body}: {answer:?}");
        }
    }
}
