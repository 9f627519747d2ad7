//! A request's body on its way in, and an answer's on its way out. An upload may
//! take as long as it needs and not be slower than a slow line.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use super::activity::{Activity, Phase};

/// The longest that a client may send nothing of a body that it began.
const STALL: Duration = Duration::from_secs(10);
/// Bytes a second that a body has to come with, once [`STALL`] is over.
const MIN_RATE: u64 = 2 * 1024;

/// A body came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub(crate) struct TooSlow;

/// A request's body.
pub(crate) struct Upload {
    body: Incoming,
    activity: Arc<Activity>,
    received: u64,
    /// Since when it is waited for, and until when.
    wait: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Upload {
    pub(crate) fn new(body: Incoming, activity: Arc<Activity>) -> Self {
        Self {
            body,
            activity,
            received: 0,
            wait: None,
        }
    }

    /// Returns true if the client has used up its time for what is missing.
    fn is_too_slow(&mut self, context: &mut Context<'_>) -> bool {
        let (_, end) = self
            .wait
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(STALL))));
        end.as_mut().poll(context).is_ready()
    }

    fn extend(&mut self, bytes: usize) {
        self.received += bytes as u64;
        let Some((began, end)) = &mut self.wait else {
            return;
        };
        let earned = STALL + Duration::from_secs(self.received / MIN_RATE);
        end.as_mut()
            .reset((*began + earned).min(Instant::now() + STALL));
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Pending if self.is_too_slow(context) => Poll::Ready(Some(Err(TooSlow.into()))),
            Poll::Pending => {
                self.activity.enter(Phase::Receiving);
                Poll::Pending
            }
            Poll::Ready(frame) => {
                self.activity.enter(Phase::Working);
                if let Some(Ok(frame)) = &frame {
                    self.extend(frame.data_ref().map_or(0, Bytes::len));
                }
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer's body; when it is dropped, the connection is idle again.
pub(crate) struct Download {
    body: Body,
    _under_way: UnderWay,
}

/// A request that is under way, until this is dropped.
pub(crate) struct UnderWay(Arc<Activity>);

impl UnderWay {
    pub(crate) fn begin(activity: Arc<Activity>) -> Self {
        activity.enter(Phase::Working);
        Self(activity)
    }

    pub(crate) fn answer(self, body: Body) -> Download {
        self.0.enter(Phase::Sending);
        Download {
            body,
            _under_way: self,
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.enter(Phase::Idle);
    }
}

impl HttpBody for Download {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
