//! Single visits that have had their time, and the counts of their days.

use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use crate::program::{self, Program};

fn said(folder: &Path, arguments: &[&str]) -> String {
    let mut command = program::bare();
    let output = command.args(arguments).arg("--data-dir").arg(folder);
    let output = output.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The records of an export that hold `text`, once they are so many.
async fn records(folder: &Path, text: &str, expected: usize) {
    let mut lines = String::new();
    for _ in 0..100 {
        lines = said(folder, &["export", "visits"]);
        if lines.lines().filter(|line| line.contains(text)).count() == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{text} is not in {expected} of {lines}");
}

async fn post(program: &Program, place: &str) {
    let post = program.http.post(format!("{}/visits", program.url));
    let body = json!({ "propertyId": "p", "date": "2020-05-01T00:00:00Z", "place": place });
    let answer = post.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 201);
}

#[tokio::test]
async fn visits_that_have_had_their_time_go_and_the_counts_of_their_days_stay() {
    let data = TempDir::new().unwrap();
    let folder = data.path();
    let program = Program::on_disk(folder, &[]);
    for place in ["Lyon", "Rome"] {
        post(&program, place).await;
    }
    records(folder, "\"place\":", 2).await;
    let retain = ["visits", "retain", "30"];
    let dry = said(folder, &[&retain[..], &["--dry-run"]].concat());
    assert_eq!(dry, "would change 2 visits, to be kept for 30 days\n");
    assert_eq!(
        said(folder, &retain),
        "changed 2 visits, to be kept for 30 days\n"
    );
    assert_eq!(
        said(folder, &retain),
        "changed 0 visits, to be kept for 30 days\n"
    );
    assert!(program.terminate().success());
    drop(program);

    // A start deletes what has expired.
    let _program = Program::on_disk(folder, &["--visit-retention", "30"]);
    records(folder, "\"place\":", 0).await;
    records(folder, "\"names\":[\"Lyon\",\"Rome\"]", 1).await;
}

#[tokio::test]
async fn a_start_with_a_retention_gives_it_to_visits_that_are_there() {
    let data = TempDir::new().unwrap();
    let folder = data.path();
    let program = Program::on_disk(folder, &[]);
    post(&program, "Lyon").await;
    assert!(program.terminate().success());
    drop(program);

    let _program = Program::on_disk(folder, &["--visit-retention", "30"]);
    for _ in 0..100 {
        let dry = said(folder, &["visits", "retain", "30", "--dry-run"]);
        if dry == "would change 0 visits, to be kept for 30 days\n" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the visit is kept for good");
}
