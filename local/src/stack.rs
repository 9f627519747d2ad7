//! The stack as data: routes, who may call them, tables and queues. The program
//! runs on it, and a test holds `template.yaml` and `terraform/` against it.

use axum::http::Method;
use clap::CommandFactory;
use serde_json::{Map, Value, json};

use jobs::keys;

use crate::pipeline::{FILES, READERS, ROWS};
use crate::system::System;
use crate::{CommandLine, StoreOptions, Systems};

/// A function behind HTTP, named as its program is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Counter,
    Visits,
    Items,
    JobsApi,
}

/// An HTTP API. CORS is set per API, so each audience has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    /// Pages of any origin may call it.
    Counter,
    /// Pages of the owner's origins may call it.
    Owner,
}

/// One method of one path.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) function: Function,
    pub(crate) api: Api,
    pub(crate) caller: Caller,
    /// Bytes of a JSON body; of a route without one, none is read.
    pub(crate) max_body: usize,
}

/// The callers of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Everyone,
    Owner,
}

/// Every route, those of one path beside each other.
pub(crate) const ROUTES: &[Route] = &[
    route(Method::GET, "/counter", Function::Counter, Api::Counter),
    route(Method::GET, "/badge.json", Function::Counter, Api::Counter),
    route(Method::GET, "/badge.svg", Function::Counter, Api::Counter),
    route(Method::GET, "/visits", Function::Visits, Api::Owner).for_owner(),
    route(Method::POST, "/visits", Function::Visits, Api::Owner).takes(visits::MAX_BODY_BYTES),
    route(Method::GET, "/visits/summary", Function::Visits, Api::Owner).for_owner(),
    route(Method::POST, "/visits/links", Function::Visits, Api::Owner)
        .for_owner()
        .takes(visits::MAX_BODY_BYTES),
    route(Method::POST, "/order", Function::Items, Api::Owner)
        .for_owner()
        .takes(items::MAX_BODY_BYTES),
    route(
        Method::POST,
        "/dynamodbmanager",
        Function::Items,
        Api::Owner,
    )
    .for_owner()
    .takes(items::MAX_BODY_BYTES),
    route(Method::GET, "/v1/health", Function::JobsApi, Api::Owner),
    route(Method::GET, "/v1/jobs", Function::JobsApi, Api::Owner),
    route(Method::POST, "/v1/jobs", Function::JobsApi, Api::Owner)
        .for_owner()
        .takes(jobs::MAX_BODY_BYTES),
    route(
        Method::GET,
        "/v1/jobs/{proxy+}",
        Function::JobsApi,
        Api::Owner,
    ),
    route(
        Method::PUT,
        "/v1/jobs/{proxy+}",
        Function::JobsApi,
        Api::Owner,
    )
    .for_owner()
    .takes(jobs::MAX_BODY_BYTES),
    route(
        Method::DELETE,
        "/v1/jobs/{proxy+}",
        Function::JobsApi,
        Api::Owner,
    )
    .for_owner(),
];

/// The headers that pages of other origins may send to an API, and read of its answers.
pub(crate) struct Cors {
    pub(crate) methods: &'static [Method],
    pub(crate) request_headers: &'static [&'static str],
    pub(crate) exposed_headers: &'static [&'static str],
}

impl Api {
    pub(crate) fn cors(self) -> &'static Cors {
        match self {
            Self::Counter => COUNTER_CORS,
            Self::Owner => OWNER_CORS,
        }
    }
}

const COUNTER_CORS: &Cors = &Cors {
    methods: &[Method::GET],
    request_headers: &[],
    exposed_headers: &[],
};

const OWNER_CORS: &Cors = &Cors {
    methods: &[Method::GET, Method::POST, Method::PUT, Method::DELETE],
    request_headers: &["authorization", "content-type", "idempotency-key"],
    exposed_headers: &["link", "location"],
};

const fn route(method: Method, path: &'static str, function: Function, api: Api) -> Route {
    Route {
        method,
        path,
        function,
        api,
        caller: Caller::Everyone,
        max_body: 0,
    }
}

impl Route {
    const fn for_owner(mut self) -> Self {
        self.caller = Caller::Owner;
        self
    }

    const fn takes(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }
}

impl Function {
    /// The program's name on AWS.
    pub(crate) const fn program(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Visits => "visits",
            Self::Items => "items",
            Self::JobsApi => "jobs-api",
        }
    }

    /// The system that it belongs to.
    pub(crate) const fn system(self) -> System {
        match self {
            Self::Counter => System::Counter,
            Self::Visits => System::Visits,
            Self::Items => System::Items,
            Self::JobsApi => System::Jobs,
        }
    }
}

/// The routes of `systems`.
pub(crate) fn routes(systems: &Systems) -> impl Iterator<Item = &'static Route> {
    ROUTES
        .iter()
        .filter(|route| systems.has(route.function.system()))
}

/// The stack as JSON, for checks that are not written in Rust. Tables have the
/// names of their resources in `template.yaml`.
pub fn description() -> Value {
    let routes = ROUTES.iter().map(|route| {
        let key = format!("{} {}", route.method, route.path);
        (key, json!(route.function.program()))
    });
    let systems = ROUTES.iter().map(|route| {
        let system = route.function.system();
        let of_system = json!({ "function": route.function.program(), "page": system.page() });
        (system.name().to_owned(), of_system)
    });
    json!({
        "routes": routes.collect::<Map<_, _>>(),
        "systems": systems.collect::<Map<_, _>>(),
        "cors": { "CounterApi": cors(Api::Counter), "OwnerApi": cors(Api::Owner) },
        "defaults": defaults(),
        "tables": tables(),
        "pipeline": {
            "prefix": keys::FILES,
            "tries": FILES.max_receives,
            "visibility": ROWS.visibility_timeout.as_secs(),
            "receives": ROWS.max_receives,
            "readers": READERS,
        },
    })
}

fn cors(api: Api) -> Value {
    let cors = api.cors();
    let methods: Vec<_> = cors.methods.iter().map(Method::as_str).collect();
    json!({ "methods": methods, "headers": cors.request_headers, "exposed": cors.exposed_headers })
}

/// The defaults of options, by the variables that can set them.
fn defaults() -> Map<String, Value> {
    let command = CommandLine::command();
    let arguments = command.get_arguments().filter_map(|argument| {
        let variable = argument.get_env()?.to_str()?.to_owned();
        let default = argument.get_default_values().first()?.to_str()?;
        Some((variable, json!(default)))
    });
    arguments.collect()
}

fn tables() -> Map<String, Value> {
    let tables = StoreOptions::TABLES
        .iter()
        .map(|(system, id, variable, table)| {
            let table = table("");
            let keys: Vec<_> = [Some(table.partition_key), table.sort_key]
                .into_iter()
                .flatten()
                .collect();
            let indexes = table.indexes.iter().map(|index| {
                let keys = json!([index.partition_key, index.sort_key]);
                (index.name.to_owned(), keys)
            });
            let table = json!({
                "system": system.name(),
                "variable": variable,
                "keys": keys,
                "expires": table.time_to_live,
                "indexes": indexes.collect::<Map<_, _>>(),
            });
            ((*id).to_owned(), table)
        });
    tables.collect()
}
