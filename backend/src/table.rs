//! A table as the template declares it, for whoever makes it elsewhere.

/// A table's name, keys and expiry. Keys are strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table<'a> {
    /// The table's name.
    pub name: &'a str,
    /// The partition key's name.
    pub partition_key: &'a str,
    /// The sort key's name, where there is one.
    pub sort_key: Option<&'a str>,
    /// The attribute that says when an item expires, in seconds since 1970.
    pub time_to_live: Option<&'a str>,
}
