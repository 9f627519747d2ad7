//! The transport of the SDK's requests: HTTP/1.1, which is all that DynamoDB
//! speaks, over pooled connections. The client that comes with the SDK brings
//! HTTP/2 and proxies along: a tenth of a function's size and memory.

use std::time::Duration;

use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{
    CaptureConnection, Connect, HttpConnector as TcpConnector, capture_connection,
};
use hyper_util::rt::TokioExecutor;
use lambda_http::http::Uri;
use lambda_http::{Service, service_fn};
use rustls::ClientConfig;
use tokio::time::timeout;

/// Nothing was sent on a connection that was not made, so giving up early
/// leaves time to try again.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// DynamoDB closes idle connections; closing them first keeps a request from
/// being sent into one that is already gone, when its outcome is unknown.
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Connector<C>(Client<C, SdkBody>);

/// A client for `http` URLs and, with `tls`, for `https` ones.
pub(crate) fn new(tls: ClientConfig) -> SharedHttpClient {
    let mut tcp = TcpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(tcp);
    let connect = service_fn(move |uri: Uri| {
        let connection = https.clone().call(uri);
        Box::pin(async { timeout(CONNECT_TIMEOUT, connection).await? })
    });
    // No timer closes idle connections: Lambda would not let it run between
    // calls. The pool looks at their age when it hands one out.
    let client = Client::builder(TokioExecutor::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .build(connect);
    let connector = SharedHttpConnector::new(Connector(client));
    http_client_fn(move |_, _| connector.clone())
}

impl<C> HttpConnector for Connector<C>
where
    C: Connect + Clone + std::fmt::Debug + Send + Sync + 'static,
{
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into())));
            }
        };
        let connection = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || Some(metadata(connection.clone())));
        }
        let response = self.0.request(request);
        HttpConnectorFuture::new(async move {
            let response = response.await.map_err(|e| ConnectorError::io(e.into()))?;
            response
                .map(SdkBody::from_body_1_x)
                .try_into()
                .map_err(|error| ConnectorError::other(Box::new(error), None))
        })
    }
}

/// Lets the SDK close the connection of an answer that it distrusts. A
/// connection that was never made needs no closing.
fn metadata(connection: CaptureConnection) -> ConnectionMetadata {
    let close = move || {
        if let Some(connection) = connection.connection_metadata().as_ref() {
            connection.poison();
        }
    };
    ConnectionMetadata::builder()
        .proxied(false)
        .poison_fn(close)
        .build()
}
