//! A client's connection, of which neither end can keep the program waiting: a
//! client that does not read is dropped, and one that still sends when its answer
//! is ready gets to see the answer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_io_timeout::TimeoutStream;

/// The longest that a client may take no byte of its answer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);
/// The time, after the answer, for which a client's bytes are thrown away. To close
/// at once would reset the connection, and the client might not see the answer.
const LINGER: Duration = Duration::from_secs(2);

/// The stream under HTTP.
#[derive(Debug)]
pub(crate) struct ClientStream {
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    linger: Option<Pin<Box<Sleep>>>,
}

impl ClientStream {
    pub(crate) fn new(stream: TcpStream) -> Self {
        // Head and body of an answer are two writes, and the second must not wait
        // until the first is acknowledged. A stream without it only is slower.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIMEOUT));
        Self {
            stream: Box::pin(stream),
            linger: None,
        }
    }
}

impl AsyncRead for ClientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_read(context, buffer)
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream.as_mut().poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.as_mut().poll_flush(context)
    }

    /// Ends the answer, then reads until the client ends, too.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(self.stream.as_mut().poll_shutdown(context))?;
        }
        let this = &mut *self;
        let linger = this.linger.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        while linger.as_mut().poll(context).is_pending() {
            let mut rest = [0; 8 * 1024];
            let mut rest = ReadBuf::new(&mut rest);
            ready!(this.stream.as_mut().poll_read(context, &mut rest))?;
            if rest.filled().is_empty() {
                break;
            }
        }
        Poll::Ready(Ok(()))
    }
}
