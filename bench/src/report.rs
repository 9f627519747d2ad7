//! The results: tables for people, and JSON for programs.

mod functions;
mod jobs;
mod loads;
mod resumes;
mod table;
mod visits;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::jobs::Cost as Load;
use crate::lambda::Comparison;
use crate::machine::Machine;
use crate::resumes::Cost as Build;
use crate::throughput::{Pair, Storage};
use crate::visits::Cost;

/// All results of one run.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) functions: Option<Comparison>,
    pub(crate) loads: BTreeMap<Storage, Vec<Pair>>,
    pub(crate) visits: Vec<Cost>,
    pub(crate) jobs: Vec<Load>,
    pub(crate) resumes: Vec<Build>,
}

impl Report {
    /// Prints the tables of the parts that ran.
    pub(crate) fn print(&self) {
        let machine = &self.machine;
        println!(
            "\n{}, {} cores, Linux {}, load before the run {}",
            machine.processor, machine.cores, machine.kernel, machine.load_before
        );
        if machine.load_before > machine.cores as f64 / 4.0 {
            println!("The machine was busy: take its times, even CPU times, with care.");
        }
        if let Some(comparison) = &self.functions {
            functions::print(comparison);
        }
        if !self.loads.is_empty() {
            loads::print(&self.loads);
        }
        if !self.visits.is_empty() {
            visits::print(&self.visits);
        }
        if !self.jobs.is_empty() {
            jobs::print(&self.jobs);
        }
        if !self.resumes.is_empty() {
            resumes::print(&self.resumes);
        }
    }
}

/// The words for a figure that reaches its target, or does not.
fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "MISSED" }
}
