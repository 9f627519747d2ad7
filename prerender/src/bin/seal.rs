//! Trunk's `post_build` hook of a page that brings its own words: finishes the
//! staged folder, or says in one line why it cannot.

use std::process::ExitCode;

use prerender::{Build, seal};

fn main() -> ExitCode {
    match Build::from_env().and_then(|build| seal(&build)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
