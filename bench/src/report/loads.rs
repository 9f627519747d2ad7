//! The table of the loads.

use std::collections::BTreeMap;

use super::table::Table;
use super::verdict;
use crate::statistics::median;
use crate::throughput::{CALLERS, Pair, Storage};

/// The target for the default storage, in requests per second.
const TARGET: f64 = 2000.0;

pub(super) fn print(loads: &BTreeMap<Storage, Vec<Pair>>) {
    println!(
        "\nresume-counter over HTTP on {CALLERS} connections, beside {CALLERS} loops of bare UpdateItem calls\n\
         in the store's own process: medians, ratios paired by round. Client and server\n\
         share the cores; CPU is that of the server's process for a call."
    );
    let mut table = Table::new(&[
        "",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "CPU ms",
        "bare calls/s",
        "CPU ms",
        "ratio",
        "target",
    ]);
    for (storage, pairs) in loads {
        let of = |figure: fn(&Pair) -> f64| median(pairs.iter().map(figure));
        let rate = of(|pair| pair.http.per_second);
        let target = match storage {
            Storage::Disk => format!("at least {TARGET}: {}", verdict(rate >= TARGET)),
            Storage::Memory | Storage::SyncedDisk => String::new(),
        };
        table.row([
            storage.name().to_owned(),
            format!("{rate:.0}"),
            format!("{:.1}", of(|pair| pair.http.p50)),
            format!("{:.1}", of(|pair| pair.http.p99)),
            format!("{:.2}", of(|pair| pair.http.cpu)),
            format!("{:.0}", of(|pair| pair.bare.per_second)),
            format!("{:.2}", of(|pair| pair.bare.cpu)),
            format!(
                "{:.2}",
                of(|pair| pair.http.per_second / pair.bare.per_second)
            ),
            target,
        ]);
    }
    table.print();
}
