//! The table of the résumés that were built.

use super::table::Table;
use super::verdict;
use crate::resumes::Cost;

/// The most that a build of 400 jobs may take, in milliseconds.
const TARGET: (usize, f64) = (400, 100.0);

pub(super) fn print(costs: &[Cost]) {
    println!("\nA résumé, from the start of `resume-counter build` to its end.");
    let mut table = Table::new(&["jobs", "file, kB", "build, ms", "target"]);
    for cost in costs {
        let target = match cost.jobs == TARGET.0 {
            true => format!("{}: {}", TARGET.1, verdict(cost.build <= TARGET.1)),
            false => String::new(),
        };
        table.row([
            cost.jobs.to_string(),
            format!("{:.0}", cost.bytes as f64 / 1e3),
            format!("{:.1}", cost.build),
            target,
        ]);
    }
    table.print();
}
