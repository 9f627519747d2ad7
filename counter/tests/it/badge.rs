//! The number as a picture and as JSON.

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::support::{Function, call, event};
use testkit::Answer;

async fn badge(
    function: &Function,
    route: &str,
    query: &str,
) -> lambda_http::Response<lambda_http::Body> {
    let mut asked: serde_json::Value = serde_json::from_str(&event(query)).unwrap();
    asked["routeKey"] = route.into();
    asked["requestContext"]["routeKey"] = route.into();
    call(&function.hits, &asked.to_string()).await
}

fn text(answer: &lambda_http::Response<lambda_http::Body>) -> String {
    String::from_utf8(answer.body().to_vec()).unwrap()
}

/// The texts that a picture shows; it has to be XML, and hold what a badge holds.
fn shown(svg: &str) -> Vec<String> {
    let mut reader = Reader::from_str(svg);
    let (mut texts, mut open) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                let name = String::from_utf8(element.name().as_ref().to_vec()).unwrap();
                let known = ["svg", "title", "clipPath", "g", "text"];
                assert!(known.contains(&name.as_str()), "{name} in {svg}");
                if name == "text" {
                    texts.push(String::new());
                }
                open.push(name);
            }
            Event::Empty(element) => {
                assert!(
                    matches!(element.name().as_ref(), b"rect" | b"path"),
                    "{svg}"
                );
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(part) if open.last().is_some_and(|name| name == "text") => {
                texts.last_mut().unwrap().push_str(&part.decode().unwrap());
            }
            Event::GeneralRef(part) if open.last().is_some_and(|name| name == "text") => {
                let letter = match part.decode().unwrap().as_ref() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "#39" => '\'',
                    other => panic!("{other} in {svg}"),
                };
                texts.last_mut().unwrap().push(letter);
            }
            Event::Eof => return texts,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_badge_reads_and_counts_only_when_asked_to() {
    let function = Function::start().await;
    for (query, number) in [
        ("path=p", "0"),
        ("path=p&count=1", "1"),
        ("path=p&count=1", "2"),
        ("path=p", "2"),
    ] {
        let answer = badge(&function, "GET /badge.svg", query).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(
            answer.headers()["content-type"],
            "image/svg+xml; charset=utf-8"
        );
        assert_eq!(
            answer.headers()["cache-control"],
            "max-age=0, no-cache, no-store, must-revalidate"
        );
        assert_eq!(shown(&text(&answer)), ["views", number], "{query}");
    }
    assert_eq!(
        function.get("path=p&mode=read").await.body,
        serde_json::json!({ "count": 2 })
    );
}

#[tokio::test]
async fn shields_gets_the_same_as_json() {
    let function = Function::start().await;
    let path = shared::PagePath::parse("p").unwrap();
    function.hits.set(&path, 1_234_567).await.unwrap();
    let query = "path=p&label=seen%20by&color=green";
    let answer = Answer::read(badge(&function, "GET /badge.json", query).await);
    assert_eq!(answer.status, 200);
    let expected = serde_json::json!({
        "schemaVersion": 1, "label": "seen by", "message": "1,234,567", "color": "#97ca00",
    });
    assert_eq!(answer.body, expected);
    for (name, color) in [("white", "#fff"), ("critical", "#e05d44"), ("FFF", "#fff")] {
        let query = format!("path=p&color={name}");
        let answer = Answer::read(badge(&function, "GET /badge.json", &query).await);
        assert_eq!(answer.body["color"], color);
    }
}

#[tokio::test]
async fn what_is_no_badge_is_a_400_with_a_sentence() {
    let function = Function::start().await;
    for query in [
        "",
        "path=p&style=plastic",
        "path=p&color=url(x)",
        "path=p&color=%2312345",
        "path=p&label=a%0Ab",
        "path=p&count=2",
    ] {
        for route in ["GET /badge.svg", "GET /badge.json"] {
            let answer = Answer::read(badge(&function, route, query).await);
            assert_eq!(answer.status, 400, "{query}");
            assert!(answer.body["message"].is_string());
        }
    }
}

#[test]
fn whatever_label_and_colour_are_asked_for_the_picture_shows_the_label_and_nothing_else() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let function = runtime.block_on(Function::start());
    let labels = prop_oneof![".{0,30}", "[<>&\"'{}();:a-z \u{fff0}-\u{ffff}]{0,30}"];
    let colors = prop_oneof![
        "[#0-9a-fA-F]{0,8}",
        ".{0,12}",
        Just("brightgreen".to_owned())
    ];
    proptest!(|(label in labels, color in colors)| {
        let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let query = format!("path=p&label={}&color={}", escaped(&label), escaped(&color));
        let answer = runtime.block_on(badge(&function, "GET /badge.svg", &query));
        if answer.status() == 200 {
            let svg = text(&answer);
            let label = label.trim().replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
            let texts = shown(&svg);
            let expected: Vec<_> = [label.as_str(), "0"].into_iter().filter(|text| !text.is_empty()).collect();
            prop_assert_eq!(texts, expected);
        } else {
            prop_assert_eq!(answer.status(), 400);
        }
    });
}
