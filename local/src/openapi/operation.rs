//! An operation of the document, put together part by part.

use serde_json::{Value, json};

use super::ERRORS;

/// An operation that is being described.
pub(super) struct Operation(pub(super) Value);

impl Operation {
    pub(super) fn new(id: &str, summary: &str) -> Self {
        Self(json!({
            "operationId": id,
            "summary": summary,
            "parameters": [],
            "responses": {},
        }))
    }

    pub(super) fn explained(mut self, description: &str) -> Self {
        self.0["description"] = json!(description);
        self
    }

    pub(super) fn asks(self, name: &str, description: &str, schema: Value) -> Self {
        self.parameter(json!({
            "name": name,
            "in": "query",
            "description": description,
            "schema": schema,
        }))
    }

    /// Makes the last parameter one that has to be sent.
    pub(super) fn required(mut self) -> Self {
        let parameters = self.0["parameters"].as_array_mut();
        if let Some(last) = parameters.and_then(|parameters| parameters.last_mut()) {
            last["required"] = json!(true);
        }
        self
    }

    pub(super) fn may_be_repeated(self) -> Self {
        self.parameter(json!({
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Makes the request safe to repeat.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
        }))
    }

    pub(super) fn parameter(mut self, parameter: Value) -> Self {
        if let Some(parameters) = self.0["parameters"].as_array_mut() {
            parameters.push(parameter);
        }
        self
    }

    pub(super) fn takes(mut self, schema: &str) -> Self {
        let content = json!({ "application/json": { "schema": reference(schema) } });
        self.0["requestBody"] = json!({ "required": true, "content": content });
        self
    }

    pub(super) fn answers(mut self, status: u16, description: &str, schema: Value) -> Self {
        self.0["responses"][status.to_string()] = answer(description, schema);
        self
    }

    pub(super) fn deleted(mut self) -> Self {
        self.0["responses"]["204"] = json!({ "description": "It is deleted." });
        self
    }

    /// Adds a header to the answer of `status`.
    pub(super) fn tells(mut self, status: u16, name: &str, description: &str) -> Self {
        self.0["responses"][status.to_string()]["headers"] = json!({
            name: {
                "description": description,
                "schema": { "type": "string" },
            },
        });
        self
    }

    pub(super) fn refuses(mut self, statuses: &[u16]) -> Self {
        for status in statuses {
            refuses(&mut self.0, *status);
        }
        self
    }
}

/// Adds an error to an operation's answers.
pub(super) fn refuses(operation: &mut Value, status: u16) {
    let known = ERRORS.iter().find(|(known, ..)| *known == status);
    if let Some((_, name, _)) = known {
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        operation["responses"][status.to_string()] = reference;
    }
}

/// An answer with a body of `schema`.
pub(super) fn answer(description: &str, schema: Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    json!({ "description": description, "content": content })
}

pub(super) fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}
