//! A folder that is not as it was left is refused by its name; nothing begins
//! anew in silence, and nothing is acknowledged that would be lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use crate::program::{self, Program, command};

const ANEW: &str = "Put a backup of the data folder back \
    (dynamodb.sqlite: with `resume-counter restore FILE`), \
    or begin with an empty one: `resume-counter --start-anew`.";
const ACCEPT: &str = "Put a backup of the data folder back \
    (dynamodb.sqlite: with `resume-counter restore FILE`), \
    keep what is there with `resume-counter check-data --accept`, \
    or begin with an empty one: `resume-counter --start-anew`.";

/// A folder with 300 hits, as a program left it that was stopped, or killed.
async fn used_folder(stop: impl FnOnce(&Program)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    for number in 1..=300 {
        assert_eq!(program.hit("p").await.unwrap(), number);
    }
    stop(&program);
    folder
}

fn terminated(program: &Program) {
    assert!(program.terminate().success());
}

fn start(folder: &Path, more: &[&str]) -> Output {
    let folder = ["--data-dir", folder.to_str().unwrap()];
    command(&[&folder, more].concat()).output().unwrap()
}

fn refusal(folder: &Path) -> String {
    let output = start(folder, &[]);
    assert_eq!(output.status.code(), Some(1), "it started");
    let text = String::from_utf8(output.stderr).unwrap();
    text.trim_end().to_owned()
}

fn database(folder: &Path) -> PathBuf {
    folder.join("dynamodb.sqlite")
}

fn log(folder: &Path) -> PathBuf {
    folder.join("dynamodb.sqlite-wal")
}

fn check_data(folder: &Path, more: &[&str]) -> Output {
    let mut check = program::bare();
    check.arg("check-data").arg("--data-dir").arg(folder);
    check.args(more).output().unwrap()
}

#[tokio::test]
async fn a_database_that_is_gone_empty_or_somebody_elses_is_refused_until_told_otherwise() {
    let folder = used_folder(terminated).await;
    let (folder, database) = (folder.path(), database(folder.path()));
    let path = database.display();
    let kept = fs::read(&database).unwrap();

    fs::remove_file(&database).unwrap();
    let gone = format!("error: {path} is gone, and this folder has been used. {ANEW}");
    assert_eq!(refusal(folder), gone);
    fs::write(&database, "").unwrap();
    let empty = format!("error: {path} is empty, and this folder has been used. {ANEW}");
    assert_eq!(refusal(folder), empty);
    // Nor when what is known of it is gone, too: there is the owner's token.
    fs::rename(folder.join("marks"), folder.join("marks.away")).unwrap();
    assert_eq!(refusal(folder), empty);
    fs::remove_file(&database).unwrap();
    assert_eq!(refusal(folder), gone);
    fs::rename(folder.join("marks.away"), folder.join("marks")).unwrap();

    fs::write(&database, "this is no database, but it is long enough").unwrap();
    let changed = format!("error: {path} was changed since resume-counter closed it. {ACCEPT}");
    assert_eq!(refusal(folder), changed);
    let other = fs::read(folder.join("queues.sqlite")).unwrap();
    fs::remove_dir_all(folder.join("marks")).unwrap();
    for foreign in [
        b"this is no database, but it is long enough".as_slice(),
        &other,
    ] {
        fs::write(&database, foreign).unwrap();
        let told = format!("error: {path} is no database of resume-counter. {ANEW}");
        assert_eq!(refusal(folder), told);
    }

    fs::write(&database, &kept).unwrap();
    let program = Program::on_disk(folder, &[]);
    assert_eq!(program.hit("p").await.unwrap(), 301);
    program.terminate();
    fs::remove_file(&database).unwrap();
    let program = Program::on_disk(folder, &["--start-anew"]);
    assert_eq!(program.hit("p").await.unwrap(), 1);
}

#[tokio::test]
async fn a_database_with_other_bytes_than_it_was_closed_with_is_refused_or_accepted() {
    let folder = used_folder(terminated).await;
    let (folder, database) = (folder.path(), database(folder.path()));
    assert!(check_data(folder, &[]).status.success());
    let kept = fs::read(&database).unwrap();
    let mut changed = kept.clone();
    let place = changed
        .windows(4)
        .rposition(|bytes| bytes == b"hits")
        .unwrap();
    changed[place] ^= 1;
    fs::write(&database, &changed).unwrap();
    let told = format!(
        "{} was changed since resume-counter closed it. {ACCEPT}",
        database.display()
    );
    assert_eq!(refusal(folder), format!("error: {told}"));
    let output = check_data(folder, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains(&told));

    fs::write(&database, &kept[..kept.len() / 2]).unwrap();
    let output = check_data(folder, &["--accept"]);
    assert_eq!(output.status.code(), Some(1), "half of it was accepted");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(" is damaged ("), "{said}");

    // As somebody leaves it who works on it with SQLite's own program.
    fs::write(&database, &kept).unwrap();
    let other = rusqlite::Connection::open(&database).unwrap();
    other
        .execute_batch("CREATE TABLE notes (a); DROP TABLE notes")
        .unwrap();
    drop(other);
    assert_eq!(refusal(folder), format!("error: {told}"));
    assert!(check_data(folder, &["--accept"]).status.success());
    let program = Program::on_disk(folder, &[]);
    assert_eq!(program.hit("p").await.unwrap(), 301);
}

#[tokio::test]
async fn a_log_that_is_gone_cut_or_damaged_after_a_kill_is_refused() {
    let folder = used_folder(Program::kill).await;
    let (folder, log) = (folder.path(), log(folder.path()));
    let path = log.display();
    let kept = fs::read(&log).unwrap();

    fs::remove_file(&log).unwrap();
    let gone = format!("error: {path} is gone, and with it the last writes. {ACCEPT}");
    assert_eq!(refusal(folder), gone);
    let damaged =
        format!("error: {path} is damaged, and some of the last writes are lost. {ACCEPT}");
    let mut flipped = kept.clone();
    flipped[kept.len() / 2] ^= 4;
    for bytes in [&kept[..kept.len() / 2], &flipped, &[]] {
        fs::write(&log, bytes).unwrap();
        assert_eq!(refusal(folder), damaged, "{} bytes", bytes.len());
    }
    fs::write(&log, &kept).unwrap();
    let program = Program::on_disk(folder, &[]);
    assert_eq!(program.hit("p").await.unwrap(), 301);
    program.kill();

    fs::remove_file(&log).unwrap();
    assert!(check_data(folder, &["--accept"]).status.success());
    let program = Program::on_disk(folder, &[]);
    assert!(program.hit("p").await.unwrap() <= 301);
}

#[tokio::test]
async fn a_folder_that_is_taken_away_acknowledges_nothing_and_goes_on_when_it_is_back() {
    let parent = tempfile::tempdir().unwrap();
    let (folder, away) = (parent.path().join("data"), parent.path().join("away"));
    let program = Program::on_disk(&folder, &[]);
    assert_eq!(program.hit("p").await.unwrap(), 1);
    fs::rename(&folder, &away).unwrap();
    for _ in 0..3 {
        let answer = program.get("/counter?path=p").await;
        assert_eq!(answer.status(), 503);
    }
    // Another folder of that name is not the one.
    fs::create_dir(&folder).unwrap();
    assert_eq!(program.get("/counter?path=p").await.status(), 503);
    fs::remove_dir(&folder).unwrap();
    fs::rename(&away, &folder).unwrap();
    assert!(program.hit("p").await.unwrap() > 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_short_again_soon_after_another_program_has_read_for_long() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    assert_eq!(program.hit("p").await.unwrap(), 1);
    let reader = rusqlite::Connection::open(database(folder.path())).unwrap();
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")
        .unwrap();
    let token = fs::read_to_string(folder.path().join("owner-token")).unwrap();
    let length = || fs::metadata(log(folder.path())).unwrap().len();
    let item = "x".repeat(300_000);
    for n in 0.. {
        let body = format!(
            r#"{{"operation":"create","payload":{{"Item":{{"id":"{}","text":"{item}"}}}}}}"#,
            n % 3
        );
        let post = program.http.post(format!("{}/order", program.url));
        let post = post.bearer_auth(token.trim()).body(body);
        let post = post.header("content-type", "application/json");
        assert_eq!(post.send().await.unwrap().status(), 200);
        if length() > 80 << 20 {
            break;
        }
    }
    drop(reader);
    for _ in 0..100 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        if length() <= 64 << 20 {
            return;
        }
    }
    panic!("the log has {} bytes", length());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_listens_but_the_site_and_the_bucket_and_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    assert_eq!(program.hit("p").await.unwrap(), 1);
    assert_eq!(program.listening().len(), 2);
    program.terminate();
    let more = ["--dynamodb-listen", "127.0.0.1:0"];
    let program = Program::on_disk(folder.path(), &more);
    assert_eq!(program.hit("p").await.unwrap(), 2);
    assert_eq!(program.listening().len(), 3);
}
