//! What a service manager such as systemd is told, where one listens: sd_notify(3).

use std::time::Duration;

use counter::Hits;
use sd_notify::NotifyState;
use tokio::time::{sleep, timeout};

/// Says that the program serves.
pub(crate) fn ready() {
    tell(NotifyState::Ready);
}

/// Says that it is about to end.
pub(crate) fn stopping() {
    tell(NotifyState::Stopping);
}

/// How often it has to say that it is well, if the manager asks for that.
pub(crate) fn period() -> Option<Duration> {
    Some(sd_notify::watchdog_enabled()? / 3)
}

/// Says so for as long as the store answers within a period. An error is an
/// answer: another start would not mend a full disk.
pub(crate) async fn beat(period: Duration, hits: Hits) {
    loop {
        if timeout(period, hits.connect()).await.is_ok() {
            tell(NotifyState::Watchdog);
        }
        sleep(period).await;
    }
}

fn tell(state: NotifyState<'_>) {
    // Whoever listened may have gone.
    let _ = sd_notify::notify(&[state]);
}
