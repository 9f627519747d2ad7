//! The kinds of what leads to a page. The names are those that sites had at a certain
//! time; what is not among them is another site.

/// The month in which the names were looked up.
pub const AS_OF: &str = "November 2026";

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A search engine.
    Search,
    /// A network or a forum where people post links.
    Social,
    /// An assistant that answers with links.
    Assistant,
    /// Any other site, or a name of the owner's own.
    Other,
}

/// Hosts of assistants, before those of search engines, whose hosts some of them share.
const ASSISTANTS: &[&str] = &[
    "chat.deepseek.com",
    "chat.mistral.ai",
    "chat.openai.com",
    "chat.qwen.ai",
    "chatgpt.com",
    "chatgpt",
    "claude.ai",
    "claude",
    "copilot.microsoft.com",
    "gemini.google.com",
    "grok.com",
    "meta.ai",
    "perplexity.ai",
    "perplexity",
    "phind.com",
    "you.com",
];

/// Names of search engines, in whichever country: `google.co.uk` is of `google`.
const ENGINES: &[&str] = &[
    "baidu",
    "bing",
    "brave",
    "duckduckgo",
    "ecosia",
    "google",
    "kagi",
    "mojeek",
    "naver",
    "qwant",
    "seznam",
    "startpage",
    "yahoo",
    "yandex",
];

/// Services of search engines that are none.
const SERVICES: &[&str] = &["calendar", "docs", "drive", "mail"];

/// Ends of hosts that are longer than three letters.
const ENDS: &[&str] = &["android", "club", "info", "online", "social"];

/// Networks and forums.
const NETWORKS: &[&str] = &[
    "bsky",
    "discord",
    "facebook",
    "fb",
    "hackernews",
    "instagram",
    "linkedin",
    "lnkd",
    "lobste",
    "mastodon",
    "medium",
    "pinterest",
    "reddit",
    "slack",
    "t.co",
    "t.me",
    "telegram",
    "threads",
    "tiktok",
    "twitter",
    "whatsapp",
    "x.com",
    "xing",
    "ycombinator",
    "youtube",
];

impl Kind {
    /// The kind of a host, or of a name such as `linkedin`.
    pub fn of(source: &str) -> Self {
        let ends_with = |name: &&str| {
            let rest = source.strip_suffix(*name);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        // Apps are named from the other end: com.linkedin.android.
        let mut parts: Vec<_> = source.split('.').collect();
        if parts.len() > 2 && ["com", "org"].contains(&parts[0]) {
            parts.reverse();
        }
        if parts.len() > 1 && SERVICES.contains(&parts[0]) {
            return Self::Other;
        }
        // What follows a site's name is short, as in .co.uk, or one of these.
        let after = |part: &&str| part.len() <= 3 || ENDS.contains(part);
        let name = parts.iter().rev().find(|part| !after(part));
        let is_name = |one: &&str| {
            parts == [*one] || name == Some(one) || parts[0] == *one && parts.len() == 2
        };
        if ASSISTANTS.iter().any(ends_with) {
            Self::Assistant
        } else if ENGINES.iter().any(is_name) {
            Self::Search
        } else if NETWORKS.iter().any(|name| ends_with(name) || is_name(name)) {
            Self::Social
        } else {
            Self::Other
        }
    }

    /// Its name on the page.
    pub fn label(self) -> &'static str {
        match self {
            Self::Search => "Search engines",
            Self::Social => "Social networks",
            Self::Assistant => "AI assistants",
            Self::Other => "Other sites",
        }
    }
}
