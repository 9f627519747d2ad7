//! `resume-counter open`, with a browser that only notes what it was asked for.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, bare};

/// A desktop on which `xdg-open` is all there is.
struct Desktop(TempDir);

impl Desktop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let launcher = folder.path().join("xdg-open");
        let asked = folder.path().join("asked");
        fs::write(
            &launcher,
            format!("#!/bin/sh\nprintf %s \"$1\" >'{}'\n", asked.display()),
        )
        .unwrap();
        fs::set_permissions(&launcher, fs::Permissions::from_mode(0o755)).unwrap();
        Self(folder)
    }

    fn open(&self, arguments: &[&str], data: &Path) -> Output {
        let mut command = bare();
        command.env("PATH", self.0.path()).arg("open");
        command.args(arguments).arg("--data-dir").arg(data);
        command.output().unwrap()
    }

    /// The address that the browser was started with.
    async fn asked(&self) -> String {
        loop {
            match fs::read_to_string(self.0.path().join("asked")) {
                Ok(address) if !address.is_empty() => return address,
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn open_leads_to_the_page_of_the_program_that_runs() {
    let (desktop, data) = (Desktop::new(), tempfile::tempdir().unwrap());
    let said = refusal(&desktop.open(&[], data.path()));
    let path = data.path().display();
    assert_eq!(
        said,
        format!("error: no resume-counter runs with data folder {path}: start it first\n")
    );
    let program = Program::on_disk(data.path(), &[]);
    let output = desktop.open(&[], data.path());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, format!("opened {}/\n", program.url));
    assert_eq!(desktop.asked().await, format!("{}/", program.url));
}

#[tokio::test]
async fn open_dashboard_signs_in_by_a_code_that_works_once_and_on_this_machine() {
    let (desktop, data) = (Desktop::new(), tempfile::tempdir().unwrap());
    let program = Program::on_disk(data.path(), &[]);
    let token = fs::read_to_string(data.path().join("owner-token")).unwrap();
    let output = desktop.open(&["dashboard"], data.path());
    assert!(output.status.success(), "{output:?}");
    let address = desktop.asked().await;
    assert!(!address.contains(token.trim()), "{address}");
    let page = format!("{}/dashboard/#code=", program.url);
    let code = address.strip_prefix(&page).unwrap().to_owned();

    let sign_in = |code: &str| {
        let url = format!("{}/-/sign-in", program.url);
        program.http.post(url).json(&json!({ "code": code }))
    };
    let elsewhere = sign_in(&code).header("x-forwarded-for", "192.0.2.1");
    assert_eq!(elsewhere.send().await.unwrap().status(), 403);
    for wrong in ["", "x", &code[1..], &"x".repeat(10_000)] {
        assert_eq!(sign_in(wrong).send().await.unwrap().status(), 403);
    }
    let answer = sign_in(&code).send().await.unwrap();
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let signed_in: Value = answer.json().await.unwrap();
    assert_eq!(signed_in, json!({ "token": token.trim() }));
    let again = sign_in(&code).send().await.unwrap();
    assert_eq!(again.status(), 403);
    let said: Value = again.json().await.unwrap();
    let sentence = "This code has been used, or is older than a minute. \
        `resume-counter open dashboard` makes a new one.";
    assert_eq!(said, json!({ "message": sentence }));

    let codes = format!("{}/-/sign-in/codes", program.url);
    let stranger = program
        .http
        .post(&codes)
        .bearer_auth("guessed-by-a-stranger");
    assert_eq!(stranger.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn open_says_why_it_opens_nothing() {
    let (desktop, data) = (Desktop::new(), tempfile::tempdir().unwrap());
    let program = Program::on_disk(data.path(), &["--only", "counter"]);
    assert_eq!(
        refusal(&desktop.open(&["dashboard"], data.path())),
        "error: the running resume-counter has no dashboard: start it with `visits` in --only\n"
    );
    let address = program.url.strip_prefix("http://").unwrap();
    assert_eq!(
        refusal(&desktop.open(&["dashboard", "--at", address], data.path())),
        format!("error: set the token of the program at {address} in RESUME_COUNTER_OWNER_TOKEN\n")
    );
    fs::remove_file(desktop.0.path().join("xdg-open")).unwrap();
    let said = refusal(&desktop.open(&[], data.path()));
    let address = &program.url;
    assert_eq!(
        said,
        format!("error: no browser was found: open this address yourself: {address}/\n")
    );
}
