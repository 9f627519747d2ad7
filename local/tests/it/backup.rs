//! The tables in one file, copied while they are in use.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::program::{self, Program};

fn succeeds(arguments: &[&str], folder: &Path) -> String {
    let mut command = program::bare();
    let output = command.args(arguments).arg("--data-dir").arg(folder);
    let output = output.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_holds_every_number_that_was_answered_before_it_began() {
    let folder = TempDir::new().unwrap();
    let program = Arc::new(Program::on_disk(folder.path(), &[]));
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for client in 0..32 {
        let (program, stop) = (program.clone(), stop.clone());
        clients.spawn(async move {
            let page = format!("page-{}", client % 8);
            while !stop.load(Ordering::Relaxed) {
                program.hit(&page).await.unwrap();
            }
        });
    }
    for page in 0..8 {
        program.hit(&format!("page-{page}")).await.unwrap();
    }
    let before = numbers(&program).await;
    let file = folder.path().join("backup");
    let (path, to) = (folder.path().to_owned(), file.clone());
    let copied = tokio::task::spawn_blocking(move || {
        succeeds(&["backup", to.to_str().unwrap()], &path);
    });
    copied.await.unwrap();
    let after = numbers(&program).await;
    stop.store(true, Ordering::Relaxed);
    clients.join_all().await;

    let elsewhere = TempDir::new().unwrap();
    succeeds(&["restore", file.to_str().unwrap()], elsewhere.path());
    let copy = Program::on_disk(elsewhere.path(), &[]);
    let kept = numbers(&copy).await;
    for page in 0..8 {
        assert!(before[page] <= kept[page], "{before:?} {kept:?}");
        assert!(kept[page] <= after[page], "{kept:?} {after:?}");
    }
    // The copy goes on counting, and the program that was copied, too.
    assert_eq!(copy.hit("page-0").await.unwrap(), kept[0] + 1);
    assert!(program.hit("page-0").await.unwrap() > after[0]);
}

async fn numbers(program: &Program) -> Vec<u64> {
    let mut numbers = Vec::new();
    for page in 0..8 {
        let path = format!("/counter?path=page-{page}&mode=read");
        let count: shared::Count = program.get(&path).await.json().await.unwrap();
        numbers.push(count.count);
    }
    numbers
}

#[tokio::test]
async fn a_backup_has_no_salt_and_goes_in_the_place_of_tables_that_are_kept_aside() {
    let folder = TempDir::new().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    program.hit("p").await.unwrap();
    let post = program.http.post(format!("{}/visits", program.url));
    post.json(&json!({ "propertyId": "p" }))
        .send()
        .await
        .unwrap();
    let file = folder.path().join("backup.sqlite");
    let name = file.to_str().unwrap();
    succeeds(&["backup", name], folder.path());

    let copy = rusqlite::Connection::open(&file).unwrap();
    let count = |table: &str| -> i64 {
        let query = format!("SELECT count(*) FROM \"{table}\"");
        copy.query_row(&query, (), |row| row.get(0)).unwrap()
    };
    assert_eq!(count("visits-salts"), 0);
    assert!(count("visits") > 0);
    drop(copy);

    let restore = |file: &str| {
        let mut command = program::bare();
        command
            .args(["restore", file, "--data-dir"])
            .arg(folder.path());
        let output = command.output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (done, said) = restore(name);
    assert!(
        !done && said.contains("is in use by another resume-counter"),
        "{said}"
    );
    for _ in 0..9 {
        program.hit("p").await.unwrap();
    }
    program.kill();
    for wrong in ["", "no database, but long enough to be looked at"] {
        let other = folder.path().join("other");
        std::fs::write(&other, wrong).unwrap();
        let (done, said) = restore(other.to_str().unwrap());
        assert!(
            !done && said.contains("is no backup: name a file that `resume-counter backup` wrote"),
            "{said}"
        );
    }
    let (done, said) = restore(name);
    assert!(done, "{said}");
    let aside = said.trim().rsplit(' ').next().unwrap();
    assert!(Path::new(aside).join("dynamodb.sqlite").is_file(), "{said}");
    let program = Program::on_disk(folder.path(), &[]);
    assert_eq!(program.hit("p").await.unwrap(), 2);
}

#[tokio::test]
async fn a_backup_of_a_killed_program_is_whole_and_the_program_starts_again() {
    let folder = TempDir::new().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    for _ in 0..50 {
        program.hit("p").await.unwrap();
    }
    program.kill();
    let file = folder.path().join("backup.sqlite");
    succeeds(&["backup", file.to_str().unwrap()], folder.path());
    let elsewhere = TempDir::new().unwrap();
    std::fs::copy(&file, elsewhere.path().join("dynamodb.sqlite")).unwrap();
    for folder in [&folder, &elsewhere] {
        let program = Program::on_disk(folder.path(), &[]);
        assert_eq!(program.hit("p").await.unwrap(), 51);
    }
}
