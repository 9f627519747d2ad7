//! The number as a picture for pages that run no script of ours, such as a README, and
//! as JSON for <https://shields.io/badges/endpoint-badge>.

use backend::query::parameter;
use backend::{Error, json};
use lambda_http::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, X_CONTENT_TYPE_OPTIONS,
};
use lambda_http::http::{HeaderValue, StatusCode};
use lambda_http::{Body, Response};
use serde::Serialize;

mod picture;

use picture::picture;

const LABEL: &str = "views";
const COLOR: &str = "#007ec6";
/// Longest label in characters.
const MAX_LABEL: usize = 60;

/// GitHub's proxy keeps a picture for as long as its headers let it; with these it
/// asks for it each time it is shown.
const HEADERS: [(HeaderName, &str); 3] = [
    (
        CACHE_CONTROL,
        "max-age=0, no-cache, no-store, must-revalidate",
    ),
    // It has no script, and a browser that opens it by itself is to run none.
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// The look of a badge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    pub(crate) label: String,
    /// `#` and hexadecimal digits.
    pub(crate) color: String,
    pub(crate) is_square: bool,
}

/// The names that badges have for colours.
const COLORS: [(&str, &str); 20] = [
    ("brightgreen", "#4c1"),
    ("green", "#97ca00"),
    ("yellowgreen", "#a4a61d"),
    ("yellow", "#dfb317"),
    ("orange", "#fe7d37"),
    ("red", "#e05d44"),
    ("blue", COLOR),
    ("lightgrey", "#9f9f9f"),
    ("lightgray", "#9f9f9f"),
    ("grey", "#555"),
    ("gray", "#555"),
    ("black", "#000"),
    ("white", "#fff"),
    ("purple", "#800080"),
    ("pink", "#ffc0cb"),
    ("success", "#4c1"),
    ("important", "#fe7d37"),
    ("critical", "#e05d44"),
    ("informational", COLOR),
    ("inactive", "#9f9f9f"),
];

/// A badge as shields.io reads it.
#[derive(Serialize)]
struct Endpoint<'a> {
    #[serde(rename = "schemaVersion")]
    schema_version: u8,
    label: &'a str,
    message: String,
    color: &'a str,
}

impl Badge {
    /// Reads `label`, `style` and `color`.
    ///
    /// # Errors
    /// [`Error::BadRequest`] with the rule that is broken.
    pub(crate) fn parse(query: &str) -> Result<Self, Error> {
        let label = parameter(query, "label")?.unwrap_or_else(|| LABEL.to_owned());
        let label = label.trim();
        if label.chars().count() > MAX_LABEL || label.contains(char::is_control) {
            return Err(bad(format!(
                "`label` can have at most {MAX_LABEL} characters, and no control character."
            )));
        }
        let is_square = match parameter(query, "style")?.as_deref() {
            None | Some("flat") => false,
            Some("flat-square") => true,
            Some(_) => return Err(bad("`style` has to be flat or flat-square.".to_owned())),
        };
        let color = match parameter(query, "color")? {
            None => COLOR.to_owned(),
            Some(color) => read_color(&color).ok_or_else(|| {
                bad(
                    "`color` has to be a name such as green, or 3 or 6 hexadecimal digits."
                        .to_owned(),
                )
            })?,
        };
        Ok(Self {
            label: label.to_owned(),
            color,
            is_square,
        })
    }

    /// The badge of a number as SVG.
    pub(crate) fn svg(&self, count: u64) -> Response<Body> {
        let mut response = Response::new(Body::Text(picture(self, &grouped(count))));
        let kind = HeaderValue::from_static("image/svg+xml; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, kind);
        kept_fresh(response)
    }

    /// The badge of a number as JSON.
    pub(crate) fn json(&self, count: u64) -> Response<Body> {
        kept_fresh(json(
            StatusCode::OK,
            &Endpoint {
                schema_version: 1,
                label: &self.label,
                message: grouped(count),
                color: &self.color,
            },
        ))
    }
}

fn kept_fresh(mut response: Response<Body>) -> Response<Body> {
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

fn read_color(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    if let Some((_, color)) = COLORS.iter().find(|(name, _)| *name == text) {
        return Some((*color).to_owned());
    }
    let digits = text.strip_prefix('#').unwrap_or(&text);
    let is_color = matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    is_color.then(|| format!("#{digits}"))
}

fn bad(sentence: String) -> Error {
    Error::BadRequest(sentence)
}

/// `1234567` as `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
