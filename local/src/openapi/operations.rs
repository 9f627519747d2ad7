//! The parameters, bodies and answers of each route.

use axum::http::Method;
use serde_json::{Value, json};

use super::operation::{Operation, reference};
use crate::Systems;
use crate::system::System;

/// The operation at a path.
///
/// # Panics
/// For a route that is not described here; a test asks for each.
pub(super) fn operation(method: &Method, path: &str) -> Value {
    match (method.as_str(), path) {
        ("GET", "/counter") => count(),
        ("GET", "/badge.json") => badge("readBadge", "Gives the number as shields.io reads it.")
            .answers(200, "The badge.", json!({ "type": "object" }))
            .0,
        ("GET", "/badge.svg") => {
            let mut badge = badge("drawBadge", "Shows the number as a picture.")
                .answers(200, "The badge.", json!({ "type": "string" }))
                .0;
            let picture = json!({ "image/svg+xml": { "schema": { "type": "string" } } });
            badge["responses"]["200"]["content"] = picture;
            badge
        }
        ("GET", "/visits") => list_visits(),
        ("POST", "/visits") => record_visit(),
        ("GET", "/visits/summary") => summarize_visits(),
        ("POST", "/visits/links") => add_link(),
        ("POST", "/order") => call_items("callOrders", "Runs an operation on a table of orders."),
        ("POST", "/dynamodbmanager") => {
            call_items("callManager", "Runs an operation on a managed table.")
        }
        ("GET", "/v1/health") => Operation::new("checkHealth", "Answers that the API runs.")
            .answers(200, "An empty list.", json!({ "type": "array", "maxItems": 0 }))
            .0,
        ("GET", "/v1/jobs") => list_jobs(),
        ("POST", "/v1/jobs") => create_job(),
        ("GET", "/v1/jobs/{id}") => of_job("readJob", "Reads a job offer.")
            .answers(200, "The offer.", reference("JobOffer"))
            .0,
        ("PUT", "/v1/jobs/{id}") => of_job(
            "updateJob",
            "Changes fields of a job offer. Fields that are left out stay; `id` and `city` do, too.",
        )
        .takes("JobOffer")
        .answers(200, "The offer as it is now.", reference("JobOffer"))
        .refuses(&[422])
        .0,
        ("DELETE", "/v1/jobs/{id}") => of_job("deleteJob", "Deletes a job offer.").deleted().0,
        _ => unreachable!("{method} {path} is not described"),
    }
}

fn count() -> Value {
    let summary = "Counts a hit of a page, and answers with the page's number.";
    Operation::new("count", summary)
        .explained(
            "A request with `Sec-Purpose: prefetch` counts nothing. A host that is not counted, \
             and a new page where there is no room for one, are refused with 403.",
        )
        .asks("path", "The page, usually its host and path.", name())
        .required()
        .asks(
            "mode",
            "With `read`, nothing is counted; with `view`, no crawler.",
            json!({ "enum": ["read", "view"] }),
        )
        .answers(
            200,
            "The hit's own number, or the number so far.",
            reference("Count"),
        )
        .refuses(&[403, 503])
        .0
}

fn badge(id: &str, summary: &str) -> Operation {
    Operation::new(id, summary)
        .asks("path", "The page, usually its host and path.", name())
        .required()
        .asks(
            "count",
            "With 1, a hit is counted.",
            json!({ "enum": ["1"] }),
        )
        .asks(
            "label",
            "The words on the left; by default `views`.",
            json!({ "type": "string", "maxLength": 60 }),
        )
        .asks(
            "style",
            "The look.",
            json!({ "enum": ["flat", "flat-square"] }),
        )
        .asks(
            "color",
            "A name such as `green`, or 3 or 6 hexadecimal digits.",
            json!({ "type": "string" }),
        )
        .refuses(&[403, 503])
}

fn list_visits() -> Value {
    Operation::new(
        "listVisits",
        "Lists the visits of a property, newest first.",
    )
    .asks("propertyId", "The property; by default `default`.", name())
    .asks("from", "The first day or moment (RFC 3339).", day())
    .asks("to", "The last day or moment (RFC 3339).", day())
    .asks("limit", "The most visits of a page.", limit(50))
    .asks("cursor", "`next` of the page before, unchanged.", cursor())
    .answers(200, "A page of the log.", reference("VisitsPage"))
    .refuses(&[503])
    .0
}

fn record_visit() -> Value {
    Operation::new(
        "recordVisit",
        "Records a visit, or counts why a view is none.",
    )
    .explained(
        "A crawler's report, and one that is sent ahead of a view, are counted as skipped. A \
             repeat with the same `Idempotency-Key` within a day gets the first answer.",
    )
    .may_be_repeated()
    .takes("NewVisit")
    .answers(201, "The visit.", reference("Visit"))
    .answers(200, "The view was no visit.", reference("NewVisit"))
    .refuses(&[403, 422, 503])
    .0
}

fn summarize_visits() -> Value {
    let summary = "Sums the visits of a property by day, place and reason.";
    Operation::new("summarizeVisits", summary)
        .asks("propertyId", "The property; by default `default`.", name())
        .asks(
            "from",
            "The first day; by default a year before the last.",
            day(),
        )
        .asks("to", "The last day; by default today.", day())
        .answers(200, "The sums.", reference("Summary"))
        .refuses(&[503])
        .0
}

fn add_link() -> Value {
    let summary = "Makes a link for somebody, by which the visits that come of it are known.";
    Operation::new("addLink", summary)
        .explained("A label that has a link gets that one again.")
        .takes("NewLink")
        .answers(201, "The new link.", reference("MadeLink"))
        .answers(200, "The link that there is.", reference("MadeLink"))
        .refuses(&[403, 422, 503])
        .0
}

fn call_items(id: &str, summary: &str) -> Value {
    Operation::new(id, summary)
        .takes("ItemCall")
        .answers(200, "The operation's result.", reference("ItemResult"))
        .refuses(&[403, 409, 422, 503])
        .0
}

fn list_jobs() -> Value {
    let only = |name: &str| format!("Lists only offers with this `{name}`.");
    let text = |bytes: u32| json!({ "type": "string", "maxLength": bytes });
    let offers = json!({ "type": "array", "items": reference("JobOffer") });
    Operation::new("listJobs", "Lists job offers.")
        .explained("All but the owner get at most 100 offers a page.")
        .asks("city", &only("city"), text(1_024))
        .asks("keyword", &only("keyword"), text(1_024))
        .asks("contract_type", &only("contract_type"), text(2_048))
        .asks("limit", "The most offers of a page.", limit(100))
        .asks(
            "cursor",
            "The cursor in the `link` of the page before.",
            cursor(),
        )
        .answers(200, "A page of offers.", offers)
        .tells(200, "link", "The next page, if there is one (RFC 8288).")
        .refuses(&[503])
        .0
}

fn create_job() -> Value {
    Operation::new("createJob", "Creates a job offer.")
        .explained("A repeat with the same `Idempotency-Key` gets the first answer.")
        .may_be_repeated()
        .takes("NewJobOffer")
        .answers(201, "The offer, with its id.", reference("JobOffer"))
        .tells(201, "location", "The path of the offer.")
        .refuses(&[422, 503])
        .0
}

fn of_job(id: &str, summary: &str) -> Operation {
    Operation::new(id, summary)
        .parameter(json!({
            "name": "id",
            "in": "path",
            "required": true,
            "description": "The id, percent-encoded.",
            "schema": name(),
        }))
        .refuses(&[404, 503])
}

fn name() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": 1_024 })
}

fn day() -> Value {
    json!({ "type": "string", "examples": ["2026-11-21"] })
}

fn limit(default: u16) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 1_000, "default": default })
}

fn cursor() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": 2_736 })
}

/// The schemas of bodies that no type on the wire describes.
pub(super) fn schemas(systems: &Systems) -> impl Iterator<Item = (String, Value)> {
    let new_job_offer = json!({
        "allOf": [reference("JobOffer")],
        "required": ["city", "company_name", "title", "contract_type"],
        "properties": { "id": false },
    });
    let item_call = json!({
        "type": "object",
        "required": ["operation"],
        "additionalProperties": false,
        "properties": {
            "operation": {
                "enum": ["create", "read", "update", "delete", "list", "echo", "ping"],
            },
            "tableName": {
                "type": "string",
                "description": "One of the route's tables; by default the first.",
            },
            "payload": {
                "description": "The parameters of DynamoDB's PutItem, GetItem, UpdateItem, \
                    DeleteItem or Scan, under their names there; anything for `echo`.",
            },
        },
        "examples": [
            { "operation": "create", "payload": { "Item": { "id": "1", "number": 3 } } },
            { "operation": "read", "payload": { "Key": { "id": "1" } } },
            { "operation": "list", "payload": { "Limit": 10 } },
        ],
    });
    let item_result = json!({
        "description": "What the operation has of DynamoDB's `Attributes`, `Item`, `Items`, \
            `Count`, `ScannedCount` and `LastEvaluatedKey`; the payload for `echo`, and \
            `\"pong\"` for `ping`.",
    });
    [
        (System::Jobs, "NewJobOffer", new_job_offer),
        (System::Items, "ItemCall", item_call),
        (System::Items, "ItemResult", item_result),
    ]
    .into_iter()
    .filter(|(system, ..)| systems.has(*system))
    .map(|(_, name, schema)| (name.to_owned(), schema))
}
