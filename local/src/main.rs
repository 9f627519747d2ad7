//! `resume-counter`: the whole product in one process, on one machine.

use std::process::ExitCode;

use clap::Parser;
use local::{Options, Server, Shutdown, StartError};

fn main() -> ExitCode {
    let options = Options::parse();
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
    println!("listening on http://{}", server.address());
    shutdown.requested().await;
    server.stop().await;
    Ok(())
}
