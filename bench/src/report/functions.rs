//! The table of the functions.

use super::table::Table;
use super::verdict;
use crate::function::{CPU_SHARE, Life};
use crate::lambda::Comparison;
use crate::statistics::median;

/// The largest that the function's zip file should be, in megabytes.
const ZIP_TARGET: f64 = 3.0;

/// A figure of a function's life, and how many times that of `counter` it
/// should be for the two references.
struct Figure(&'static str, fn(&Life) -> f64, Option<[f64; 2]>);

const FIGURES: [Figure; 9] = [
    Figure(
        "start to first poll, wall ms",
        |life| life.first_poll_wall,
        None,
    ),
    Figure(
        "start to first poll, CPU ms",
        |life| life.first_poll_cpu,
        None,
    ),
    Figure(
        "start to first answer, wall ms",
        |life| life.first_answer_wall,
        None,
    ),
    Figure(
        "start to first answer, CPU ms",
        |life| life.first_answer_cpu,
        Some([60.0, 60.0]),
    ),
    Figure(
        "cold start at 128 MB, ms (computed)",
        |life| life.cold_start_128,
        None,
    ),
    Figure("warm call, median ms", |life| life.warm_median, None),
    Figure("warm call, p99 ms", |life| life.warm_p99, None),
    Figure(
        "warm call, CPU ms",
        |life| life.warm_cpu,
        Some([6.0, 100.0]),
    ),
    Figure("peak memory, MB", |life| life.peak_memory, Some([6.0, 6.0])),
];

pub(super) fn print(comparison: &Comparison) {
    let Comparison {
        functions, rounds, ..
    } = comparison;
    let [ours, once, per_call] = functions.each_ref().map(|function| function.name);
    println!(
        "\nFunctions: medians of {} rounds; ratios to {ours}, paired by round.",
        rounds.len()
    );
    let mut table = Table::new(&["", ours, once, "ratio", per_call, "ratio", "target"]);
    for Figure(label, of, target) in FIGURES {
        let [ours, once, per_call] =
            [0, 1, 2].map(|index| median(rounds.iter().map(|lives| of(&lives[index]))));
        let ratios = [1, 2]
            .map(|index| median(rounds.iter().map(|lives| of(&lives[index]) / of(&lives[0]))));
        let target = target.map_or_else(String::new, |bounds| {
            let reached = verdict(ratios[0] >= bounds[0] && ratios[1] >= bounds[1]);
            format!("ratios of {} and {}: {reached}", bounds[0], bounds[1])
        });
        table.row([
            label.to_owned(),
            format!("{ours:.2}"),
            format!("{once:.2}"),
            format!("{:.1}", ratios[0]),
            format!("{per_call:.2}"),
            format!("{:.1}", ratios[1]),
            target,
        ]);
    }
    let [ours, once, per_call] = functions
        .each_ref()
        .map(|function| function.zip_bytes as f64 / 1e6);
    table.row([
        "zip, MB".to_owned(),
        format!("{ours:.2}"),
        format!("{once:.4}"),
        String::new(),
        format!("{per_call:.4}"),
        String::new(),
        format!("at most {ZIP_TARGET}: {}", verdict(ours <= ZIP_TARGET)),
    ]);
    table.print();
    println!(
        "Computed: CPU until the first poll, and the first call's CPU on {:.1} % of a core.\n\
         Lambda brings boto3 and awslambdaric for Python: packed beside the handler they make {:.1} MB.",
        CPU_SHARE * 100.0,
        comparison.vendored_zip_bytes as f64 / 1e6,
    );
}
