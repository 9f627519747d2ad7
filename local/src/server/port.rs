//! An open port.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::oneshot;

use super::StartError;

/// Connections that the system keeps for a port until they are taken. One that
/// finds no room there tries again after a second.
const BACKLOG: u32 = 4096;

/// A port that is served.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) address: SocketAddr,
    pub(super) stop: oneshot::Sender<()>,
}

/// Opens a port, and tells where it is, which for port 0 only the system knows.
pub(super) fn listen(
    address: SocketAddr,
    option: &'static str,
) -> Result<(TcpListener, SocketAddr), StartError> {
    let bind = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }?;
        // What is left of the connections of a program before it is no obstacle.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let bound = listener.local_addr()?;
        Ok((listener, bound))
    };
    bind().map_err(|error| StartError::Listen {
        address,
        option,
        error,
    })
}
