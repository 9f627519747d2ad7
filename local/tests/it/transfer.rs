//! Counters and visits, out of one store and into another.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use crate::program::Program;
use serde_json::json;

fn run(arguments: &[&str], input: &str) -> Output {
    let mut command = crate::program::bare();
    let child = command.args(arguments).stdin(Stdio::piped());
    let child = child.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    pipe.write_all(input.as_bytes()).unwrap();
    drop(pipe);
    child.wait_with_output().unwrap()
}

fn export(kind: &str, folder: &Path, more: &[&str]) -> String {
    let folder = folder.to_str().unwrap();
    let arguments = [&["export", kind, "--data-dir", folder], more].concat();
    let output = run(&arguments, "");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn import(kind: &str, folder: &Path, more: &[&str], input: &str) -> (bool, String) {
    let folder = folder.to_str().unwrap();
    let arguments = [&["import", kind, "--data-dir", folder], more].concat();
    let output = run(&arguments, input);
    (
        output.status.success(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines
}

/// A folder with 60 hits of two pages, and 30 visits of ten visitors.
async fn visited() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    for n in 0..60 {
        program
            .hit(["a.example/", "b.example/,%22x%22"][n % 2])
            .await
            .unwrap();
    }
    for n in 0..30 {
        let body = json!({
            "propertyId": "a.example/",
            "date": format!("2026-11-{:02}T10:30:{n:02}+01:00", 1 + n % 3),
            "place": format!("Town, \"{}\"", n % 4),
        });
        let post = program.http.post(format!("{}/visits", program.url));
        let agent = format!("visitor {}", n % 10);
        post.header("user-agent", agent)
            .json(&body)
            .send()
            .await
            .unwrap();
    }
    let skipped = json!({ "propertyId": "a.example/", "skipped": "owner" });
    let post = program.http.post(format!("{}/visits", program.url));
    post.json(&skipped).send().await.unwrap();
    program.terminate();
    folder
}

#[tokio::test]
async fn what_is_exported_and_imported_into_an_empty_store_is_the_same() {
    let folder = visited().await;
    for kind in ["counters", "visits"] {
        let copy = tempfile::tempdir().unwrap();
        let text = export(kind, folder.path(), &[]);
        for _ in 0..2 {
            let (success, _) = import(kind, copy.path(), &[], &text);
            assert!(success);
        }
        assert_eq!(
            sorted(&export(kind, copy.path(), &[])),
            sorted(&text),
            "{kind}"
        );
        let rows = export(kind, folder.path(), &["--format", "csv"]);
        let (success, said) = import(kind, copy.path(), &["--format", "csv"], &rows);
        assert!(success && said.starts_with("imported 0 records"), "{said}");
    }
    let lines = export("counters", folder.path(), &[]);
    let expected = [
        r#"{"path":"a.example/","hits":30}"#,
        r#"{"path":"b.example/,\"x\"","hits":30}"#,
    ];
    assert_eq!(sorted(&lines), expected);
    let rows = export("counters", folder.path(), &["--format", "csv"]);
    assert_eq!(
        sorted(&rows),
        [r#""b.example/,""x""",30"#, "a.example/,30", "path,hits"]
    );
}

/// The places that come first by time are not those that came first.
#[tokio::test]
async fn a_day_of_many_places_names_the_same_ones_after_an_import() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    for n in (0..60).rev() {
        let date = format!("2026-11-01T10:{n:02}:00Z");
        let body = json!({ "date": date, "place": format!("Place {n}") });
        let post = program.http.post(format!("{}/visits", program.url));
        assert_eq!(post.json(&body).send().await.unwrap().status(), 201);
    }
    program.terminate();
    let copy = tempfile::tempdir().unwrap();
    let text = export("visits", folder.path(), &[]);
    assert!(import("visits", copy.path(), &[], &text).0);
    assert_eq!(sorted(&export("visits", copy.path(), &[])), sorted(&text));
}

#[tokio::test]
async fn a_table_that_was_never_made_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    assert!(import("counters", folder.path(), &[], "").0);
    let path = folder.path().to_str().unwrap();
    let file = folder.path().join("visits.csv");
    let asked = ["export", "visits", "--data-dir", path, "--output"];
    let output = run(&[&asked[..], &[file.to_str().unwrap()]].concat(), "");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: there is no table visits: nothing was ever kept in it, or it has another name\n"
    );
    assert!(!file.exists());
}

#[tokio::test]
async fn a_folder_without_data_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let output = run(&["export", "visits", "--data-dir", path], "");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        format!(
            "error: there is no data in {path}: name the folder of a resume-counter with --data-dir\n"
        )
    );
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn the_summary_of_an_imported_log_is_that_of_the_first() {
    let folder = visited().await;
    let copy = tempfile::tempdir().unwrap();
    import(
        "visits",
        copy.path(),
        &[],
        &export("visits", folder.path(), &[]),
    );
    let mut summaries = Vec::new();
    for folder in [folder.path(), copy.path()] {
        let token = run(&["token", "--data-dir", folder.to_str().unwrap()], "");
        let program = Program::on_disk(folder, &[]);
        // The copy's is made at this start.
        let token = match token.status.success() {
            true => token,
            false => run(&["token", "--data-dir", folder.to_str().unwrap()], ""),
        };
        let token = String::from_utf8(token.stdout).unwrap();
        let url = format!("{}/visits/summary?propertyId=a.example%2F", program.url);
        let get = program.http.get(url).bearer_auth(token.trim());
        summaries.push(
            get.send()
                .await
                .unwrap()
                .json::<serde_json::Value>()
                .await
                .unwrap(),
        );
    }
    assert_eq!(summaries[0]["visits"], 30);
    assert_eq!(summaries[0], summaries[1]);
}

#[tokio::test]
async fn a_line_that_cannot_be_used_is_refused_by_its_number_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"path\":\"a\",\"hits\":2}\n\nno JSON\n{\"path\":\" \",\"hits\":1}\n\
                 {\"path\":\"b\",\"hits\":-1}\n{\"path\":\"c\",\"hits\":3}";
    let (success, said) = import("counters", folder.path(), &[], lines);
    assert!(!success);
    let expected = [
        "line 3: this is not JSON, from column 2 on",
        "line 4: `path` is empty: send the page's host and pathname.",
        "line 5: invalid value: integer `-1`, expected a whole number",
        "imported 2 records, 0 already there, 3 lines refused",
        "error: 3 lines not imported, for the reasons above",
    ];
    assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    let rows = "path,hits\na,1\nb\nc,x\nd,4\n";
    let (_, said) = import("counters", folder.path(), &["--format", "csv"], rows);
    let summary = "imported 1 record, 1 already there, 2 lines refused";
    assert!(
        said.contains("line 3: ") && said.contains("line 4: ") && said.contains(summary),
        "{said}"
    );
    let (_, said) = import(
        "counters",
        folder.path(),
        &["--format", "csv"],
        "hits,path\n",
    );
    assert_eq!(
        said,
        "error: standard input: the first line has to be `path,hits`\n"
    );
    let exported = export("counters", folder.path(), &[]);
    let expected = [
        r#"{"path":"a","hits":2}"#,
        r#"{"path":"c","hits":3}"#,
        r#"{"path":"d","hits":4}"#,
    ];
    assert_eq!(sorted(&exported), expected);
}

#[tokio::test]
async fn a_visit_that_breaks_a_rule_is_not_imported() {
    let folder = tempfile::tempdir().unwrap();
    let visit = |id: &str, property: &str, date: &str| {
        json!({ "id": id, "propertyId": property, "date": date, "place": "Oslo" }).to_string()
    };
    let id = "019aa5a0-0000-7000-8000-000000000000";
    let lines = [
        visit("1", "a", "2026-11-01T00:00:00Z"),
        visit(id, "#properties", "2026-11-01T00:00:00Z"),
        visit(id, "a", "2026-11-01"),
        json!({ "propertyId": "a", "day": "tomorrow" }).to_string(),
        json!({ "propertyId": "a", "day": "2026-11-01", "visits": 9 }).to_string(),
        json!({ "propertyId": "a", "day": "2026-11-01", "sources": [""] }).to_string(),
        visit(id, "a", "2026-11-01T00:00:00Z").replace("\"place\"", "\"source\":\"A B\",\"place\""),
    ];
    let (success, said) = import("visits", folder.path(), &[], &lines.join("\n"));
    assert!(!success);
    for sentence in [
        "line 6: `sources` can hold at most 50 names, each of 1 to 100 bytes.",
        "line 7: `source` has to be up to 50 lower-case letters, ",
        "imported 0 records, 0 already there, 7 lines refused",
    ] {
        assert!(said.contains(sentence), "{said}");
    }
    assert_eq!(export("visits", folder.path(), &[]), "");
}

/// The store refuses a link beyond the 200th, which no look at its line tells.
#[tokio::test]
async fn what_the_store_refuses_or_could_not_take_is_one_line_and_the_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let signs = "abcdefghijkmnp";
    let codes = signs
        .chars()
        .flat_map(|a| signs.chars().map(move |b| format!("aaaa{a}{b}")));
    let mut codes = codes.chain(["bbbbbb", "cccccc", "dddddd", "eeeeee"].map(str::to_owned));
    let link =
        |code: String| json!({ "link": code, "label": code, "created": "2026-11-01T00:00:00Z" });
    let links: Vec<_> = codes
        .by_ref()
        .map(|code| link(code).to_string() + "\n")
        .collect();
    assert_eq!(links.len(), 200);
    assert!(import("visits", folder.path(), &[], &links.concat()).0);

    let id = "019aa5a0-0000-7000-8000-000000000000";
    let lines = [
        json!({ "link": "ffffff", "label": "one too many", "created": "2026-11-01T00:00:00Z" }),
        json!({ "propertyId": "a", "day": "2026-11-01", "uniques": 9, "names": ["x", "x"] }),
        json!({ "propertyId": "a", "day": "2026-11-01", "uniques": 9, "sources": ["s", "t", "s"] }),
        json!({ "id": id, "propertyId": "a", "date": "2026-11-01T00:00:00Z", "place": "Oslo" }),
    ];
    let text = lines.map(|line| line.to_string()).join("\n");
    let (success, said) = import("visits", folder.path(), &[], &text);
    assert!(!success);
    let expected = [
        "error: 3 lines not imported, for the reasons above",
        "imported 1 record, 0 already there, 3 lines refused",
        "line 1: There are 200 links, the most there can be: remove one first, with `resume-counter link remove`.",
        "line 2: `names` has `x` more than once.",
        "line 3: `sources` has `s` more than once.",
    ];
    assert_eq!(sorted(&said), expected);
    assert!(export("visits", folder.path(), &[]).contains(id));
}

#[tokio::test]
async fn a_place_is_trimmed_or_unknown_as_in_a_report_and_its_export_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "id,propertyId,date,place\n\
                019aa5a0-0000-7000-8000-000000000000,a,2026-11-01T00:00:00Z,\n\
                019aa5a0-0000-7000-8000-000000000001,a,2026-11-01T00:00:00Z, Oslo \n";
    assert!(import("visits", folder.path(), &["--format", "csv"], rows).0);
    let lines = export("visits", folder.path(), &[]);
    let expected = [
        r##"{"propertyId":"#properties","day":"2026-11-01","uniques":0,"names":["a"],"skipped":{}}"##,
        r#"{"id":"019aa5a0-0000-7000-8000-000000000000","propertyId":"a","date":"2026-11-01T00:00:00Z","place":"unknown"}"#,
        r#"{"id":"019aa5a0-0000-7000-8000-000000000001","propertyId":"a","date":"2026-11-01T00:00:00Z","place":"Oslo"}"#,
        r#"{"propertyId":"a","day":"2026-11-01","uniques":0,"names":["Oslo","unknown"],"skipped":{}}"#,
    ];
    assert_eq!(sorted(&lines), sorted(&expected.join("\n")));
    let copy = tempfile::tempdir().unwrap();
    let (success, said) = import("visits", copy.path(), &[], &lines);
    assert!(success, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_store_is_reached_by_its_endpoint() {
    let store = emulator::DynamoDb::in_memory().await.unwrap();
    let port = store.listen().await.unwrap();
    let config = port.config();
    let key = config.credentials.unwrap();
    let variables = [
        ("DYNAMODB_ENDPOINT", config.endpoint.unwrap()),
        ("AWS_ACCESS_KEY_ID", key.id),
        ("AWS_SECRET_ACCESS_KEY", key.secret),
    ];
    let run = |arguments: &[&str]| {
        let mut command = crate::program::bare();
        command.args(arguments).envs(variables.clone());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let rows = "id,propertyId,date,place\n\
                019aa5a0-0000-7000-8000-000000000000,a.example/,2026-11-01T00:00:00Z,Oslo\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.csv");
    let file = file.to_str().unwrap();
    std::fs::write(file, rows).unwrap();
    run(&["import", "visits", file]);
    assert_eq!(run(&["export", "visits", "--format", "csv"]), rows);
    let tables = store.config().client().unwrap().describe_table();
    let unused = tables.table_name("visits-salts").send().await;
    assert!(
        unused.is_err(),
        "an import makes the table it writes, and no other"
    );

    let file = folder.path().join("hits.csv");
    let file = file.to_str().unwrap();
    std::fs::write(file, "path,hits\na.example/,7\n").unwrap();
    run(&["import", "counters", file]);
    run(&["export", "counters", "--output", file]);
    assert_eq!(
        std::fs::read_to_string(file).unwrap(),
        "path,hits\na.example/,7\n"
    );
    assert_eq!(
        run(&["export", "counters"]),
        "{\"path\":\"a.example/\",\"hits\":7}\n"
    );
}
