//! Deletes expired items every hour; DynamoDB itself takes a few days. A sweep
//! reads whole tables, so it runs beside the calls, not among them.
//!
//! A clock that is ahead would make it delete items that are still needed, for
//! good. So a clock that has jumped is believed only after it has run evenly
//! for an hour.

use std::time::{Duration, Instant};

use dynoxide::Database;
use jiff::{SignedDuration, Timestamp};

use crate::engine::Engine;

const TICK: Duration = Duration::from_secs(60);
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);
/// A smaller jump is ignored: a clock is corrected, or a program started again.
const SLACK: SignedDuration = SignedDuration::from_hours(1);
/// The time for which a clock that jumped has to run evenly.
const PROBATION: Duration = Duration::from_secs(60 * 60);

/// The times that were read from the clock, and whether they are believed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// The last time that was believed, and the moment it was read.
    believed: (Timestamp, Instant),
    /// The first time that was not believed, and the moment it was read.
    doubted: Option<(Timestamp, Instant)>,
}

impl Clock {
    /// A clock whose last known time was `believed`.
    pub(super) fn new(believed: Timestamp, now: Instant) -> Self {
        Self {
            believed: (believed, now),
            doubted: None,
        }
    }

    /// True if the clock is believed when it says `time`.
    pub(super) fn is_believed(&mut self, time: Timestamp, now: Instant) -> bool {
        let since = |(then, at): (Timestamp, Instant)| {
            let passed = SignedDuration::try_from(now.duration_since(at));
            let told = time.duration_since(then);
            told - passed.unwrap_or(SignedDuration::MAX)
        };
        // A clock that went back makes no item expire too early.
        let is_believed = since(self.believed) <= SLACK
            || match self.doubted {
                Some(first) if since(first).abs() <= SLACK => {
                    now.duration_since(first.1) >= PROBATION
                }
                _ => {
                    self.doubted = Some((time, now));
                    false
                }
            };
        if is_believed {
            self.believed = (time, now);
            self.doubted = None;
        }
        is_believed
    }
}

/// Sweeps for as long as it is awaited. A store that begins empty counts as swept
/// at its start.
pub(super) async fn sweep(
    database: Database,
    engine: Engine,
    seen: Option<i64>,
    begins_empty: bool,
) {
    // A database without a time is new, or from a program that kept none.
    let known = seen.and_then(|seconds| Timestamp::from_second(seconds).ok());
    let mut clock = Clock::new(known.unwrap_or_else(Timestamp::now), Instant::now());
    let mut tick = tokio::time::interval(TICK);
    let mut last_sweep = begins_empty.then(Instant::now);
    loop {
        tick.tick().await;
        let (time, now) = (Timestamp::now(), Instant::now());
        if !clock.is_believed(time, now)
            || last_sweep.is_some_and(|last| now.duration_since(last) < SWEEP_INTERVAL)
        {
            continue;
        }
        last_sweep = Some(now);
        engine.see(time.as_second());
        let database = database.clone();
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(0)) | Err(_) => {}
            Ok(Ok(_)) => engine.overwrite(),
            Ok(Err(error)) => {
                tracing::error!(error.cause = %error, "expired items were not deleted");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "2026-11-26T04:00:00Z";

    /// Returns whether each of these times, read so many minutes after the
    /// start, is believed.
    fn believed(clock: &mut Clock, start: Instant, said: &[(u64, &str)]) -> Vec<bool> {
        let said = said.iter().map(|(minutes, time)| {
            let now = start + Duration::from_secs(60 * minutes);
            clock.is_believed(time.parse().unwrap(), now)
        });
        said.collect()
    }

    #[test]
    fn a_clock_a_month_ahead_and_then_right_is_never_believed_wrongly() {
        let start = Instant::now();
        let mut clock = Clock::new(START.parse().unwrap(), start);
        let said = [
            (0, "2026-12-26T04:00:00Z"),
            (10, "2026-12-26T04:10:00Z"),
            (11, "2026-11-26T04:11:00Z"),
            (12, "2026-12-26T04:12:00Z"),
            (13, "2026-11-26T04:13:00Z"),
        ];
        assert_eq!(
            believed(&mut clock, start, &said),
            [false, false, true, false, true]
        );
    }

    #[test]
    fn a_long_stop_is_believed_after_an_hour_of_even_time() {
        let start = Instant::now();
        let mut clock = Clock::new(START.parse().unwrap(), start);
        let said = [
            (0, "2026-12-26T04:00:00Z"),
            (59, "2026-12-26T04:59:00Z"),
            (60, "2026-12-26T05:00:00Z"),
            (120, "2026-12-26T06:00:00Z"),
        ];
        assert_eq!(
            believed(&mut clock, start, &said),
            [false, false, true, true]
        );
    }

    #[test]
    fn a_clock_that_jumps_again_and_again_is_not_believed() {
        let start = Instant::now();
        let mut clock = Clock::new(START.parse().unwrap(), start);
        let said = [
            (0, "2026-12-26T04:00:00Z"),
            (59, "2027-01-26T04:00:00Z"),
            (118, "2027-02-26T04:00:00Z"),
        ];
        assert_eq!(believed(&mut clock, start, &said), [false; 3]);
    }
}
