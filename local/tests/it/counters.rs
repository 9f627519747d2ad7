//! The owner's hand on the numbers: while the program runs, while it does not, and
//! in another store.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::program::{self, Program};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command: Command = program::bare();
    command.args(arguments).arg("--data-dir").arg(folder);
    command.output().unwrap()
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr).unwrap()
}

async fn hit(program: &Program, page: &str, times: u64) {
    for _ in 0..times {
        program.hit(page).await.unwrap();
    }
}

#[tokio::test]
async fn counters_are_listed_set_renamed_merged_and_removed_while_they_count() {
    let folder = TempDir::new().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    hit(&program, "a.example/", 3).await;
    hit(&program, "b.example/", 12).await;
    let folder = folder.path();

    let list = ["counters", "list"];
    assert_eq!(said(folder, &list), "12  b.example/\n 3  a.example/\n");

    let set = ["counters", "set", "a.example/", "40"];
    let dry = said(folder, &[&set[..], &["--dry-run"]].concat());
    assert_eq!(dry, "`a.example/` would have 40; it has 3\n");
    assert_eq!(said(folder, &list), "12  b.example/\n 3  a.example/\n");
    assert_eq!(said(folder, &set), "`a.example/` has 40 now; it had 3\n");
    assert_eq!(program.hit("a.example/").await.unwrap(), 41);
    let new = said(folder, &["counters", "set", "new", "7"]);
    assert_eq!(new, "`new` is new and has 7\n");

    let rename = ["counters", "rename", "new", "c.example/"];
    let dry = said(folder, &[&rename[..], &["--dry-run"]].concat());
    assert_eq!(dry, "`new` would be `c.example/`, with 7\n");
    assert_eq!(said(folder, &rename), "`new` is `c.example/` now, with 7\n");
    assert_eq!(
        refused(folder, &rename),
        "error: There is no counter `new`.\n"
    );
    assert_eq!(
        refused(folder, &["counters", "rename", "c.example/", "b.example/"]),
        "error: There is a counter `b.example/` already: `resume-counter counters merge` adds the two.\n"
    );

    let merge = ["counters", "merge", "c.example/", "b.example/"];
    let dry = said(folder, &[&merge[..], &["--dry-run"]].concat());
    assert_eq!(
        dry,
        "`c.example/` would be merged into `b.example/`: 7 + 12 = 19\n"
    );
    assert_eq!(
        said(folder, &merge),
        "`c.example/` is merged into `b.example/`, which has 19 now, 7 of them from `c.example/`\n"
    );
    assert_eq!(said(folder, &list), "41  a.example/\n19  b.example/\n");

    let remove = ["counters", "remove", "a.example/"];
    let dry = said(folder, &[&remove[..], &["--dry-run"]].concat());
    assert_eq!(dry, "`a.example/`, which had 41, would be removed\n");
    let gone = said(folder, &remove);
    assert_eq!(gone, "`a.example/`, which had 41, is removed\n");
    assert_eq!(program.hit("a.example/").await.unwrap(), 1);

    // The same when the program does not run.
    assert!(program.terminate().success());
    assert_eq!(said(folder, &list), "19  b.example/\n 1  a.example/\n");
    said(folder, &merge_of("a.example/", "b.example/"));
    assert_eq!(said(folder, &list), "20  b.example/\n");
}

fn merge_of<'a>(from: &'a str, to: &'a str) -> [&'a str; 4] {
    ["counters", "merge", from, to]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hit_is_lost_or_doubled_by_a_merge_and_a_rename_under_load() {
    let folder = TempDir::new().unwrap();
    let program = Arc::new(Program::on_disk(folder.path(), &[]));
    for page in ["from", "to"] {
        program.hit(page).await.unwrap();
    }
    let (counted, stop) = (
        Arc::new(AtomicU64::new(2)),
        Arc::new(AtomicBool::new(false)),
    );
    let mut clients = JoinSet::new();
    for client in 0..32 {
        let (program, counted, stop) = (program.clone(), counted.clone(), stop.clone());
        clients.spawn(async move {
            let page = ["from", "to"][client % 2];
            while !stop.load(Ordering::Relaxed) {
                program.hit(page).await.unwrap();
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    let path = folder.path().to_owned();
    let changed = tokio::task::spawn_blocking(move || {
        for _ in 0..5 {
            std::thread::sleep(Duration::from_millis(100));
            said(&path, &merge_of("from", "to"));
        }
        said(&path, &["counters", "rename", "from", "other"]);
    });
    changed.await.unwrap();
    stop.store(true, Ordering::Relaxed);
    clients.join_all().await;

    let mut sum = 0;
    for page in ["from", "to", "other"] {
        let path = format!("/counter?path={page}&mode=read");
        let count: shared::Count = program.get(&path).await.json().await.unwrap();
        sum += count.count;
    }
    assert_eq!(sum, counted.load(Ordering::Relaxed));
}

#[tokio::test]
async fn a_removed_page_makes_room_and_leaves_no_trace_in_the_files() {
    let folder = TempDir::new().unwrap();
    let program = Program::on_disk(folder.path(), &["--max-pages", "3"]);
    for page in ["one", "two", "regretted.example/cv"] {
        hit(&program, page, 5).await;
    }
    for n in 0..20 {
        let post = program.http.post(format!("{}/visits", program.url));
        let body = json!({
            "propertyId": "regretted.example/cv",
            "place": format!("Regretted Town {n}"),
        });
        let post = post.header("idempotency-key", format!("key-{n}"));
        post.json(&body).send().await.unwrap();
    }
    assert_eq!(program.get("/counter?path=four").await.status(), 403);

    let (path, page) = (folder.path(), "regretted.example/cv");
    said(path, &["counters", "remove", page]);
    let remove = ["visits", "remove", page];
    let dry = said(path, &[&remove[..], &["--dry-run"]].concat());
    assert_eq!(dry, format!("20 visits of `{page}` would be removed\n"));
    assert_eq!(
        said(path, &remove),
        format!("20 visits of `{page}` removed\n")
    );
    hit(&program, "four", 1).await;

    for _ in 0..100 {
        if !is_anywhere_in(path, "egretted") {
            return;
        }
        // What is deleted is overwritten within some seconds.
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the files still hold what was removed");
}

/// Tells whether a file of the folder holds `text`.
fn is_anywhere_in(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_anywhere_in(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}

#[tokio::test]
async fn what_is_exported_and_imported_while_the_program_runs_is_what_it_counts() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let from = Program::on_disk(one.path(), &[]);
    hit(&from, "p", 30).await;
    let lines = said(one.path(), &["export", "counters"]);
    assert_eq!(lines, "{\"path\":\"p\",\"hits\":30}\n");

    let to = Program::on_disk(other.path(), &[]);
    let file = one.path().join("counters.jsonl");
    std::fs::write(&file, lines).unwrap();
    said(
        other.path(),
        &["import", "counters", file.to_str().unwrap()],
    );
    assert_eq!(to.hit("p").await.unwrap(), 31);
}

#[tokio::test]
async fn only_who_may_read_the_folder_may_change_a_running_programs_tables() {
    let folder = TempDir::new().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    hit(&program, "p", 1).await;
    let request = |authorization: &'static str| {
        let post = program.http.post(format!("{}/", program.bucket));
        let post = post.header("x-amz-target", "DynamoDB_20120810.Scan");
        let post = post.header("authorization", authorization);
        post.body(r#"{"TableName":"CloudResumeCounterHits"}"#)
            .send()
    };
    for authorization in [
        "",
        "Bearer x",
        "AWS4-HMAC-SHA256 Credential=resume-counter/20261126/eu-west-1/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=00",
    ] {
        let answer = request(authorization).await.unwrap();
        assert_eq!(answer.status(), 400);
        assert!(
            answer
                .text()
                .await
                .unwrap()
                .contains("UnrecognizedClientException")
        );
    }
}
