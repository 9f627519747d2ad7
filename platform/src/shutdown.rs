//! The requests to end: Ctrl-C, SIGTERM, the terminal's end, and on Windows the
//! end of the session.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::Shutdown;
#[cfg(windows)]
pub use windows::Shutdown;
