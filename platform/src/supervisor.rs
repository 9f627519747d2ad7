//! The service manager, such as systemd, where one listens: sd_notify(3), and
//! its journal.

use std::time::Duration;

/// The state of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It serves.
    Ready,
    /// It serves, and what it depends on answers.
    Well,
    /// It is about to end.
    Stopping,
}

/// Tells the manager the program's state.
#[cfg(unix)]
pub fn tell(state: State) {
    let state = match state {
        State::Ready => sd_notify::NotifyState::Ready,
        State::Stopping => sd_notify::NotifyState::Stopping,
        State::Well => sd_notify::NotifyState::Watchdog,
    };
    // Whoever listened may have gone.
    let _ = sd_notify::notify(&[state]);
}

/// The longest that it waits for the next word that the program is well, if it
/// waits for one.
#[cfg(unix)]
pub fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled()
}

/// Returns true if standard error is the journal's, which then reads priorities:
/// systemd says which file it is, and a redirected one is another.
#[cfg(unix)]
pub fn is_journal() -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;

    let Ok(stream) = std::env::var("JOURNAL_STREAM") else {
        return false;
    };
    let error = std::io::stderr();
    let file = error.as_fd().try_clone_to_owned().map(std::fs::File::from);
    let file = file.and_then(|file| file.metadata());
    file.is_ok_and(|file| stream == format!("{}:{}", file.dev(), file.ino()))
}

/// Tells nobody: Windows' own manager starts programs of another kind.
#[cfg(windows)]
pub fn tell(_: State) {}

/// No service manager waits here.
#[cfg(windows)]
pub fn watchdog() -> Option<Duration> {
    None
}

/// There is no journal here.
#[cfg(windows)]
pub fn is_journal() -> bool {
    false
}
