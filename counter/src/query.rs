//! The query string: which page, and whether to count.

use backend::query::{self, parameter};
use shared::{PagePath, PagePathError};

/// A parsed query string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The page.
    pub path: PagePath,
    /// The thing to do with its number.
    pub mode: Mode,
}

/// The effect of a call on the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Count it.
    #[default]
    Count,
    /// Count it, unless it is a crawler's.
    View,
    /// Change nothing.
    Read,
}

/// The rule that a query string breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is no `path`.
    #[error("`path` is missing: ask with ?path=<host and pathname of the page>.")]
    PathMissing,
    /// The path breaks its own rule.
    #[error(transparent)]
    Path(#[from] PagePathError),
    /// `mode` is neither absent nor a mode.
    #[error("`mode` can only be `read` or `view`: leave it out to count a hit.")]
    Mode,
    /// `count` is neither absent nor 1.
    #[error("`count` can only be 1: leave it out to read the number.")]
    Count,
    /// A parameter cannot be read.
    #[error(transparent)]
    Unreadable(#[from] query::QueryError),
}

impl Query {
    /// Parses a raw query string. Parameters of other names are ignored.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn parse(raw: &str) -> Result<Self, QueryError> {
        let path = parameter(raw, "path")?.ok_or(QueryError::PathMissing)?;
        let mode = match parameter(raw, "mode")?.as_deref() {
            None => Mode::Count,
            Some("read") => Mode::Read,
            Some("view") => Mode::View,
            Some(_) => return Err(QueryError::Mode),
        };
        Ok(Self {
            path: PagePath::parse(&path)?,
            mode,
        })
    }

    /// Parses that of a badge, which reads where nobody asks it to count.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub(crate) fn parse_badge(raw: &str) -> Result<Self, QueryError> {
        let path = parameter(raw, "path")?.ok_or(QueryError::PathMissing)?;
        let mode = match parameter(raw, "count")?.as_deref() {
            None => Mode::Read,
            Some("1") => Mode::Count,
            Some(_) => return Err(QueryError::Count),
        };
        Ok(Self {
            path: PagePath::parse(&path)?,
            mode,
        })
    }
}
