//! The stack as data, written out for the checks of the template and of Terraform.

use std::{env, fs};

/// The file that the checks read.
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../checks/stack.json");

#[test]
fn the_description_that_the_checks_read_is_up_to_date() {
    let mut description = serde_json::to_string_pretty(&local::stack::description()).unwrap();
    description.push('\n');
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(FILE, &description).unwrap();
    }
    let written = fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        written == description,
        "checks/stack.json is stale: run `UPDATE_SNAPSHOTS=1 cargo test --workspace --test it -- stack`"
    );
}
