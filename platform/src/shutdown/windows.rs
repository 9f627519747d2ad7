//! The events of a Windows console, which a window that is closed and a session
//! that ends send as well.

use std::io;

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close,
    ctrl_logoff, ctrl_shutdown,
};

/// The events that ask the program to end. From when this is made, none of them
/// kills it at once.
#[derive(Debug)]
pub struct Shutdown {
    interrupt: CtrlC,
    stop: CtrlBreak,
    window: CtrlClose,
    session: CtrlLogoff,
    system: CtrlShutdown,
}

impl Shutdown {
    /// Takes the events over.
    ///
    /// # Errors
    /// When the system lets no handler be set.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: ctrl_c()?,
            stop: ctrl_break()?,
            window: ctrl_close()?,
            session: ctrl_logoff()?,
            system: ctrl_shutdown()?,
        })
    }

    /// Returns when the user or the system asks the program to end, each time
    /// that they do.
    pub async fn requested(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.stop.recv() => {}
            _ = self.window.recv() => {}
            _ = self.session.recv() => {}
            _ = self.system.recv() => {}
        }
    }
}
