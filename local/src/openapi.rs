//! The OpenAPI document of the API, <https://spec.openapis.org/oas/v3.1.1.html>:
//! the routes of [`stack`](crate::stack) with what they take and answer. The
//! schemas come from the wire types.

mod operation;
mod operations;

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::get;
use serde_json::{Map, Value, json};
use shared::jobs::JobOffer;
use shared::visits::{MadeLink, NewLink, NewVisit, Summary, Visit, VisitsPage};
use shared::{Count, Message};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::Systems;
use crate::stack::{self, Caller, Function, Route};
use crate::system::System;
use operation::{answer, reference, refuses};
use operations::operation;

/// The errors of the API, by status.
const ERRORS: [(u16, &str, &str); 14] = [
    (
        400,
        "BadRequest",
        "The query, the path or the body cannot be read.",
    ),
    (
        401,
        "Unauthorized",
        "The owner's token is missing or wrong.",
    ),
    (403, "Forbidden", "Nobody may do this, the owner included."),
    (404, "NotFound", "There is no such thing."),
    (408, "RequestTimeout", "The body did not come in time."),
    (
        409,
        "Conflict",
        "The condition does not hold for the stored item.",
    ),
    (413, "PayloadTooLarge", "The body is too long."),
    (414, "UriTooLong", "The address is too long."),
    (415, "UnsupportedMediaType", "The body is not JSON."),
    (
        422,
        "Unprocessable",
        "The body can be read and breaks a rule.",
    ),
    (
        429,
        "TooManyRequests",
        "The route takes fewer requests a second.",
    ),
    (
        431,
        "HeadTooLarge",
        "The address and the headers are too long.",
    ),
    (500, "InternalError", "The service has a fault."),
    (
        503,
        "StoreUnavailable",
        "The store did not answer: try again.",
    ),
];

/// Serves the document at `/openapi.json`.
pub(crate) fn routes(systems: &Systems) -> Router {
    let document = document_of(systems).to_string();
    let headers = [
        ("content-type", "application/json"),
        // Tools that draw a document run on pages of other origins.
        ("access-control-allow-origin", "*"),
    ];
    Router::new().route("/openapi.json", get(async move || (headers, document)))
}

/// The document of all systems.
pub fn document() -> Value {
    document_of(&Systems::all())
}

fn document_of(systems: &Systems) -> Value {
    let mut paths = Map::new();
    for route in stack::routes(systems) {
        let path = path(route);
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[route.method.as_str().to_ascii_lowercase()] = described(route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "resume-counter",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Counts the visitors of a résumé page.",
            "description": "`resume-counter token` prints the owner's token. Every error is a \
                JSON object with one sentence.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": "The origin that serves this document." }],
        "tags": tags(systems),
        "paths": paths,
        "components": {
            "securitySchemes": { "owner": { "type": "http", "scheme": "bearer" } },
            "responses": errors(),
            "schemas": schemas(systems),
        },
    })
}

fn tags(systems: &Systems) -> Vec<Value> {
    let tags = [
        (Function::Counter, "One number for each page."),
        (
            Function::Visits,
            "When and from where a property was visited.",
        ),
        (Function::Items, "Items of the owner's own tables."),
        (
            Function::JobsApi,
            "Job offers: the owner writes, everyone reads.",
        ),
    ];
    tags.iter()
        .filter(|(function, _)| systems.has(function.system()))
        .map(|(function, words)| json!({ "name": function.program(), "description": words }))
        .collect()
}

/// The path with a name for the parameter that takes slashes on AWS.
fn path(route: &Route) -> String {
    route.path.replace("{proxy+}", "{id}")
}

/// The operation of a route, with what the front door answers before it.
fn described(route: &Route) -> Value {
    let mut operation = operation(&route.method, &path(route));
    operation["tags"] = json!([route.function.program()]);
    let mut errors = vec![400, 414, 429, 431, 500];
    if route.caller == Caller::Owner {
        operation["security"] = json!([{ "owner": [] }]);
        errors.push(401);
    }
    if route.max_body > 0 {
        errors.extend([408, 413, 415]);
    }
    for status in errors {
        refuses(&mut operation, status);
    }
    operation
}

fn errors() -> Map<String, Value> {
    let errors = ERRORS.iter().map(|(status, name, description)| {
        let mut response = answer(description, reference("Message"));
        let header = |schema: &str| json!({ "schema": { "type": schema }, "required": true });
        match status {
            401 => response["headers"] = json!({ "www-authenticate": header("string") }),
            // The connection answers this, before there is a route.
            431 => response = json!({ "description": description }),
            503 => response["headers"] = json!({ "retry-after": header("integer") }),
            _ => {}
        }
        ((*name).to_owned(), response)
    });
    errors.collect()
}

fn schemas(systems: &Systems) -> BTreeMap<String, Value> {
    let mut schemas = Vec::new();
    fn add<T: ToSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
    add::<Count>(&mut schemas);
    add::<Message>(&mut schemas);
    if systems.has(System::Visits) {
        add::<NewVisit>(&mut schemas);
        add::<NewLink>(&mut schemas);
        add::<MadeLink>(&mut schemas);
        add::<Visit>(&mut schemas);
        add::<VisitsPage>(&mut schemas);
        add::<Summary>(&mut schemas);
    }
    if systems.has(System::Jobs) {
        add::<JobOffer>(&mut schemas);
    }
    let written = schemas
        .into_iter()
        .map(|(name, schema)| (name, json!(schema)));
    written.chain(operations::schemas(systems)).collect()
}
