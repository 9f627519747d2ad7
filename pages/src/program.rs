//! The programs of the pages: Rust in, WebAssembly and its JavaScript out.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::PAGES;

/// Compiles all programs in one call of cargo, which builds their shared crates
/// once, and returns their files in the order of [`PAGES`].
pub(crate) fn compile(root: &Path) -> Result<Vec<PathBuf>> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .current_dir(root)
        .args(["build", "--locked", "--profile", "wasm"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit());
    for page in PAGES {
        cargo.args(["--package", page.name]);
        cargo.args(["--features", &format!("{}/csr", page.name)]);
    }
    let output = cargo.output().context("cargo")?;
    ensure!(output.status.success(), "cargo could not build the pages");
    let messages = String::from_utf8(output.stdout)?;
    let programs: Vec<(String, PathBuf)> = messages.lines().filter_map(program).collect();
    PAGES
        .iter()
        .map(|page| {
            let mut found = programs.iter().filter(|(name, _)| name == page.name);
            let (_, file) = found
                .next()
                .with_context(|| format!("cargo built no program {}", page.name))?;
            Ok(file.clone())
        })
        .collect()
}

/// The name and the file of the program that a line of cargo's output is about.
fn program(line: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let target = &message["target"];
    if message["reason"] != "compiler-artifact" || target["kind"][0] != "bin" {
        return None;
    }
    let file = message["filenames"]
        .as_array()?
        .iter()
        .filter_map(Value::as_str)
        .find(|file| file.ends_with(".wasm"))?;
    Some((target["name"].as_str()?.to_owned(), file.into()))
}

/// Writes the WebAssembly of `program` and the JavaScript that the browser needs
/// for it into `staging`, as `wasm-bindgen --target web --no-typescript` does.
pub(crate) fn bind(name: &str, program: &Path, staging: &Path) -> Result<()> {
    Bindgen::new()
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .input_path(program)
        .out_name(name)
        .generate(staging)
        .with_context(|| format!("wasm-bindgen of {}", program.display()))
}
