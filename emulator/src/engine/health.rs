//! The health of a store, for the owner of the process to act on.

use tokio::sync::watch;

/// The health of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Health {
    /// It answers.
    #[default]
    Well,
    /// Writes are refused until this fault is mended.
    Failing(String),
    /// The store answers no more, for this reason, and only a restart helps.
    Ended(String),
}

/// Sets the store's health; dropping it says that the store has ended.
#[derive(Debug)]
pub(super) struct Pulse(watch::Sender<Health>);

impl Pulse {
    pub(super) fn new() -> (Self, watch::Receiver<Health>) {
        let (sender, receiver) = watch::channel(Health::Well);
        (Self(sender), receiver)
    }

    pub(super) fn fail(&self, cause: String) {
        self.become_now(Health::Failing(cause));
    }

    pub(super) fn recover(&self) {
        self.become_now(Health::Well);
    }

    pub(super) fn end(&self, cause: String) {
        self.become_now(Health::Ended(cause));
    }

    fn become_now(&self, health: Health) {
        self.0.send_if_modified(|now| {
            let is_new = *now != health && !matches!(now, Health::Ended(_));
            if is_new {
                *now = health;
            }
            is_new
        });
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        let cause = if std::thread::panicking() {
            "the store's thread panicked"
        } else {
            "the store was closed"
        };
        self.end(cause.to_owned());
    }
}
