//! Load: many callers at once, each with one call under way at a time.

use std::future::Future;
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::task::JoinSet;

use crate::Result;
use crate::process::Clock;
use crate::statistics::percentile;

/// A caller that counts one hit at a time and is given its number.
pub(crate) trait Caller: Send + 'static {
    /// Counts one hit.
    fn count(&mut self) -> impl Future<Output = Result<u64>> + Send;
}

/// The result of a load; times in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Rate {
    pub(crate) per_second: f64,
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    /// CPU time of the server for a call.
    pub(crate) cpu: f64,
}

/// Lets all `callers` count for `duration`, at the process of clock `server`.
///
/// # Errors
/// When a call fails, or the numbers are not exactly 1, 2, 3 and so on, each
/// given once.
pub(crate) async fn drive(
    callers: impl IntoIterator<Item = impl Caller>,
    duration: Duration,
    server: Clock,
) -> Result<Rate> {
    let before = server.read()?;
    let started = Instant::now();
    let mut running = JoinSet::new();
    for mut caller in callers {
        running.spawn(async move {
            let mut calls = Vec::new();
            while started.elapsed() < duration {
                let sent = Instant::now();
                let number = caller.count().await?;
                calls.push((number, sent.elapsed()));
            }
            Ok::<_, crate::Error>(calls)
        });
    }
    let mut calls = Vec::new();
    while let Some(finished) = running.join_next().await {
        calls.extend(finished??);
    }
    let seconds = started.elapsed().as_secs_f64();
    let cpu = server.read()?.cpu - before.cpu;

    calls.sort_unstable();
    if let Some(((number, _), due)) = calls
        .iter()
        .zip(1..)
        .find(|((number, _), due)| number != due)
    {
        return Err(format!("expected a call to be number {due}, got {number}").into());
    }
    let latencies = || calls.iter().map(|(_, latency)| latency.as_secs_f64() * 1e3);
    Ok(Rate {
        per_second: calls.len() as f64 / seconds,
        p50: percentile(latencies(), 50),
        p99: percentile(latencies(), 99),
        cpu: cpu.as_secs_f64() * 1e3 / calls.len() as f64,
    })
}
