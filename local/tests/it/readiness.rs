//! `GET /readyz` and `resume-counter status`, for people and machines that look
//! after the program.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::program::{Program, bare};

fn status(arguments: &[&str]) -> Output {
    bare().arg("status").args(arguments).output().unwrap()
}

fn status_of(folder: &Path) -> (Option<i32>, String) {
    let output = status(&["--data-dir", folder.to_str().unwrap()]);
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[tokio::test]
async fn a_program_that_can_store_nothing_is_not_ready_and_tells_its_owner_why() {
    let parent = tempfile::tempdir().unwrap();
    let (folder, away) = (parent.path().join("data"), parent.path().join("away"));
    let program = Program::on_disk(&folder, &[]);
    let token = fs::read_to_string(folder.join("owner-token")).unwrap();
    let answer = program.get("/readyz").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.json::<Value>().await.unwrap(),
        json!({"ready": true})
    );
    let lines = "is ready\ndisk    ok\nqueues  ok\nstore   ok\ntasks   ok\n";
    let ready = format!("{} {lines}", program.url);
    assert_eq!(status_of(&folder), (Some(0), ready));

    fs::rename(&folder, &away).unwrap();
    // An answer is kept for a moment.
    let answer = loop {
        let answer = program.get("/readyz").await;
        if answer.status() != 200 {
            break answer;
        }
    };
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    let unavailable = json!({"message": "Service Unavailable"});
    assert_eq!(answer.json::<Value>().await.unwrap(), unavailable);
    assert_eq!(program.get("/v1/health").await.status(), 200);
    let ask = program.http.get(format!("{}/readyz", program.url));
    let answer = ask.bearer_auth(token.trim()).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    let report: Value = answer.json().await.unwrap();
    let disk = report["parts"]["disk"].as_str().unwrap();
    assert!(disk.contains(folder.to_str().unwrap()), "{report}");
    let (code, text) = status_of(&away);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(" is not ready\n"), "{text}");
}

#[tokio::test]
async fn reasons_are_for_the_owner_and_a_program_that_is_gone_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    let ask = program.http.get(format!("{}/readyz", program.url));
    let answer = ask.bearer_auth("wrong").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let address = program.url.strip_prefix("http://").unwrap();
    let output = status(&["--at", address]);
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, format!("{} is ready\n", program.url));
    program.kill();
    assert_eq!(status_of(folder.path()).0, Some(3));
    assert_eq!(status(&["--at", address]).status.code(), Some(3));
}
