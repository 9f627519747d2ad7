//! The tables that a route may work on. Their partition key is `id`; nothing
//! else is known of their items.

use std::iter;
use std::str::FromStr;

use backend::environment::{self, Missing};
use backend::{Error, Table};

pub(crate) const PARTITION_KEY: &str = "id";

/// A table of items, called `name`.
pub fn table(name: &str) -> Table<'_> {
    Table {
        name,
        partition_key: PARTITION_KEY,
        sort_key: None,
        time_to_live: None,
        indexes: &[],
    }
}

/// The tables a request may choose from; the first is the default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    first: String,
    others: Vec<String>,
}

/// A list of tables without any.
#[derive(Debug, thiserror::Error)]
#[error("write the name of a table, or several with commas between")]
pub struct NoTable;

/// Reads a list such as `order-microservice-db,archive`.
impl FromStr for Tables {
    type Err = NoTable;

    fn from_str(list: &str) -> Result<Self, NoTable> {
        let mut names = list
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        Ok(Self {
            first: names.next().ok_or(NoTable)?.to_owned(),
            others: names.map(str::to_owned).collect(),
        })
    }
}

impl Tables {
    /// Reads `variable`.
    ///
    /// # Errors
    /// When it names no table.
    pub fn from_env(variable: &'static str) -> Result<Self, Missing> {
        environment::required(variable)?
            .parse()
            .map_err(|NoTable| Missing(variable))
    }

    /// All of them, at least one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        iter::once(&self.first)
            .chain(&self.others)
            .map(String::as_str)
    }

    /// The table of a request that names none.
    pub fn default(&self) -> &str {
        &self.first
    }

    /// Returns the table that a request is for.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a table that is not on the list.
    pub fn choose(&self, named: Option<&str>) -> Result<&str, Error> {
        let Some(named) = named else {
            return Ok(&self.first);
        };
        self.names().find(|name| *name == named).ok_or_else(|| {
            let sentence = "`tableName` is not one of this route's tables: name one of them, or leave it out for the first.";
            Error::Forbidden(sentence.to_owned())
        })
    }
}
