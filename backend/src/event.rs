//! API Gateway's events, payload format 2.0, as the requests they stand for.
//!
//! `lambda_http` makes a URL of the host, the scheme and the query that an
//! event carries, and panics if they make none. A client chooses all three, so
//! they are tamed first: a panic would be a 500 for a client's mistake.

use std::future::Future;

use lambda_http::http::HeaderValue;
use lambda_http::http::header::HOST;
use lambda_http::lambda_runtime::Runtime;
use lambda_http::request::LambdaRequest;
use lambda_http::{
    Adapter, Error, IntoResponse, LambdaEvent, Request, Service, aws_lambda_events::apigw,
    service_fn,
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::value::{RawValue, to_raw_value};

/// The characters that a query may not hold unescaped: RFC 3986, section 3.4.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Answers Lambda's events with `handler` until the process is ended.
///
/// # Errors
/// When the Runtime API cannot be reached.
pub async fn run<'a, S, R>(handler: S) -> Result<(), Error>
where
    S: Service<Request, Response = R, Error = Error>,
    S::Future: Send + 'a,
    R: IntoResponse + 'a,
{
    let mut adapter = Adapter::from(handler);
    // Without lambda_runtime's own span, whose fields no line of ours shows.
    Runtime::new(service_fn(move |event: LambdaEvent<LambdaRequest>| {
        adapter.call(LambdaEvent::new(tame(event.payload), event.context))
    }))
    .run()
    .await
}

/// Answers Lambda's events until the process is ended: those of API Gateway with
/// `handler`, and all others, which came from somebody whom IAM lets invoke the
/// function, with `direct`.
///
/// # Errors
/// When the Runtime API cannot be reached.
pub async fn run_invocable<'a, S, R, D, F>(handler: S, direct: D) -> Result<(), Error>
where
    S: Service<Request, Response = R, Error = Error>,
    S::Future: Send + 'a,
    R: IntoResponse + 'a,
    D: Fn(Box<RawValue>) -> F,
    F: Future<Output = Result<Box<RawValue>, crate::Error>>,
{
    let mut adapter = Adapter::from(handler);
    let direct = &direct;
    Runtime::new(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        // API Gateway wraps whatever a client sends, so none can pass for direct.
        let http = serde_json::from_str(event.payload.get())
            .map(|payload| adapter.call(LambdaEvent::new(tame(payload), event.context)));
        async move {
            match http {
                Ok(answer) => Ok(to_raw_value(&answer.await?)?),
                Err(_) => direct(event.payload).await.map_err(Error::from),
            }
        }
    }))
    .run()
    .await
}

/// The request that an event stands for.
pub fn request(event: apigw::ApiGatewayV2httpRequest) -> Request {
    tame(LambdaRequest::ApiGatewayV2(event)).into()
}

/// The request that an event's JSON stands for.
///
/// # Errors
/// When it is no event of API Gateway.
pub fn parse(json: &str) -> serde_json::Result<Request> {
    serde_json::from_str(json).map(|event| tame(event).into())
}

fn tame(mut event: LambdaRequest) -> LambdaRequest {
    if let LambdaRequest::ApiGatewayV2(event) = &mut event {
        tame_gateway_event(event);
    }
    event
}

fn tame_gateway_event(event: &mut apigw::ApiGatewayV2httpRequest) {
    // No function asks under which name or scheme it was called.
    event
        .headers
        .insert(HOST, HeaderValue::from_static("localhost"));
    event.headers.remove("x-forwarded-proto");
    if let Some(query) = &mut event.raw_query_string {
        *query = utf8_percent_encode(query, ESCAPED).to_string();
    }
}
