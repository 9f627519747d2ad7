//! `resume-counter`: the whole product in one process, on one machine.

use std::error::Error;
use std::io::{Write, stdout};
use std::process::{ExitCode, exit};
use std::time::Duration;

use local::{
    BackupOptions, BuildOptions, CheckError, CheckOptions, Command, CommandLine, CountersCommand,
    ExportOptions, FileToCheck, Folder, ImportOptions, Imported, JobsCommand, LinkCommand,
    LoadOptions, Log, NewOptions, OpenOptions, Options, PdfOptions, ReadinessOptions,
    RestoreOptions, Server, Shutdown, StartError, StatusOptions, TransferError, VisitsCommand,
    number_of,
};
use tokio::time::timeout;

// musl's own allocator has one lock for all threads.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The time that a program which cannot go on gives to the requests under way.
const LAST_MOMENT: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let line = CommandLine::read();
    let log = match Log::start(&line.options.log) {
        Ok(log) => log,
        Err(error) => {
            eprintln!("error: nothing can be logged: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = match line.command {
        None => serve(line.options, &log),
        Some(Command::New(options)) => new(&options),
        Some(Command::Build(options)) => build(&options),
        Some(Command::Pdf(options)) => pdf(&options),
        Some(Command::Check(file)) => check(&file),
        Some(Command::Manual(options)) => local::manual(&options).map_err(Into::into),
        Some(Command::Open(options)) => open(&options),
        Some(Command::Token(folder)) => print_token(&folder),
        Some(Command::Export(options)) => export(options),
        Some(Command::Import(options)) => import(options),
        Some(Command::Counters(command)) => counters(command),
        Some(Command::Visits(command)) => change_visits(&command),
        Some(Command::Link(command)) => link(command),
        Some(Command::Backup(options)) => backup(&options),
        Some(Command::Restore(options)) => restore(&options),
        Some(Command::Status(options)) => return tell_readiness(&options, &log),
        Some(Command::CheckData(options)) => check_data(&options),
        Some(Command::Jobs(JobsCommand::Load(options))) => load(options),
        Some(Command::Jobs(JobsCommand::Status(options))) => status(&options),
        Some(Command::Jobs(JobsCommand::DeadLetters(folder))) => dead_letters(&folder),
        Some(Command::Jobs(JobsCommand::Redrive(folder))) => redrive(&folder),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.say(&format!("error: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn serve(options: Options, log: &Log) -> Result<(), Box<dyn Error>> {
    let mut shutdown = Shutdown::new().map_err(StartError::Signals)?;
    let mut server = Server::start(options).await?;
    log.say(&server.summary());
    // Whoever started it may not read what it says.
    let _ = writeln!(stdout(), "listening on http://{}", server.address());
    if let Some(bucket) = server.bucket_address() {
        let _ = writeln!(stdout(), "bucket on http://{bucket}");
    }
    let failed = tokio::select! {
        () = shutdown.requested() => None,
        cause = server.failed() => Some(cause),
    };
    let patience = match failed {
        None => Duration::MAX,
        // Whoever starts it again is waited for by everybody.
        Some(_) => LAST_MOMENT,
    };
    tokio::select! {
        stopped = timeout(patience, server.stop()) => {
            if stopped.is_err() {
                tracing::warn!("ended with requests still under way");
            }
        }
        // Who asks twice does not want to wait.
        () = shutdown.requested() => exit(1),
    }
    failed.map_or(Ok(()), |cause| Err(cause.into()))
}

fn new(options: &NewOptions) -> Result<(), Box<dyn Error>> {
    let path = local::new(options)?;
    let (file, folder) = (path.display(), options.folder.display());
    Ok(write!(
        stdout(),
        "wrote {file}\n\n\
         Next: write your own words into it, and look at them as you save:\n\
         \x20 resume-counter --resume {file}     then open http://127.0.0.1:3000/\n\
         \x20 resume-counter check {file}        says what is wrong with it\n\
         \x20 resume-counter build --resume {file} --out {folder}/public     makes a site of it\n"
    )?)
}

fn build(options: &BuildOptions) -> Result<(), Box<dyn Error>> {
    let built = local::build(options)?;
    eprint!("{}", built.notes);
    let (files, out) = (built.files, options.out.display());
    Ok(writeln!(
        stdout(),
        "wrote {files} files into {out}, from {}",
        built.source
    )?)
}

fn pdf(options: &PdfOptions) -> Result<(), Box<dyn Error>> {
    eprint!("{}", local::pdf(options)?);
    Ok(writeln!(stdout(), "wrote {}", options.out.display())?)
}

fn check(file: &FileToCheck) -> Result<(), Box<dyn Error>> {
    let findings = local::check(file);
    write!(stdout(), "{findings}")?;
    if findings.are_notes() {
        return Ok(());
    }
    Err(format!("no page can be made of {}", file.file.display()).into())
}

#[tokio::main(flavor = "current_thread")]
async fn open(options: &OpenOptions) -> Result<(), Box<dyn Error>> {
    let address = local::open(options).await?;
    Ok(writeln!(stdout(), "opened {address}")?)
}

fn print_token(folder: &Folder) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(stdout(), "{}", local::owner_token(folder)?)?)
}

fn check_data(options: &CheckOptions) -> Result<(), Box<dyn Error>> {
    let mut faults = 0;
    for finding in local::check_data(options)? {
        match finding {
            Ok(line) => writeln!(stdout(), "{line}")?,
            Err(fault) => {
                faults += 1;
                eprintln!("error: {fault}");
            }
        }
    }
    match faults {
        0 => Ok(()),
        faults => Err(CheckError::Faults(faults).into()),
    }
}

#[tokio::main]
async fn export(options: ExportOptions) -> Result<(), Box<dyn Error>> {
    let records = local::export(options).await?;
    eprintln!("exported {}", number_of(records, "record"));
    Ok(())
}

#[tokio::main]
async fn import(options: ImportOptions) -> Result<(), Box<dyn Error>> {
    let is_dry_run = options.dry_run;
    let Imported {
        new,
        known,
        refused,
    } = local::import(options).await?;
    if is_dry_run {
        eprintln!("nothing was imported: --dry-run");
        return Ok(());
    }
    let (new, lines) = (number_of(new, "record"), number_of(refused, "line"));
    eprintln!("imported {new}, {known} already there, {lines} refused");
    match refused {
        0 => Ok(()),
        refused => Err(TransferError::Refused(refused).into()),
    }
}

#[tokio::main]
async fn counters(command: CountersCommand) -> Result<(), Box<dyn Error>> {
    for line in local::counters(command).await? {
        writeln!(stdout(), "{line}")?;
    }
    Ok(())
}

#[tokio::main]
async fn link(command: LinkCommand) -> Result<(), Box<dyn Error>> {
    for line in local::link(command).await? {
        writeln!(stdout(), "{line}")?;
    }
    Ok(())
}

#[tokio::main]
async fn change_visits(command: &VisitsCommand) -> Result<(), Box<dyn Error>> {
    let said = match command {
        VisitsCommand::Remove(options) => local::remove_visits(options).await?,
        VisitsCommand::Retain(options) => local::retain_visits(options).await?,
    };
    Ok(writeln!(stdout(), "{said}")?)
}

#[tokio::main]
async fn backup(options: &BackupOptions) -> Result<(), Box<dyn Error>> {
    local::backup(options).await?;
    eprintln!("wrote {}", options.file.display());
    Ok(())
}

fn restore(options: &RestoreOptions) -> Result<(), Box<dyn Error>> {
    let aside = local::restore(options)?;
    eprintln!("restored; what was there is in {}", aside.display());
    Ok(())
}

/// No program is another fault than one that is not ready, as with services.
#[tokio::main(flavor = "current_thread")]
async fn tell_readiness(options: &ReadinessOptions, log: &Log) -> ExitCode {
    match local::readiness(options).await {
        Ok(readiness) => {
            let _ = write!(stdout(), "{readiness}");
            ExitCode::from(u8::from(!readiness.is_ready()))
        }
        Err(error) => {
            log.say(&format!("error: {error}\n"));
            ExitCode::from(if error.is_absence() { 3 } else { 1 })
        }
    }
}

#[tokio::main]
async fn load(options: LoadOptions) -> Result<(), Box<dyn Error>> {
    let summary = local::load(options).await?;
    // Whoever asked may not read all of it.
    let _ = write!(stdout(), "{summary}");
    summary.fault().map_or(Ok(()), |fault| Err(fault.into()))
}

#[tokio::main]
async fn status(options: &StatusOptions) -> Result<(), Box<dyn Error>> {
    for line in local::status(options).await? {
        writeln!(stdout(), "{line}")?;
    }
    Ok(())
}

#[tokio::main]
async fn dead_letters(folder: &Folder) -> Result<(), Box<dyn Error>> {
    for message in local::dead_letters(folder).await? {
        writeln!(stdout(), "{message}")?;
    }
    Ok(())
}

#[tokio::main]
async fn redrive(folder: &Folder) -> Result<(), Box<dyn Error>> {
    let messages = local::redrive(folder).await?;
    Ok(writeln!(stdout(), "tried again: {messages}")?)
}
