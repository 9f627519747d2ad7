//! A proxy that fails as networks and stores do, for tests of such failures.

use std::convert::Infallible;
use std::future::pending;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use emulator::{DynamoDb, Service};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// A way for a call to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 400 `ThrottlingException`, and the call is not passed on.
    Throttled,
    /// The call meets a transaction, and is not passed on: 400
    /// `TransactionCanceledException` for a transaction of its own, else 400
    /// `TransactionConflictException`.
    Conflict,
    /// 500 `InternalServerError`, and the call is not passed on.
    InternalError,
    /// The call is passed on, and the connection closes without an answer.
    AnswerLost,
    /// The call is taken and never answered.
    Silent,
}

/// A plain HTTP proxy in front of one store.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    state: Arc<State>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    store: Service,
    failing: Mutex<Failing>,
    calls: AtomicUsize,
}

/// The calls that fail, and their fault.
#[derive(Clone, Copy, Debug, Default)]
struct Failing {
    fault: Option<Fault>,
    /// The one operation that fails; `None` fails all.
    operation: Option<&'static str>,
    /// The number of calls that will still fail.
    calls: usize,
}

impl FaultProxy {
    /// Starts a proxy that passes all calls on to `store`.
    ///
    /// # Errors
    /// When no loopback port can be had.
    pub async fn start(store: &DynamoDb) -> io::Result<Self> {
        let state = Arc::new(State {
            store: store.service(),
            failing: Mutex::default(),
            calls: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve(listener, Arc::clone(&state)));
        Ok(Self {
            address,
            state,
            server,
        })
    }

    /// The URL to call instead of the store's.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes every call from now on fail like this or, with `None`, succeed.
    pub fn set(&self, fault: Option<Fault>) {
        self.state.set(Failing {
            fault,
            operation: None,
            calls: usize::MAX,
        });
    }

    /// Makes the next `calls` calls fail like this, and those after them
    /// succeed.
    pub fn set_for(&self, calls: usize, fault: Fault) {
        self.state.set(Failing {
            fault: Some(fault),
            operation: None,
            calls,
        });
    }

    /// Makes every call of one operation, such as `PutItem`, fail like this.
    pub fn set_on(&self, operation: &'static str, fault: Fault) {
        self.state.set(Failing {
            fault: Some(fault),
            operation: Some(operation),
            calls: usize::MAX,
        });
    }

    /// The number of calls that have arrived.
    pub fn calls(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// Closes every connection and the port: calls are refused.
    pub async fn refuse(&mut self) {
        self.server.abort();
        // The result only says that it was aborted.
        let _ = (&mut self.server).await;
    }

    /// Opens the same port again.
    ///
    /// # Errors
    /// When another process has taken it meanwhile.
    pub async fn accept(&mut self) -> io::Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        self.server = tokio::spawn(serve(listener, Arc::clone(&self.state)));
        Ok(())
    }
}

async fn serve(listener: TcpListener, state: Arc<State>) {
    // Connections end with this task, because the set ends with it.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        connections.spawn(http1::Builder::new().serve_connection(
            TokioIo::new(stream),
            service_fn(move |request| relay(Arc::clone(&state), request)),
        ));
    }
}

/// An error makes hyper close the connection without an answer.
async fn relay(
    state: Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Box<dyn std::error::Error + Send + Sync>> {
    state.calls.fetch_add(1, Ordering::SeqCst);
    match state.next(&request) {
        None => Ok(state.store.call(request).await),
        Some(Fault::Throttled) => Ok(failure(StatusCode::BAD_REQUEST, "ThrottlingException")),
        Some(Fault::Conflict) => Ok(conflict(&request)),
        Some(Fault::InternalError) => Ok(failure(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalServerError",
        )),
        Some(Fault::AnswerLost) => {
            state.store.call(request).await;
            Err("the answer is lost".into())
        }
        Some(Fault::Silent) => {
            let never: Infallible = pending().await;
            match never {}
        }
    }
}

impl State {
    fn set(&self, failing: Failing) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = failing;
    }

    /// Returns the fault of the call that has come, if it is to fail.
    fn next(&self, request: &Request<Incoming>) -> Option<Fault> {
        let mut failing = self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        let target = request.headers().get("x-amz-target");
        let is_meant = failing.operation.is_none_or(|operation| {
            target.is_some_and(|target| target.as_bytes().ends_with(operation.as_bytes()))
        });
        if !is_meant || failing.calls == 0 {
            return None;
        }
        failing.calls -= 1;
        failing.fault
    }
}

fn conflict(request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let target = request.headers().get("x-amz-target");
    if !target.is_some_and(|target| target.as_bytes().ends_with(b"TransactWriteItems")) {
        return failure(StatusCode::BAD_REQUEST, "TransactionConflictException");
    }
    let mut response = failure(StatusCode::BAD_REQUEST, "TransactionCanceledException");
    *response.body_mut() = Full::new(Bytes::from_static(
        br#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "message":"","CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict"}]}"#,
    ));
    response
}

fn failure(status: StatusCode, code: &str) -> Response<Full<Bytes>> {
    let body = format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":""}}"#);
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response
}
