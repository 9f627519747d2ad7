//! Programs that say in their user agent that they are crawlers, by the list that the
//! page has, too.

use std::sync::LazyLock;

use lambda_http::Request;
use lambda_http::http::header::USER_AGENT;
use regress::{Flags, Regex};
use shared::visits::CRAWLERS;

/// Compiled at the first view and not at the start, which other requests have as
/// well. A pattern that does not compile finds nobody; a test would see it.
static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let flags = Flags {
        icase: true,
        ..Flags::default()
    };
    Regex::with_flags(CRAWLERS, flags).ok()
});

/// The names that command lines and libraries give themselves, if nobody says
/// otherwise. The list has them as well, but no page runs in them: somebody calls the
/// API, and means what is sent.
const TOOLS: [&str; 18] = [
    "apache-httpclient/",
    "axios/",
    "curl/",
    "go-http-client/",
    "hey/",
    "httpie/",
    "insomnia/",
    "java-http-client/",
    "java/",
    "k6/",
    "node",
    "oha/",
    "okhttp/",
    "postmanruntime/",
    "python-",
    "reqwest/",
    "undici",
    "wget/",
];

/// A user agent is looked at so far: what is longer than any browser's would take
/// a while.
const MAX_BYTES: usize = 512;

/// Tells whether `request` is a crawler's by its own word. A client without a user
/// agent says nothing.
pub fn is_crawler(request: &Request) -> bool {
    let agent = request.headers().get(USER_AGENT);
    let agent = agent.and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let start = agent.get(..MAX_BYTES).unwrap_or(agent);
    let pattern = PATTERN.as_ref();
    let is_listed = pattern.is_some_and(|pattern| pattern.find(start).is_some());
    !start.is_empty() && is_listed && !is_tool(start)
}

fn is_tool(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    TOOLS.iter().any(|name| agent.starts_with(name))
}
