//! The routes of [`stack`](crate::stack), each in front of its function, and the
//! origins whose pages may call them.

use std::collections::BTreeSet;

use axum::Router;
use axum::http::{HeaderName, HeaderValue};
use axum::routing::any;
use counter::Hits;
use items::Items;
use jobs::Api as Jobs;
use tower_http::cors::{AllowOrigin, CorsLayer};
use visits::Visits;

use super::door::Door;
use super::route::{Function, not_found, pattern, route};
use crate::stack::{self, Api, ROUTES};
use crate::{Options, Systems};

/// The functions' clients and settings.
#[derive(Clone, Debug)]
pub(crate) struct Functions {
    pub(crate) hits: Hits,
    pub(crate) items: Items,
    pub(crate) jobs: Jobs,
    pub(crate) visits: Visits,
}

/// The routes of every function.
pub(crate) fn routes(options: &Options, door: &Door, functions: Functions) -> Router {
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

    let function = |name| match name {
        stack::Function::Counter => &counter,
        stack::Function::Visits => &visits,
        stack::Function::Items => &items,
        stack::Function::JobsApi => &jobs,
    };
    let routes = |api| {
        let of_api: Vec<_> = stack::routes(&options.systems)
            .filter(|route| route.api == api)
            .collect();
        let paths = of_api.chunk_by(|one, next| one.path == next.path);
        paths.fold(Router::new(), |router, methods| {
            let function = function(methods[0].function);
            router.merge(route(door, methods, function))
        })
    };
    let of_everyone = routes(Api::Counter).layer(cors(Api::Counter, &options.allow_origin));
    let of_the_owner = routes(Api::Owner).layer(cors(Api::Owner, &options.owner_origin));
    of_everyone
        .merge(of_the_owner)
        .merge(routes_left_out(&options.systems))
}

/// The paths of the systems that are left out, which the page must not answer.
fn routes_left_out(systems: &Systems) -> Router {
    let left_out = ROUTES
        .iter()
        .filter(|route| !systems.has(route.function.system()));
    let paths: BTreeSet<_> = left_out.map(|route| pattern(route.path)).collect();
    paths.iter().fold(Router::new(), |router, path| {
        router.route(path, any(not_found))
    })
}

fn cors(api: Api, origins: &[HeaderValue]) -> CorsLayer {
    let origins = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        AllowOrigin::list(origins.iter().cloned())
    };
    let cors = api.cors();
    let names = |names: &[&'static str]| -> Vec<_> {
        names.iter().copied().map(HeaderName::from_static).collect()
    };
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(cors.methods.to_vec())
        .allow_headers(names(cors.request_headers))
        .expose_headers(names(cors.exposed_headers))
}
