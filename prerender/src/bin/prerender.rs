//! Trunk's `post_build` hook, with the page's folder in the site as its only
//! argument: finishes the staged page, or says in one line why it cannot.

use std::env;
use std::process::ExitCode;

use prerender::{Build, finish};

fn main() -> ExitCode {
    let folder = env::args().nth(1).unwrap_or_default();
    match Build::from_env(folder).and_then(|build| finish(&build)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
