//! The API's routes, and the origins whose pages may call them, as
//! `template.yaml` declares them for AWS.

use axum::Router;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, LINK, LOCATION};
use axum::http::{HeaderName, HeaderValue, Method};
use counter::Hits;
use items::Items;
use jobs::Api as Jobs;
use tower_http::cors::{AllowOrigin, CorsLayer};
use visits::Visits;

use crate::Options;
use crate::route::{Function, route};

/// What the functions work with.
#[derive(Clone, Debug)]
pub(crate) struct Functions {
    pub(crate) hits: Hits,
    pub(crate) items: Items,
    pub(crate) jobs: Jobs,
    pub(crate) visits: Visits,
}

/// The routes of every function.
pub(crate) fn routes(options: &Options, functions: Functions) -> Router {
    let Functions {
        hits,
        items,
        jobs,
        visits,
    } = functions;
    let counter = Function::new(move |request| {
        let hits = hits.clone();
        async move { counter::handle(&hits, request).await }
    });
    let items = Function::new(move |request| {
        let items = items.clone();
        async move { items::handle(&items, request).await }
    });
    let jobs = Function::new(move |request| {
        let jobs = jobs.clone();
        async move { jobs::handle(&jobs, request).await }
    });
    let visits = Function::new(move |request| {
        let visits = visits.clone();
        async move { visits::handle(&visits, request).await }
    });

    let of_everyone = Router::new()
        .merge(route(options, "/counter", &[Method::GET], &counter))
        .layer(cors(&options.allow_origin));
    let of_the_owner = Router::new()
        .merge(route(
            options,
            "/visits",
            &[Method::GET, Method::POST],
            &visits,
        ))
        .merge(route(options, "/visits/summary", &[Method::GET], &visits))
        .merge(route(options, "/order", &[Method::POST], &items))
        .merge(route(options, "/dynamodbmanager", &[Method::POST], &items))
        .merge(route(options, "/v1/health", &[Method::GET], &jobs))
        .merge(route(
            options,
            "/v1/jobs",
            &[Method::GET, Method::POST],
            &jobs,
        ))
        .merge(route(
            options,
            "/v1/jobs/{id}",
            &[Method::GET, Method::PUT, Method::DELETE],
            &jobs,
        ))
        .layer(
            cors(&options.owner_origin)
                .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
                .allow_headers([AUTHORIZATION, CONTENT_TYPE, IDEMPOTENCY_KEY])
                .expose_headers([LINK, LOCATION]),
        );
    of_everyone.merge(of_the_owner)
}

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

fn cors(origins: &[HeaderValue]) -> CorsLayer {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().cloned())
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET])
}
