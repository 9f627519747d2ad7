//! Makes a staged page small, and lets a browser keep its files: wasm-opt, less
//! text, and file names made from the content.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::markup::{self, Link, file_name, links};

/// For wasm-opt: the instructions that all browsers of the last years know and
/// Rust uses.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Finishes the page in the folder `staging` for the path `public_url`. Its
/// source `index` names the files in the folder.
///
/// # Errors
/// When a file or a tool is missing; the staged folder is then of no use.
pub fn polish(index: &str, staging: &Path, public_url: &str) -> Result<()> {
    let mut names = BTreeMap::new();
    for link in links(index)? {
        let files = match link {
            Link::Asset(path) => vec![file_name(&path).to_owned()],
            Link::Program(name) => vec![format!("{name}.js"), format!("{name}_bg.wasm")],
            Link::File(_) | Link::Folder(_) => continue,
        };
        for name in files {
            let file = staging.join(&name);
            shrink(&file).with_context(|| file.display().to_string())?;
            let named = named_by_content(&name, &fs::read(&file)?);
            fs::rename(&file, staging.join(&named))?;
            names.insert(name, named);
        }
    }
    let page = markup::page(index, |name| {
        let named = names
            .get(name)
            .with_context(|| format!("index.html: {name}"))?;
        Ok(format!("{public_url}{named}"))
    })?;
    Ok(fs::write(staging.join("index.html"), page)?)
}

/// Replaces a file by a smaller one that does the same.
fn shrink(file: &Path) -> Result<()> {
    let small = file.with_extension("small");
    let mut tool = match file.extension().and_then(|kind| kind.to_str()) {
        Some("wasm") => {
            let mut wasm_opt = Command::new("wasm-opt");
            wasm_opt.arg("-Oz").args(WASM_FEATURES).arg(file);
            wasm_opt.arg("--output").arg(&small);
            wasm_opt
        }
        Some(kind @ ("css" | "js")) => {
            let esbuild =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("../site/node_modules/.bin/esbuild");
            let mut esbuild = Command::new(esbuild);
            esbuild
                .args(["--minify", "--legal-comments=none", "--log-level=warning"])
                .arg(format!("--loader={kind}"))
                .stdin(File::open(file)?)
                .stdout(File::create(&small)?);
            esbuild
        }
        _ => return Ok(()),
    };
    let status = tool.stderr(Stdio::inherit()).status();
    let status = status.with_context(|| {
        let program = Path::new(tool.get_program()).display();
        format!("{program}, which `make setup` installs")
    })?;
    ensure!(status.success(), "could not be made smaller");
    Ok(fs::rename(small, file)?)
}

/// The name of a file with a part that changes with its content, so that a
/// browser may keep it for ever.
fn named_by_content(name: &str, content: &[u8]) -> String {
    let hash = hex::encode(&Sha256::digest(content)[..8]);
    let (stem, kind) = name.split_once('.').unwrap_or((name, ""));
    match stem.strip_suffix("_bg") {
        Some(program) => format!("{program}-{hash}_bg.{kind}"),
        None => format!("{stem}-{hash}.{kind}"),
    }
}
