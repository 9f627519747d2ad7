//! A disk without room: a load says so at once, and goes on where there is some again.

use std::path::Path;
use std::process::Output;

use crate::faults::{Faults, Switch};
use crate::program::{Program, UNTHROTTLED, bare, load_offer};

#[tokio::test]
async fn a_load_into_a_full_disk_says_so_and_nothing_of_it_is_in_the_way_of_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let faults = Faults::in_folder(folder.path());
    let data = folder.path().join("data");
    let mut command = bare();
    command.args([
        "--listen",
        "127.0.0.1:0",
        "--s3-listen",
        "127.0.0.1:0",
        "--data-dir",
    ]);
    faults.under(command.arg(&data).args(UNTHROTTLED));
    let program = Program::run(&mut command);
    faults.set(Switch::FullDisk, 1);
    let refused = load(&data).await;
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let complaint = String::from_utf8(refused.stderr).unwrap();
    assert!(complaint.contains("The disk is full."), "{complaint}");
    assert_eq!(program.hit("p").await.unwrap(), 1);
    faults.set(Switch::FullDisk, 0);
    let loaded = load(&data).await;
    let said = String::from_utf8(loaded.stdout).unwrap();
    assert!(said.contains("1 row read, 1 stored"), "{said}");
}

async fn load(data: &Path) -> Output {
    let data = data.to_owned();
    let load = tokio::task::spawn_blocking(move || load_offer(&data));
    load.await.unwrap()
}
