//! Trunk's `post_build` hook: finishes the staged site, or says in one line why
//! it cannot.

use std::process::ExitCode;

use prerender::{Build, finish};

fn main() -> ExitCode {
    match Build::from_env().and_then(|build| finish(&build)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
