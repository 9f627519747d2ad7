//! Takes the pattern of crawlers' user agents out of the npm package `isbot`,
//! for the program in the browser.

use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=package-lock.json");
    println!("cargo::rerun-if-changed=node_modules/isbot/package.json");
    if env::var_os("CARGO_FEATURE_CSR").is_none() {
        return;
    }
    let node = Command::new("node")
        .args(["--print", "require('isbot').getPattern().source"])
        .output();
    let pattern = match node {
        Ok(node) if node.status.success() => node.stdout,
        _ => {
            println!("cargo::error=npm's `isbot` is not in site/node_modules: run `make setup`");
            return;
        }
    };
    let out_dir = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out_dir.join("crawlers.txt"), pattern.trim_ascii_end()).expect("cargo made OUT_DIR");
}
