//! Clients that speak HTTP as it may be spoken, and as few do.

use crate::program::Program;

/// The status lines and the ends of all answers to these bytes on one connection.
fn answers(program: &Program, request: &str) -> Vec<String> {
    let said = program.raw(request);
    let answers = said.split("HTTP/1.").skip(1).map(|answer| {
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split_whitespace().nth(1).unwrap();
        format!("{status} {body}")
    });
    answers.collect()
}

#[test]
fn a_request_in_any_form_that_http_allows_is_counted_once() {
    let program = Program::unthrottled();
    let post = "POST /visits HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 19\r\nconnection: close\r\n";
    for (request, expected) in [
        (
            "GET /counter?path=a/ HTTP/1.0\r\n\r\n".to_owned(),
            &[r#"200 {"count":1}"#][..],
        ),
        (
            "GET http://any.example/counter?path=a/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
                .to_owned(),
            &[r#"200 {"count":2}"#],
        ),
        (
            "\r\n\r\nGET /counter?path=a/ HTTP/1.1\nHOST: x\nConnection: CLOSE\n\n".to_owned(),
            &[r#"200 {"count":3}"#],
        ),
        (
            "GET /counter?path=a/ HTTP/1.1\r\nhost: x\r\n\r\n".repeat(2)
                + "GET /counter?path=a/&mode=read HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            &[
                r#"200 {"count":4}"#,
                r#"200 {"count":5}"#,
                r#"200 {"count":5}"#,
            ],
        ),
        (
            "get /counter?path=a/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
            &[r#"405 {"message":"Method Not Allowed"}"#],
        ),
        (
            "HEAD /counter?path=a/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned(),
            &["405 "],
        ),
        (
            format!("{post}expect: 100-continue\r\n\r\n{{\"propertyId\":\"#x\"}}"),
            &[
                "100 ",
                r##"422 {"message":"`propertyId` cannot start with `#`."}"##,
            ],
        ),
        ("hello there\r\n\r\n".to_owned(), &["400 "]),
        ("\x16\x03\x01\x02\0\x01\0\x01".to_owned(), &["400 "]),
    ] {
        assert_eq!(answers(&program, &request), expected, "{request}");
    }
    let read = "GET /counter?path=a/&mode=read HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert_eq!(answers(&program, read), [r#"200 {"count":5}"#]);
}
