//! Hands the requests of the SDK's clients to a service in this process, as
//! function calls: there is no socket, and nothing that another process could
//! reach.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use axum::http::header::HOST;
use axum::http::{HeaderValue, Request, Response};
use backend::dynamodb::{AccessKey, Config};

/// The region that requests are signed for and events name.
pub(crate) const REGION: &str = "eu-west-1";

/// The key of the requests in this process, which nobody else can send.
pub(crate) fn access_key() -> AccessKey {
    AccessKey {
        id: "in-process".to_owned(),
        secret: "in-process".to_owned(),
    }
}

/// The settings of clients whose requests go to `answer`.
pub(crate) fn config<F>(answer: impl Fn(Request<SdkBody>) -> F + Send + Sync + 'static) -> Config
where
    F: Future<Output = Response<SdkBody>> + Send + 'static,
{
    let connector = SharedHttpConnector::new(InProcess(Arc::new(answer)));
    Config {
        endpoint: Some("http://in-process".to_owned()),
        region: REGION.to_owned(),
        credentials: Some(access_key()),
        ca_bundle: None,
        transport: Some(http_client_fn(move |_, _| connector.clone())),
    }
}

struct InProcess<A>(Arc<A>);

impl<A> fmt::Debug for InProcess<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess(..)")
    }
}

impl<A, F> HttpConnector for InProcess<A>
where
    A: Fn(Request<SdkBody>) -> F + Send + Sync + 'static,
    F: Future<Output = Response<SdkBody>> + Send + 'static,
{
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into())));
            }
        };
        // The signature covers it, and other HTTP clients write it themselves.
        let host = request.uri().authority().map(|host| host.as_str());
        if let Some(Ok(host)) = host.map(HeaderValue::from_str) {
            request.headers_mut().insert(HOST, host);
        }
        let answer = (self.0)(request);
        HttpConnectorFuture::new(async move {
            let response = answer.await;
            response
                .try_into()
                .map_err(|error| ConnectorError::other(Box::new(error), None))
        })
    }
}
