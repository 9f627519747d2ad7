//! A function's answer, for tests to compare to the letter.

use hyper::Response;
use serde_json::{Value, json};

/// Status and JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body; `null` where there is none.
    pub body: Value,
}

impl Answer {
    /// A 200 with this JSON.
    ///
    /// # Panics
    /// When it is no JSON.
    pub fn ok(json: &str) -> Self {
        Self {
            status: 200,
            body: serde_json::from_str(json).expect("the expected body is JSON"),
        }
    }

    /// The error envelope with one sentence.
    pub fn error(status: u16, sentence: &str) -> Self {
        Self {
            status,
            body: json!({ "message": sentence }),
        }
    }

    /// Reads a response.
    ///
    /// # Panics
    /// When its body is neither empty nor JSON.
    pub fn read(response: Response<impl AsRef<[u8]>>) -> Self {
        let body = response.body().as_ref();
        Self {
            status: response.status().as_u16(),
            body: match body {
                [] => Value::Null,
                body => serde_json::from_slice(body).expect("a function answers with JSON"),
            },
        }
    }
}
