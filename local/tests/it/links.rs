//! `resume-counter link`: made and removed while the program runs, and its pictures.

use std::fs;

use serde_json::Value;

use crate::program::{Program, bare};

fn run(folder: &std::path::Path, arguments: &[&str]) -> (bool, String) {
    let folder = ["--data-dir", folder.to_str().unwrap()];
    let arguments = [&["link"], arguments, &folder[..]].concat();
    let output = bare().args(arguments).output().unwrap();
    let said = if output.status.success() {
        output.stdout
    } else {
        output.stderr
    };
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn a_link_is_made_counted_and_removed_while_the_program_runs() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    let (svg, png) = (
        folder.path().join("code.svg"),
        folder.path().join("code.png"),
    );
    let page = ["--page", "https://cv.example/"];
    let files = [
        "--svg",
        svg.to_str().unwrap(),
        "--png",
        png.to_str().unwrap(),
    ];
    let (done, said) = run(
        folder.path(),
        &[&["add", "Acme, backend"], &page[..], &files[..]].concat(),
    );
    assert!(done, "{said}");
    let address = said.trim();
    let code = address.strip_prefix("https://cv.example/?for=").unwrap();
    assert!(shared::visits::Link::is_code(code), "{code}");
    assert!(fs::read_to_string(svg).unwrap().starts_with("<svg "));
    let png = fs::read(png).unwrap();
    assert_eq!(&png[1..4], b"PNG");
    assert_eq!(
        run(folder.path(), &["add", "Acme, backend"]),
        (true, format!("?for={code}\n"))
    );

    let visit = serde_json::json!({ "propertyId": "cv.example/", "link": code });
    let report = program
        .http
        .post(format!("{}/visits", program.url))
        .json(&visit);
    let visit: Value = report.send().await.unwrap().json().await.unwrap();
    assert_eq!(visit["link"], code);

    let (_, listed) = run(folder.path(), &[&["list"], &page[..]].concat());
    let words: Vec<_> = listed.split_whitespace().collect();
    assert_eq!((words[0], words[2]), (code, address));
    assert!(listed.ends_with("  Acme, backend\n"), "{listed}");
    assert_eq!(
        run(folder.path(), &["remove", code]),
        (true, format!("{code} is removed: Acme, backend\n"))
    );
    assert_eq!(run(folder.path(), &["list"]), (true, String::new()));
    assert_eq!(
        run(folder.path(), &["remove", code]),
        (
            false,
            format!(
                "error: there is no link `{code}`: `resume-counter link list` prints all links\n"
            )
        )
    );
    let (_, said) = run(folder.path(), &["add", " "]);
    assert_eq!(
        said,
        "error: `label` is empty: name whom the link is for.\n"
    );
    let (_, said) = run(folder.path(), &["add", "a", "--png", "code.png"]);
    assert!(said.contains("--page"), "{said}");
}
