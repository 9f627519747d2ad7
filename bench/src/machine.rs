//! The machine that the figures are from.

use std::fs::read_to_string;
use std::thread::available_parallelism;

use serde::Serialize;

use crate::Result;

/// The facts about the machine that a figure depends on.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    /// Processes that wanted a core in the minute before; figures from a busy
    /// machine are worth less.
    pub(crate) load_before: f64,
}

/// Reads them from the kernel.
pub(crate) fn describe() -> Result<Machine> {
    let processors = read_to_string("/proc/cpuinfo")?;
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let load = read_to_string("/proc/loadavg")?;
    Ok(Machine {
        processor: model
            .unwrap_or(": unnamed")
            .trim_start_matches([' ', '\t', ':'])
            .to_owned(),
        cores: available_parallelism()?.get(),
        kernel: read_to_string("/proc/sys/kernel/osrelease")?
            .trim()
            .to_owned(),
        load_before: load.split(' ').next().unwrap_or_default().parse()?,
    })
}
