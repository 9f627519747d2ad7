//! From a résumé to a site in a folder: `new`, `check`, `build`.

use std::fs;
use std::process::Output;

use crate::page::Desk;
use crate::program::bare;
use prerender::read_folder;
use serde_json::json;

fn run(arguments: &[&str]) -> Output {
    bare().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn build(desk: &Desk, more: &[&str]) -> Output {
    let [out, shells, resume, data] = [
        desk.path("out"),
        desk.path("shells"),
        desk.resume(),
        desk.path("data"),
    ];
    let options = [
        "build",
        "--out",
        out.to_str().unwrap(),
        "--shells",
        shells.to_str().unwrap(),
        "--resume",
        resume.to_str().unwrap(),
        "--data-dir",
        data.to_str().unwrap(),
    ];
    run(&[&options, more].concat())
}

#[tokio::test]
async fn a_built_site_is_byte_for_byte_what_is_served() {
    let desk = Desk::new();
    fs::write(desk.path("cv/my photo.png"), "a picture").unwrap();
    desk.save(&json!({ "basics": { "name": "Ada", "image": "my photo.png" } }));
    let output = build(&desk, &[]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let built = read_folder(&desk.path("out")).unwrap();
    assert!(built.contains_key("404.html") && built.contains_key("dashboard/index.html.br"));

    let program = desk.start(&[]);
    for (name, content) in &built {
        let (file, encoding) = match name.rsplit_once('.').unwrap() {
            (file, "br") => (file, "br"),
            (file, "gz") => (file, "gzip"),
            _ => (name.as_str(), "identity"),
        };
        let request = program.http.get(format!("{}/{file}", program.url));
        let answer = request
            .header("accept-encoding", encoding)
            .header("host", "example.org")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 200, "{name}");
        assert_eq!(answer.bytes().await.unwrap(), *content, "{name}");
    }
}

#[test]
fn a_built_site_knows_its_address_and_its_apis() {
    let desk = Desk::new();
    desk.save(&json!({ "basics": { "name": "Ada" } }));
    let output = build(
        &desk,
        &[
            "--base-url",
            "https://example.org/cv/",
            "--api",
            "https://api.example.org",
        ],
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    let built = read_folder(&desk.path("out")).unwrap();
    for page in ["index.html", "dashboard/index.html"] {
        let page = text(&built[page]);
        assert!(page.contains("<meta name=api content=\"https://api.example.org\">"));
        assert!(page.contains("connect-src 'self' https://api.example.org;"));
    }
    assert!(text(&built["404.html"]).contains("<a href=\"/cv/\">"));
}

#[test]
fn a_resume_with_mistakes_is_not_built_and_each_is_a_line() {
    let desk = Desk::new();
    desk.save(&json!({ "work": [{ "startDate": "2021-13" }] }));
    let output = build(&desk, &[]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("resume.json"), "{complaint}");
    assert!(
        complaint.contains("error: work[0].startDate: "),
        "{complaint}"
    );
    assert!(!desk.path("out").exists());
}

#[test]
fn a_new_resume_is_short_right_and_never_written_over_another() {
    let desk = Desk::new();
    let folder = desk.path("mine/cv");
    let folder = folder.to_str().unwrap();
    let output = run(&["new", folder]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains(&format!("resume-counter --resume {folder}/resume.json"))
    );
    let file = format!("{folder}/resume.json");
    let written = fs::read_to_string(&file).unwrap();
    let resume: serde_json::Value = serde_json::from_str(&written).unwrap();
    let schema = resume["$schema"].as_str().unwrap();
    assert!(schema.starts_with("https://"), "{schema}");
    assert_eq!(run(&["check", &file]).status.code(), Some(0));

    fs::write(&file, "mine").unwrap();
    let output = run(&["new", folder]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        format!("error: {file} is there already, and was not changed: name another folder\n")
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn a_check_fails_for_what_is_wrong_alone() {
    let desk = Desk::new();
    let check = |json: &str| {
        fs::write(desk.resume(), json).unwrap();
        let output = run(&["check", desk.resume().to_str().unwrap()]);
        let file = format!("{}:", desk.resume().display());
        (
            output.status.code(),
            text(&output.stdout).replace(&file, ""),
        )
    };
    let right = check(r#"{ "basics": { "name": "Ada" } }"#);
    assert_eq!(right, (Some(0), String::new()));

    let (status, lines) = check(
        "{ \"work\": [\n  { \"startDate\": \"2021-13\" },\n  { \"endDate\": \"2021-02-30\" }\n] }",
    );
    assert_eq!(status, Some(1));
    let lines: Vec<_> = lines.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("2:18: error: work[0].startDate: "),
        "{lines:?}"
    );
    assert!(
        lines[1].starts_with("3:16: error: work[1].endDate: "),
        "{lines:?}"
    );

    let (status, lines) = check(r#"{ "basics": { "nmae": "Ada", "image": "me.png" } }"#);
    assert_eq!(status, Some(0));
    assert!(lines.contains(":15: note: basics.nmae: "), "{lines}");
    assert!(
        lines.contains("note: basics.image: there is no file me.png"),
        "{lines}"
    );

    let (status, lines) = check(r#"{ "basics": "#);
    assert_eq!(status, Some(1));
    assert!(lines.contains(": error: "), "{lines}");

    let missing = run(&["check", desk.path("none.json").to_str().unwrap()]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stdout).contains("No such file"));
}

#[test]
fn the_manual_and_the_completions_know_every_command() {
    let desk = Desk::new();
    let out = desk.path("manual");
    let output = run(&["manual", "--out", out.to_str().unwrap()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    for command in ["new", "build", "check", "jobs", "manual"] {
        let page = read(&format!("man1/resume-counter-{command}.1"));
        assert!(page.contains(".SH SYNOPSIS"), "{page}");
        for shell in [
            "resume-counter.bash",
            "resume-counter.fish",
            "_resume-counter",
        ] {
            assert!(
                read(&format!("completions/{shell}")).contains(command),
                "{shell}"
            );
        }
    }
    assert!(read("man1/resume-counter.1").contains("RESUME_COUNTER_LISTEN"));
}

#[test]
fn a_resume_without_a_language_is_in_that_of_the_command_and_a_translation_in_its_own() {
    let desk = Desk::new();
    let work = json!([{ "name": "AE", "startDate": "2020-02" }]);
    desk.save(&json!({ "work": work }));
    let translation = json!({ "basics": { "name": "Ada" } }).to_string();
    fs::write(desk.path("cv/resume.fr.json"), translation).unwrap();
    let page = |name: &str| fs::read_to_string(desk.path("out").join(name)).unwrap();

    let output = build(&desk, &["--language", "de"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let german = page("index.html");
    assert!(german.contains("<html lang=\"de\" dir=\"ltr\""), "{german}");
    assert!(german.contains("Februar 2020"), "{german}");
    assert!(page("fr/index.html").contains("<html lang=\"fr\""));

    desk.save(&json!({ "work": work, "meta": { "language": "he" } }));
    build(&desk, &["--language", "de"]);
    assert!(page("index.html").contains("<html lang=\"he\" dir=\"rtl\""));

    let refused = build(&desk, &["--language", "klingonisch"]);
    assert!(text(&refused.stderr).contains("write a language tag such as fr or pt-BR"));
}
