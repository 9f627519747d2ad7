//! A function under test: started as Lambda starts it, called, and measured.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Stdio;

use serde::Serialize;
use shared::Count;
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::Result;
use crate::process::{Moment, Process};
use crate::runtime_api::{RuntimeApi, Timeline};
use crate::statistics::{median, percentile};

/// The share of a core that a function of 128 MB has once it is initialised.
pub(crate) const CPU_SHARE: f64 = 0.072;

/// A function, and the way to start it.
#[derive(Debug, Serialize)]
pub(crate) struct Function {
    /// Name in the report.
    pub(crate) name: &'static str,
    /// Program and arguments.
    #[serde(skip)]
    pub(crate) command: Vec<PathBuf>,
    /// The folder of its code.
    #[serde(skip)]
    pub(crate) root: PathBuf,
    /// The name of its code, as Lambda knows it.
    #[serde(skip)]
    pub(crate) handler: &'static str,
    /// A file of the certificate authorities it trusts.
    #[serde(skip)]
    pub(crate) ca_bundle: PathBuf,
    /// The size of what is uploaded.
    pub(crate) zip_bytes: u64,
}

/// One life of a function; times in milliseconds, memory in megabytes.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Life {
    pub(crate) first_poll_wall: f64,
    pub(crate) first_poll_cpu: f64,
    pub(crate) first_answer_wall: f64,
    pub(crate) first_answer_cpu: f64,
    /// Computed: initialisation on a whole core, the first call on the share
    /// of a core that a function of 128 MB has.
    pub(crate) cold_start_128: f64,
    pub(crate) warm_median: f64,
    pub(crate) warm_p99: f64,
    pub(crate) warm_cpu: f64,
    pub(crate) peak_memory: f64,
}

impl Function {
    /// Runs it for one cold and `warm` warm calls of `event`, and checks that
    /// the answers count on from `hits` by ones.
    ///
    /// # Errors
    /// When it fails, or answers anything else.
    pub(crate) async fn live(
        &self,
        environment: &[(&str, String)],
        event: &str,
        warm: usize,
        hits: u64,
    ) -> Result<Life> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let api = listener.local_addr()?.to_string();
        let process = Process::start(
            Command::new(&self.command[0])
                .args(&self.command[1..])
                .current_dir(&self.root)
                .env_clear()
                .envs(environment.iter().map(|(name, value)| (name, value)))
                .env("AWS_CA_BUNDLE", &self.ca_bundle)
                .env("AWS_LAMBDA_RUNTIME_API", api)
                .env("LAMBDA_TASK_ROOT", &self.root)
                .env("_HANDLER", self.handler)
                .stdin(Stdio::null())
                .stdout(Stdio::null()),
        )?;
        let runtime = RuntimeApi::serve(listener, process.clock(), event.to_owned(), warm + 1);
        let record = runtime
            .finish()
            .await
            .map_err(|error| format!("{}: {error}", self.name))?;
        let peak_memory = process.peak_memory()?;
        process.kill().await?;
        for (body, hit) in record.bodies.iter().zip(hits + 1..) {
            check_answer(body, hit).map_err(|error| format!("{}: {error}", self.name))?;
        }
        Ok(summarize(&record, peak_memory))
    }
}

fn check_answer(answer: &str, hit: u64) -> Result<()> {
    let answer: serde_json::Value = serde_json::from_str(answer)?;
    let body = answer["body"].as_str().unwrap_or_default();
    match serde_json::from_str(body) {
        Ok(Count { count }) if answer["statusCode"] == 200 && count == hit => Ok(()),
        _ => Err(format!("expected status 200 and count {hit}, got {answer}").into()),
    }
}

fn summarize(record: &Timeline, peak_memory: u64) -> Life {
    let (poll, answer) = (record.polls[0], record.answered[0]);
    let warm = record.handed.iter().zip(&record.answered).skip(1);
    let waits: Vec<f64> = warm.map(|(from, to)| wall(to) - wall(from)).collect();
    let last_poll = record.polls[record.polls.len() - 1];
    Life {
        first_poll_wall: wall(&poll),
        first_poll_cpu: cpu(&poll),
        first_answer_wall: wall(&answer),
        first_answer_cpu: cpu(&answer),
        cold_start_128: cpu(&poll) + (cpu(&answer) - cpu(&poll)) / CPU_SHARE,
        warm_median: median(waits.iter().copied()),
        warm_p99: percentile(waits.iter().copied(), 99),
        // From poll to poll, so that what is done after an answer counts.
        warm_cpu: (cpu(&last_poll) - cpu(&record.polls[1])) / waits.len() as f64,
        peak_memory: peak_memory as f64 / 1e6,
    }
}

fn wall(moment: &Moment) -> f64 {
    moment.wall.as_secs_f64() * 1e3
}

fn cpu(moment: &Moment) -> f64 {
    moment.cpu.as_secs_f64() * 1e3
}
