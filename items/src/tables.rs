//! The tables that a route may work on: partition key `id`, and nothing else is
//! known of their items.

use backend::{Error, Table, environment};

pub(crate) const PARTITION_KEY: &str = "id";

/// A table of items, called `name`.
pub fn table(name: &str) -> Table<'_> {
    Table {
        name,
        partition_key: PARTITION_KEY,
        sort_key: None,
        time_to_live: None,
    }
}

/// The names a request may choose from; the first is meant where it names none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    first: String,
    others: Vec<String>,
}

/// A list of tables without any.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` has to name a table, or several with commas between")]
pub struct NoTable(String);

impl Tables {
    /// Reads a variable such as `order-microservice-db,archive`.
    ///
    /// # Errors
    /// When it names no table.
    pub fn from_env(variable: &str) -> Result<Self, NoTable> {
        let names = environment::optional(variable).unwrap_or_default();
        Self::parse(&names).ok_or_else(|| NoTable(variable.to_owned()))
    }

    /// The names between the commas of `list`, if there are any.
    pub fn parse(list: &str) -> Option<Self> {
        let mut names = list
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        Some(Self {
            first: names.next()?.to_owned(),
            others: names.map(str::to_owned).collect(),
        })
    }

    /// The table that is meant where a request names none.
    pub fn default(&self) -> &str {
        &self.first
    }

    /// The table that a request means.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a table that is not on the list.
    pub fn choose(&self, named: Option<&str>) -> Result<&str, Error> {
        let Some(named) = named else {
            return Ok(&self.first);
        };
        std::iter::once(&self.first)
            .chain(&self.others)
            .find(|table| *table == named)
            .map(String::as_str)
            .ok_or_else(|| {
                let sentence = "`tableName` is none of this route's tables: leave it out.";
                Error::Forbidden(sentence.to_owned())
            })
    }
}
