//! HTTP/1.1 with bounds that axum's own server has not: nobody keeps a connection
//! by saying nothing, and nobody keeps others from theirs.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};

use super::activity::{Activity, Leave, Phase};
use super::forwarded::Proxies;
use super::places::{Place, Places};
use super::stream::ClientStream;
use super::upload::{Download, UnderWay, Upload};

/// The longest that a client may take over the head of its next request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The same for a trusted proxy, which keeps connections for its next visitor: nginx
/// for 60 s, Caddy for 120 s. Whoever closes first makes the other's next request
/// fail, so it is not this end.
const PROXY_TIMEOUT: Duration = Duration::from_secs(180);
/// Bytes of a head: API Gateway takes 10,240 of request line and headers
/// together. What is longer is answered with 431.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// The longest that a shutdown waits for requests under way.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest that it waits for the rest of a head that may be on its way.
const LAST_MOMENT: Duration = Duration::from_millis(100);

/// Serves `app` until `stop` is dropped, then lets requests under way end.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    places: Places,
    proxies: Arc<Proxies>,
    mut stop: oneshot::Receiver<()>,
) {
    let (stopping, stopped) = watch::channel(());
    // Each connection has a clone of the sender: when the last has ended, the
    // receiver ends, too.
    let (open, mut all_closed) = mpsc::channel::<Infallible>(1);
    loop {
        let (stream, caller) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    pause_after(&error).await;
                    continue;
                }
            },
            _ = &mut stop => break,
        };
        let client = caller.ip().into();
        places.room_to_wait(client).await;
        let Some(entry) = places.enter(client) else {
            continue;
        };
        let (app, proxies) = (app.clone(), Arc::clone(&proxies));
        let (open, mut stopped) = (open.clone(), stopped.clone());
        tokio::spawn(async move {
            let place = tokio::select! {
                place = entry.place() => place,
                _ = stopped.changed() => None,
            };
            if let Some(place) = place {
                talk(stream, caller, app, proxies, place, stopped).await;
            }
            drop(open);
        });
    }
    drop((listener, stopping, open));
    if timeout(PATIENCE, all_closed.recv()).await.is_err() {
        tracing::warn!("stopped with requests still under way");
    }
}

/// A connection that its client gave up says nothing of the next one; where there
/// is no file left, say, the next moment may be better.
async fn pause_after(error: &io::Error) {
    let is_the_clients = matches!(
        error.kind(),
        ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
    );
    if !is_the_clients {
        tracing::warn!(error.cause = %error, "a connection was not taken");
        sleep(Duration::from_millis(50)).await;
    }
}

/// Answers the requests of one connection. One that breaks is its client's affair.
async fn talk(
    stream: TcpStream,
    caller: SocketAddr,
    app: Router,
    proxies: Arc<Proxies>,
    place: Place,
    mut stopped: watch::Receiver<()>,
) {
    let activity = Arc::clone(&place.activity);
    let app = TowerToHyperService::new(app);
    let head_timeout = match proxies.trust(caller.ip()) {
        true => PROXY_TIMEOUT,
        false => HEAD_TIMEOUT,
    };
    let service = {
        let activity = Arc::clone(&activity);
        service_fn(move |request: Request<Incoming>| {
            let caller = proxies.visitor(caller, request.headers());
            answer(app.clone(), caller, Arc::clone(&activity), request)
        })
    };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(head_timeout)
        .max_buf_size(MAX_HEAD_BYTES);
    let stream = TokioIo::new(ClientStream::new(stream));
    let mut connection = pin!(http.serve_connection(stream, service));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = activity.asked_to_leave(Leave::AfterAnswer) => connection.as_mut().graceful_shutdown(),
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = timeout(LAST_MOMENT, connection.as_mut()).await;
            // Half a head is no request under way.
            if activity.phase() == Phase::Idle {
                return;
            }
        }
    }
    tokio::select! {
        _ = connection.as_mut() => return,
        () = activity.asked_to_leave(Leave::Now) => {}
    }
    if activity.phase() == Phase::Working {
        let _ = connection.await;
    }
}

async fn answer(
    app: TowerToHyperService<Router>,
    caller: SocketAddr,
    activity: Arc<Activity>,
    request: Request<Incoming>,
) -> Result<Response<Download>, Infallible> {
    let under_way = UnderWay::begin(Arc::clone(&activity));
    let mut request = request.map(|body| Upload::new(body, activity));
    request.extensions_mut().insert(ConnectInfo(caller));
    let response = app.call(request).await?;
    Ok(response.map(|body| under_way.answer(body)))
}
