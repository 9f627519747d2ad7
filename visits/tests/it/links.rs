//! The owner's links, and what led to a visit.

use std::collections::HashSet;
use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use visits::Record;

use crate::support::{Function, event};

async fn code_of(function: &Function, label: &str) -> String {
    let answer = function
        .add_link(&json!({ "label": label }).to_string())
        .await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body["link"].as_str().unwrap().to_owned()
}

/// A visit of another visitor for each `n`.
async fn visit(function: &Function, n: usize, body: Value) -> Value {
    let mut event = event("POST /visits");
    event["requestContext"]["http"]["sourceIp"] = format!("198.51.100.{n}").into();
    event["body"] = body.to_string().into();
    let answer = function.send(&event).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn visits_by_a_link_are_told_from_the_others() {
    let function = Function::start().await;
    let acme = code_of(&function, "Acme, backend").await;
    let other = code_of(&function, "Bricks").await;
    for n in [1, 1, 2] {
        let known = visit(&function, n, json!({ "link": acme })).await;
        assert_eq!(known["link"], json!(acme));
    }
    let unknown = visit(&function, 3, json!({ "link": "aaaaaa" })).await;
    assert_eq!(unknown.get("link"), None);
    visit(&function, 4, json!({})).await;

    let summary = function.summary("").await;
    assert_eq!(
        (&summary["visits"], &summary["uniques"]),
        (&json!(5), &json!(4))
    );
    let mut links = summary["links"].as_array().unwrap().clone();
    links.sort_by_key(|link| link["label"].to_string());
    let day = json!({ "date": "2026-11-21", "visits": 3, "uniques": 2 });
    assert_eq!(
        Value::Array(links),
        json!([
            { "link": acme, "label": "Acme, backend", "days": [day] },
            { "link": other, "label": "Bricks", "days": [] },
        ])
    );
    let mut hours = vec![0; 24];
    hours[10] = 5;
    assert_eq!(summary["hours"], json!(hours));
}

#[tokio::test]
async fn a_label_has_one_link_however_often_it_is_asked_for() {
    let function = Function::start().await;
    let first = function.add_link(r#"{"label":" Acme "}"#).await;
    let again = function.add_link(r#"{"label":"Acme"}"#).await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.body, again.body);
    assert_eq!(first.body["created"], "2026-11-21T10:30:00.000Z");
    assert_eq!(first.body["label"], "Acme");
}

#[tokio::test]
async fn two_hundred_links_are_all_there_may_be_however_many_are_asked_for_at_once() {
    let function = Function::start().await;
    let mut asked = JoinSet::new();
    for n in 0..220 {
        let log = function.visits.log.clone();
        // Each label twice.
        let label = format!("label {}", n / 2 * 2);
        let now = "2026-11-21T10:30:00Z".parse().unwrap();
        asked.spawn(async move { log.add_link(&label, now).await.unwrap() });
    }
    let links = asked.join_all().await;
    assert_eq!(links.iter().filter(|(_, is_new)| *is_new).count(), 110);
    let codes: HashSet<_> = links.iter().map(|(link, _)| &link.link).collect();
    assert_eq!(codes.len(), 110);
    for n in 0..90 {
        code_of(&function, &format!("one more {n}")).await;
    }
    let full = "There are 200 links, the most there can be: remove one first, with `resume-counter link remove`.";
    let refused = function.add_link(r#"{"label":"one too many"}"#).await;
    assert_eq!(
        (refused.status, refused.body),
        (403, json!({ "message": full }))
    );
    let known = function.add_link(r#"{"label":"label 0"}"#).await;
    assert_eq!(known.status, 200);
    let code = known.body["link"].as_str().unwrap();
    let log = &function.visits.log;
    assert!(log.remove_link(code).await.unwrap().is_some());
    code_of(&function, "one too many").await;
}

const UNSEEN: &str = "`label` has nothing to see: name whom the link is for.";
const HIDDEN: &str = "`label` contains a line break or a character without width: leave it out.";
const TURNS: &str = "`label` contains a character that turns the text around it: leave it out.";

#[tokio::test]
async fn what_is_no_label_is_refused_and_nothing_is_stored() {
    let function = Function::start().await;
    let long = json!({ "label": "ö".repeat(51) }).to_string();
    let cases = [
        (
            r#"{"label":" "}"#,
            422,
            "`label` is empty: name whom the link is for.",
        ),
        (
            &long,
            422,
            "`label` is 102 bytes long: at most 100 are allowed.",
        ),
        (
            r#"{"label":"a\u0007"}"#,
            422,
            "`label` contains a control character.",
        ),
        (r#"{"label":"\u200b\ufeff \u2060"}"#, 422, UNSEEN),
        (r#"{"label":"\u2800\u3164\u00ad\ufe0f"}"#, 422, UNSEEN),
        (r#"{"label":"Acme \u202egnp.exe"}"#, 422, TURNS),
        (r#"{"label":"\u2067\u05d0\u2069"}"#, 422, TURNS),
        (r#"{"label":"Ac\u200bme"}"#, 422, HIDDEN),
        (r#"{"label":"Acme\u2028backend"}"#, 422, HIDDEN),
        (r#"{"label":"Acme\u2029backend"}"#, 422, HIDDEN),
        (r#"{"label":"Ac\u2060me"}"#, 422, HIDDEN),
        (r#"{"label":"\ufeffAcme"}"#, 422, HIDDEN),
    ];
    for (body, status, message) in cases {
        let answer = function.add_link(body).await;
        assert_eq!(
            (answer.status, answer.body),
            (status, json!({ "message": message }))
        );
    }
    for body in [
        r#"{}"#,
        r#"{"label":1}"#,
        r#"{"label":"a","link":"aaaaaa"}"#,
        r#"{"label":"\ud800"}"#,
        r#"{"label":"a","page":1}"#,
        "[]",
        "a",
    ] {
        assert_eq!(function.add_link(body).await.status, 400, "{body}");
    }
    let mut event = event("POST /visits/links");
    event["headers"]
        .as_object_mut()
        .unwrap()
        .remove("authorization");
    assert_eq!(function.send(&event).await.status, 401);
    assert_eq!(function.items().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_code_or_source_is_refused_with_a_sentence() {
    let function = Function::start().await;
    let code = "`link` has to be the code of a link: six lower-case letters and digits.";
    let source =
        "`source` has to be up to 50 lower-case letters, digits, dots, hyphens and underscores.";
    let skipped = "With `skipped`, only `propertyId` may be sent: leave out `date`, `place`, `source` and `link`.";
    for (body, message) in [
        (r#"{"link":"AAAAAA"}"#, code),
        (r#"{"link":"aaaaaaa"}"#, code),
        (r#"{"link":""}"#, code),
        (r#"{"source":""}"#, source),
        (r#"{"source":"https://a.example/b"}"#, source),
        (r#"{"source":"Ünder"}"#, source),
        (r#"{"skipped":"owner","link":"aaaaaa"}"#, skipped),
        (r#"{"skipped":"owner","source":"a.example"}"#, skipped),
    ] {
        let answer = function.post(body).await;
        assert_eq!(
            (answer.status, answer.body),
            (422, json!({ "message": message })),
            "{body}"
        );
    }
    assert_eq!(function.items().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_day_names_fifty_sources_and_the_rest_are_others() {
    let function = Function::start().await;
    for n in 0..60 {
        visit(
            &function,
            n,
            json!({ "source": format!("h{n:02}.example") }),
        )
        .await;
    }
    visit(&function, 1, json!({ "source": "h00.example" })).await;
    let summary = function.summary("").await;
    let sources = summary["sources"].as_array().unwrap();
    assert_eq!(sources.len(), 51);
    assert_eq!(sources[0], json!({ "source": "h00.example", "visits": 2 }));
    assert_eq!(sources[50], json!({ "source": "other", "visits": 10 }));
    assert_eq!(summary["visits"], 61);
    // The place that came with them all is named all the same.
    assert_eq!(summary["places"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn links_and_sources_are_taken_along_and_removed_with_their_visits() {
    let function = Function::start().await;
    let code = code_of(&function, "Acme").await;
    for n in 1..4 {
        visit(&function, n, json!({ "link": code, "source": "a.example" })).await;
    }
    let mut records = Vec::new();
    let log = &function.visits.log;
    log.export(|record| -> Result<(), backend::Error> {
        records.push(record);
        Ok(())
    })
    .await
    .unwrap();
    let copy = Function::start().await;
    for _ in 0..2 {
        for record in &records {
            let text = serde_json::to_value(record).unwrap();
            let record: Record = match (text.get("day"), text.get("label")) {
                (Some(_), _) => Record::Day(serde_json::from_value(text).unwrap()),
                (_, Some(_)) => Record::Link(serde_json::from_value(text).unwrap()),
                _ => Record::Visit(serde_json::from_value(text).unwrap()),
            };
            let now = "2026-11-21T10:30:00Z".parse().unwrap();
            let checked = record.check(now).unwrap();
            copy.visits.log.import(checked).await.unwrap();
        }
    }
    assert_eq!(copy.summary("").await, function.summary("").await);

    let removal = visits::Removal::new("default", None, None).unwrap();
    assert_eq!(log.remove(&removal).await.unwrap(), 3);
    let summary = function.summary("").await;
    assert_eq!(summary["sources"], json!([]));
    assert_eq!(
        summary["links"],
        json!([{ "link": code, "label": "Acme", "days": [] }])
    );
    let removed = log.remove_link(&code).await.unwrap().unwrap();
    assert_eq!(removed.label, "Acme");
    assert_eq!(log.remove_link(&code).await.unwrap(), None);
    assert_eq!(log.links().await.unwrap(), []);
}

#[tokio::test]
async fn a_label_in_any_script_is_kept_whole() {
    let function = Function::start().await;
    let labels = [
        r#"{"label":"\ud83d\udc69\u200d\ud83d\udcbb Acme \ud83c\uddf3\ud83c\uddf4"}"#,
        r#"{"label":"\u05d7\u05d1\u05e8\u05ea \u05d0\u05e7\u05de\u05d4 (backend)\u200f"}"#,
        r#"{"label":"\u0634\u0631\u06a9\u062a \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"}"#,
        r#"{"label":"\u682a\u5f0f\u4f1a\u793e\u3000\u30a2\u30af\u30e1"}"#,
        r#"{"label":"e\u0301cole & <b>fr\u00e8res</b> \"Ltd\""}"#,
        r#"{"label":"=1+1"}"#,
    ];
    for label in labels {
        let made = function.add_link(label).await;
        let sent: Value = serde_json::from_str(label).unwrap();
        assert_eq!(made.status, 201, "{label}");
        assert_eq!(made.body["label"], sent["label"]);
        assert_eq!(function.add_link(label).await.status, 200);
    }
    let links = function.summary("").await["links"].clone();
    assert_eq!(links.as_array().unwrap().len(), labels.len());
}

/// The modules of a code as a reader's camera sees them, and what it reads there.
fn read_code(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    let luma = |x, y| if is_dark(x, y) { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, luma);
    let codes = picture.detect_grids();
    assert_eq!(codes.len(), 1);
    codes[0].decode().unwrap().1
}

fn content(url: &Value, start: &str) -> Vec<u8> {
    let url = url.as_str().unwrap().strip_prefix(start).unwrap();
    STANDARD.decode(url).unwrap()
}

#[tokio::test]
async fn a_named_page_gets_the_links_address_and_its_qr_code_which_a_reader_reads() {
    let function = Function::start().await;
    let long = format!(
        "https://www.example.com/{}/",
        "people/curriculum-vitae".repeat(20)
    );
    for (page, expected) in [
        ("https://cv.example/", "https://cv.example/?for=CODE"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000/?for=CODE"),
        (
            "https://cv.example/?lang=de",
            "https://cv.example/?for=CODE&lang=de",
        ),
        (
            "https://cv.example/?for=aaaaaa&lang=de&for=bbbbbb",
            "https://cv.example/?for=CODE&lang=de",
        ),
        (
            "https://cv.example/r\u{e9}sum\u{e9}/",
            "https://cv.example/r%C3%A9sum%C3%A9/?for=CODE",
        ),
        (&long, &format!("{long}?for=CODE")),
    ] {
        let label = "Acme, the company with a name of sixty characters, backend 2";
        let body = json!({ "label": label, "page": page }).to_string();
        let made = function.add_link(&body).await.body;
        let address = expected.replace("CODE", made["link"].as_str().unwrap());
        assert_eq!(made["address"], address);

        let png = content(&made["png"], "data:image/png;base64,");
        let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
        let side = reader.info().width as usize;
        assert_eq!(reader.info().height as usize, side);
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let row = side.div_ceil(8);
        let is_dark = |x: usize, y: usize| pixels[y * row + x / 8] & 0x80 >> (x % 8) == 0;
        assert_eq!(read_code(side, is_dark), address);
    }
}

#[tokio::test]
async fn what_is_no_page_is_refused_and_no_link_is_made() {
    let function = Function::start().await;
    let message = "`page` has to be an address such as https://example.com/, without `#`, of at most 1100 bytes.";
    let long = format!("https://cv.example/{}", "\u{e9}".repeat(181));
    for page in [
        "",
        "cv.example",
        "https://",
        "https:///cv",
        "javascript:alert(1)",
        "ftp://cv.example/",
        "https://cv.example/#work",
        &long,
    ] {
        let body = json!({ "label": "Acme", "page": page }).to_string();
        let answer = function.add_link(&body).await;
        assert_eq!(
            (answer.status, answer.body),
            (422, json!({ "message": message })),
            "{page}"
        );
    }
    assert_eq!(function.items().await, Vec::<String>::new());
}
