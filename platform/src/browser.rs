//! The browser that the user has chosen.

use std::io;

/// Opens `address` in it, and waits for no more than its start.
///
/// # Errors
/// Where there is no browser, or it does not start.
pub fn open(address: &str) -> io::Result<()> {
    open::that_detached(address)
}
