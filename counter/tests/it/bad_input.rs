//! Every query that breaks a rule is a 400 whose sentence says which, and
//! counts nothing.

use crate::support::{Answer, Function};
use proptest::prelude::*;
use shared::PagePath;

const MISSING: &str = "`path` is missing: ask with ?path=<host and pathname of the page>.";
const ENCODING: &str =
    "`path` is not percent-encoded UTF-8: each byte is a % and two hexadecimal digits.";
const EMPTY: &str = "`path` is empty: send the page's host and pathname.";

#[tokio::test]
async fn a_query_that_breaks_a_rule_is_a_400_that_says_which() {
    let function = Function::start().await;
    let long = format!("path={}", "x".repeat(1025));
    let cases = [
        ("", MISSING),
        ("mode=read", MISSING),
        ("PATH=example.com/", MISSING),
        ("path", EMPTY),
        ("path=", EMPTY),
        ("path=%20+%09", EMPTY),
        (
            &long,
            "`path` is 1025 bytes long: at most 1024 are allowed.",
        ),
        ("path=a%00b", "`path` contains a control character."),
        ("path=a%0Ab", "`path` contains a control character."),
        (
            "path=a&path=b",
            "`path` is given more than once: send it once.",
        ),
        (
            "path=a&p%61th=a",
            "`path` is given more than once: send it once.",
        ),
        (
            "path=a&mode=read&mode=read",
            "`mode` is given more than once: send it once.",
        ),
        (
            "path=a&mode=write",
            "`mode` can only be `read` or `view`: leave it out to count a hit.",
        ),
        (
            "path=a&mode=",
            "`mode` can only be `read` or `view`: leave it out to count a hit.",
        ),
        ("path=%FF", ENCODING),
        ("path=%zz", ENCODING),
        ("path=100%", ENCODING),
    ];
    for (query, sentence) in cases {
        assert_eq!(
            function.get(query).await,
            Answer::error(400, sentence),
            "{query}"
        );
    }
    let untouched = function.get("path=a&mode=read").await;
    assert_eq!(untouched, Answer::ok(r#"{"count":0}"#));
}

#[tokio::test]
async fn no_query_host_or_scheme_breaks_the_function() {
    let function = Function::start().await;
    let unescaped = function.get("path=<a>\"#{b}|\\^`é %20").await;
    assert_eq!(unescaped, Answer::ok(r#"{"count":1}"#));
    for host in ["a b", "x:99999", "[::1", "xn--a", "1.2.3.4.5", "a#b"] {
        for scheme in ["https", "", "1", "a b"] {
            let mut event: serde_json::Value =
                serde_json::from_str(&crate::support::event("path=p&mode=read")).unwrap();
            event["headers"]["host"] = host.into();
            event["headers"]["x-forwarded-proto"] = scheme.into();
            let answer = function.event(&event.to_string()).await;
            assert_eq!(answer, Answer::ok(r#"{"count":0}"#), "{scheme}://{host}");
        }
    }
}

proptest! {
    #[test]
    fn browser_and_function_agree_on_every_path(raw in any::<String>()) {
        if let Ok(path) = PagePath::parse(&raw) {
            let query = counter::Query::parse(&path.to_query());
            prop_assert_eq!(query.map(|query| query.path), Ok(path));
        }
    }

    #[test]
    fn parsing_a_query_never_panics(raw in "[ -~]{0,80}") {
        let _ = counter::Query::parse(&raw);
    }
}
