//! `resume-counter`: the whole product in one process, on one machine.

use std::io::{Write, stdout};
use std::process::ExitCode;

use clap::Parser;
use local::{Options, Server, Shutdown, StartError};

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(error) if !error.use_stderr() => error.exit(),
        Err(error) => {
            let text = error.to_string();
            let line = text.lines().next().unwrap_or_default();
            let fault = line.trim_start_matches("error: ");
            eprintln!("resume-counter: {fault}; --help lists the options");
            return ExitCode::from(2);
        }
    };
    local::log_to_stderr(options.verbose);
    match run(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("resume-counter: {error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(options: Options) -> Result<(), StartError> {
    let mut shutdown = Shutdown::new().map_err(StartError::Signals)?;
    let server = Server::start(options).await?;
    eprint!("{}", server.summary());
    // Whoever started it may not read what it says.
    let _ = writeln!(stdout(), "listening on http://{}", server.address());
    shutdown.requested().await;
    server.stop().await;
    Ok(())
}
