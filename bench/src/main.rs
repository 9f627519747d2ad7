//! `make bench`: the cost of a cold start, a warm call and a request, measured
//! side by side in one run. Answers are checked; times are only reported.

mod function;
mod jobs;
mod lambda;
mod load;
mod machine;
mod options;
mod process;
mod report;
mod resumes;
mod runtime_api;
mod server;
mod statistics;
mod throughput;
mod tls;
mod visits;

use std::process::ExitCode;

use clap::Parser;

use crate::options::Options;
use crate::report::Report;

type Error = Box<dyn std::error::Error + Send + Sync>;
type Result<T, E = Error> = std::result::Result<T, E>;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: &Options) -> Result<()> {
    let machine = machine::describe()?;
    let functions = match options.rounds {
        0 => None,
        _ => Some(lambda::compare(options).await?),
    };
    let report = Report {
        machine,
        functions,
        loads: throughput::compare(options).await?,
        visits: visits::ask(&options.visits).await?,
        jobs: jobs::load(&options.resume_counter, &options.scratch, &options.jobs).await?,
        resumes: resumes::build(&options.resume_counter, &options.scratch, &options.resumes)
            .await?,
    };
    report.print();
    if let Some(file) = &options.json {
        std::fs::write(file, serde_json::to_string_pretty(&report)?)?;
    }
    Ok(())
}

/// Prints the name of a measurement when it begins.
fn progress(step: &str) {
    eprintln!("{step}…");
}
