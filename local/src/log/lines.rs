//! Lines on their way to whoever reads the log, in a bounded queue that a thread
//! of its own empties: nobody else ever waits for the reader.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

use super::repeats::{Repeats, TARGET, WINDOW};

/// Lines that wait for their reader; more are dropped.
const MAX_LINES: usize = 1_024;
/// The time between two counts that the thread tells.
const TICK: Duration = Duration::from_secs(1);

/// The way to the thread.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    queue: SyncSender<Vec<u8>>,
    counts: Arc<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// Lines in the queue, or being written.
    under_way: AtomicU64,
    /// Lines that were dropped since this was last told.
    lost: AtomicU64,
}

impl Lines {
    /// Starts the thread, which also tells of `repeats`.
    ///
    /// # Errors
    /// When the system gives none.
    pub(super) fn start(output: impl Write + Send + 'static, repeats: Repeats) -> io::Result<Self> {
        let (queue, lines) = sync_channel(MAX_LINES);
        let counts = Arc::<Counts>::default();
        let worker = Worker {
            lines,
            counts: Arc::clone(&counts),
            repeats,
        };
        thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || worker.write_to(output))?;
        Ok(Self { queue, counts })
    }

    /// Hands a line over, if there is room for it.
    pub(super) fn send(&self, line: Vec<u8>) {
        self.counts.under_way.fetch_add(1, Ordering::AcqRel);
        if self.queue.try_send(line).is_err() {
            self.counts.under_way.fetch_sub(1, Ordering::AcqRel);
            self.counts.lost.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Returns when all lines are written, and at the end of `patience`.
    pub(super) fn wait(&self, patience: Duration) {
        let end = Instant::now() + patience;
        while self.counts.under_way.load(Ordering::Acquire) > 0 && Instant::now() < end {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

struct Worker {
    lines: Receiver<Vec<u8>>,
    counts: Arc<Counts>,
    repeats: Repeats,
}

impl Worker {
    fn write_to(self, mut output: impl Write) {
        let mut next_tick = Instant::now() + TICK;
        let mut is_cut = false;
        loop {
            let patience = next_tick.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(patience) {
                Ok(line) => {
                    // What came of the last one may be half of it.
                    let start: &[u8] = if is_cut { b"\n" } else { b"" };
                    let written = output.write_all(&[start, &line].concat());
                    is_cut = written.is_err();
                    self.counts.under_way.fetch_sub(1, Ordering::AcqRel);
                    match written {
                        Ok(()) => self.tell_losses(),
                        Err(_) => {
                            self.counts.lost.fetch_add(1, Ordering::AcqRel);
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if Instant::now() >= next_tick {
                self.repeats.tell(WINDOW);
                next_tick = Instant::now() + TICK;
            }
        }
    }

    /// Only after a line that was written: else each would make another.
    fn tell_losses(&self) {
        let lost = self.counts.lost.swap(0, Ordering::AcqRel);
        if lost > 0 {
            tracing::warn!(
                target: TARGET,
                { log.lost_lines = lost },
                "the log lost lines, since nobody read it"
            );
        }
    }
}

/// Makes a line of each event.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub(super) lines: Lines,
    /// True if a line begins with its priority, as sd-daemon(3) has it.
    pub(super) has_priorities: bool,
}

/// Takes one event's line.
pub(super) struct LineWriter<'a> {
    lines: &'a Lines,
    start: &'static [u8],
}

impl<'a> MakeWriter<'a> for Writer {
    type Writer = LineWriter<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        LineWriter {
            lines: &self.lines,
            start: b"",
        }
    }

    fn make_writer_for(&'a self, event: &Metadata<'_>) -> Self::Writer {
        let start: &[u8] = match *event.level() {
            _ if !self.has_priorities => b"",
            Level::ERROR => b"<3>",
            Level::WARN => b"<4>",
            Level::INFO => b"<6>",
            _ => b"<7>",
        };
        LineWriter {
            lines: &self.lines,
            start,
        }
    }
}

impl Write for LineWriter<'_> {
    /// The subscriber writes a whole line at once.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lines.send([self.start, line].concat());
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
