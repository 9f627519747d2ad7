//! A table as the template declares it, for programs that make it elsewhere.

/// A table's name, keys, expiry and indexes. Keys are strings.
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
    /// Other orders in which its items can be found.
    pub indexes: &'a [Index<'a>],
}

/// A global secondary index with all of an item's attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index<'a> {
    /// The index's name.
    pub name: &'a str,
    /// The partition key's name.
    pub partition_key: &'a str,
    /// The sort key's name.
    pub sort_key: &'a str,
}
