//! The query string of `GET /counter`: which page, and whether to count.

use backend::query::{self, parameter};
use shared::{PagePath, PagePathError};

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The page.
    pub path: PagePath,
    /// What to do with it.
    pub mode: Mode,
}

/// Whether this call is a hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Count it.
    #[default]
    Count,
    /// Change nothing.
    Read,
}

/// Which rule a query string breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// There is no `path`.
    #[error("`path` is missing: ask with ?path=<host and pathname of the page>")]
    PathMissing,
    /// The path breaks its own rule.
    #[error(transparent)]
    Path(#[from] PagePathError),
    /// `mode` is neither absent nor `read`.
    #[error("`mode` can only be `read`: leave it out to count a hit")]
    Mode,
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
            Some(_) => return Err(QueryError::Mode),
        };
        Ok(Self {
            path: PagePath::parse(&path)?,
            mode,
        })
    }
}
