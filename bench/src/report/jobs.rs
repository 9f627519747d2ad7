//! The table of the files of job offers.

use super::table::Table;
use super::verdict;
use crate::jobs::Cost;

/// The most that the last file's memory may be, as a multiple of the first's.
const FLAT: f64 = 1.5;

pub(super) fn print(costs: &[Cost]) {
    println!("\nA CSV file of job offers, from `jobs load` to the table on disk.");
    let mut table = Table::new(&["rows", "rows/s", "peak memory, MB", ""]);
    for cost in costs {
        table.row([
            cost.rows.to_string(),
            format!("{:.0}", cost.rows_per_second),
            format!("{:.1}", cost.peak_memory as f64 / 1e6),
            String::new(),
        ]);
    }
    table.print();
    if let (Some(first), Some(last)) = (costs.first(), costs.last()) {
        let ratio = last.peak_memory as f64 / first.peak_memory as f64;
        println!(
            "Memory for the last over that for the first: {ratio:.2} (flat is up to {FLAT}: {}).",
            verdict(ratio <= FLAT)
        );
    }
}
