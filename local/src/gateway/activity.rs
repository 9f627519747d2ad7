//! The activity of a connection, for whoever has to choose one that leaves, and how it
//! is told.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// One connection, as the others see it.
#[derive(Debug)]
pub(crate) struct Activity {
    at: Mutex<(Phase, Instant)>,
    leave: watch::Sender<Leave>,
}

/// The event that a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// A request: there is none, or not the whole head of one.
    Idle,
    /// This program.
    Working,
    /// The client's next bytes of a body.
    Receiving,
    /// The client, to take the answer.
    Sending,
}

/// The moment at which a connection has to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leave {
    /// Any moment that its client likes.
    No,
    /// With the answer that is under way.
    AfterAnswer,
    /// At once, unless this program still works for it.
    Now,
}

impl Default for Activity {
    fn default() -> Self {
        Self {
            at: Mutex::new((Phase::Idle, Instant::now())),
            leave: watch::Sender::new(Leave::No),
        }
    }
}

impl Activity {
    pub(crate) fn enter(&self, phase: Phase) {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        if at.0 != phase {
            *at = (phase, Instant::now());
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.at(Instant::now()).0
    }

    /// Its phase, and the time that it has been in it at `now`: of several connections
    /// the same, so that they can be compared.
    pub(crate) fn at(&self, now: Instant) -> (Phase, Duration) {
        let at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        (at.0, now.duration_since(at.1))
    }

    /// The moment at which it was asked to leave, if it was.
    pub(crate) fn leave(&self) -> Leave {
        *self.leave.borrow()
    }

    pub(crate) fn ask_to_leave(&self, how: Leave) {
        self.leave.send_replace(how);
    }

    /// Returns when the place is needed for somebody else, `how` or harder.
    pub(crate) async fn asked_to_leave(&self, how: Leave) {
        // The sender is here, so this only ends with the value.
        let _ = self.leave.subscribe().wait_for(|asked| *asked >= how).await;
    }
}
