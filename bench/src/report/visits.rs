//! The table of the owner's questions.

use super::table::Table;
use crate::visits::Cost;

pub(super) fn print(costs: &[Cost]) {
    println!(
        "\nThe owner's questions to a log of 90 days, each with as many and as long names as\n\
         a day has room for, in memory: read units as the store counts them, and the\n\
         median time of a call of the function."
    );
    let mut table = Table::new(&[
        "visits",
        "page of 50: units",
        "ms",
        "summary of 90 days: units",
        "ms",
        "",
    ]);
    for cost in costs {
        table.row([
            cost.visits.to_string(),
            format!("{:.1}", cost.page.read_units),
            format!("{:.1}", cost.page.milliseconds),
            format!("{:.1}", cost.summary.read_units),
            format!("{:.1}", cost.summary.milliseconds),
            String::new(),
        ]);
    }
    table.print();
}
