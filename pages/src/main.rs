//! Builds the pages for the browser without trunk, and finishes the pages that
//! trunk stages: `pages build` or, as trunk's `post_build` hook, `pages hook`.

use std::process::ExitCode;
use std::{env, path::Path};

use pages::{build, finish_staged};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["build"] => build(&root, &root.join("site/dist")),
        ["hook"] => finish_staged(),
        _ => Err(anyhow::anyhow!("usage: pages build | pages hook")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
