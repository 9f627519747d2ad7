//! The command line; `scripts/bench` builds what it names and fills it in.

use std::path::PathBuf;

use clap::Parser;

/// Measures the counter function beside two references in Python, and the local
/// program beside bare calls of its store.
#[derive(Debug, Parser)]
#[command(args_override_self = true)]
pub(crate) struct Options {
    /// Folder with a folder and a zip file of each function.
    #[arg(long)]
    pub(crate) deployables: PathBuf,
    /// Interpreter that has the references' packages.
    #[arg(long)]
    pub(crate) python: PathBuf,
    /// Certificate authorities that boto3 trusts, in PEM.
    #[arg(long)]
    pub(crate) python_authorities: PathBuf,
    /// The local program.
    #[arg(long)]
    pub(crate) resume_counter: PathBuf,
    /// Folder for databases, on the disk that is to be measured.
    #[arg(long)]
    pub(crate) scratch: PathBuf,
    /// Rounds of the functions; 0 leaves them out.
    #[arg(long, default_value_t = 10)]
    pub(crate) rounds: usize,
    /// Warm calls in each life of a function.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) calls: u32,
    /// Rounds of the loads; 0 leaves them out.
    #[arg(long, default_value_t = 5)]
    pub(crate) load_rounds: usize,
    /// Seconds that each load lasts.
    #[arg(long, default_value_t = 4)]
    pub(crate) seconds: u64,
    /// Sizes of the logs of visits that are asked, such as 1000,100000.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000])]
    pub(crate) visits: Vec<usize>,
    /// Rows of the files of job offers that are loaded, such as 10000,1000000.
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 1_000_000])]
    pub(crate) jobs: Vec<usize>,
    /// Numbers of jobs in the résumés that are built, such as 4,400.
    #[arg(long, value_delimiter = ',', default_values_t = [4, 40, 400])]
    pub(crate) resumes: Vec<usize>,
    /// Writes all rounds into this file, too.
    #[arg(long)]
    pub(crate) json: Option<PathBuf>,
}
