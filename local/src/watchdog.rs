//! The word to a service manager's watchdog, which starts a program again that
//! no longer gives it.

use std::time::Duration;

use counter::Hits;
use platform::supervisor::{State, tell};
use tokio::time::{sleep, timeout};

/// Gives the word for as long as the store answers within a period. An error is
/// an answer: another start would not mend a full disk.
pub(crate) async fn beat(period: Duration, hits: Hits) {
    loop {
        if timeout(period, hits.connect()).await.is_ok() {
            tell(State::Well);
        }
        sleep(period).await;
    }
}
