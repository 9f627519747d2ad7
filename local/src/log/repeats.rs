//! Failures that repeat: the first is said, the others of the next minute are
//! counted and said once.

use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The time for which a failure is counted before it is said again.
pub(super) const WINDOW: Duration = Duration::from_secs(60);
/// Failures that are told apart; of more, each place in the code is one.
const MAX_FAILURES: usize = 256;
/// The target of the log's own lines, which it never counts.
pub(super) const TARGET: &str = "log";

/// The failures of the last minute, and how often each would have been said since.
#[derive(Clone, Debug, Default)]
pub(super) struct Repeats(Arc<Mutex<HashMap<Failure, Count>>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Failure {
    place: Identifier,
    text: Text,
}

#[derive(Debug)]
struct Count {
    since: Instant,
    repeats: u64,
}

/// An event's message and cause; its other fields, such as a request's number,
/// make it no other failure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Text {
    message: String,
    cause: String,
}

impl Repeats {
    /// Says how often what was first said `window` ago came again.
    pub(super) fn tell(&self, window: Duration) {
        let now = Instant::now();
        let over = self
            .lock()
            .extract_if(|_, count| now.saturating_duration_since(count.since) >= window)
            .collect::<Vec<_>>();
        for (Failure { text, .. }, Count { repeats, .. }) in over {
            if repeats > 0 {
                tracing::warn!(
                    target: TARGET,
                    { error.cause = text.cause, log.repeats = repeats },
                    "again: {}",
                    text.message
                );
            }
        }
    }

    /// Tells whether a failure is to be said; else it is counted.
    fn is_new(&self, place: Identifier, text: Text) -> bool {
        // Nothing may panic while the lock is held: a panic is logged, too.
        let since = Instant::now();
        let mut failures = self.lock();
        let mut failure = Failure { place, text };
        if failures.len() >= MAX_FAILURES && !failures.contains_key(&failure) {
            failure.text = Text {
                message: "several failures".to_owned(),
                cause: String::new(),
            };
        }
        let mut is_new = false;
        let count = failures.entry(failure).or_insert_with(|| {
            is_new = true;
            Count { since, repeats: 0 }
        });
        count.repeats += u64::from(!is_new);
        is_new
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Failure, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for Repeats {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if *metadata.level() > Level::WARN || metadata.target() == TARGET {
            return true;
        }
        let mut text = Text::default();
        event.record(&mut text);
        self.is_new(metadata.callsite(), text)
    }
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = match field.name() {
            "message" => &mut self.message,
            "error.cause" => &mut self.cause,
            _ => return,
        };
        // Writing to a string cannot fail.
        let _ = write!(text, "{value:?}");
    }
}
