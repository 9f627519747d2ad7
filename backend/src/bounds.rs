//! The limits of counting: the hosts, and the number of pages. Anyone may call
//! a counter, and each new name is an item that stays.

use std::num::NonZeroU64;

use shared::page_path::host_of;

use crate::{Error, environment};

/// The limit of pages by default.
pub const MAX_PAGES: u64 = 1_000;

/// The hosts and the number of pages that may be counted; by default all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    hosts: Vec<String>,
    max_pages: Option<NonZeroU64>,
}

/// The reason why bounds cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum BadBounds {
    /// `MAX_PAGES` is no whole number.
    #[error("environment variable MAX_PAGES has to be a whole number")]
    MaxPages,
    /// A host in other letters than browsers send.
    #[error("`{0}` is not ASCII: write the host as browsers do, such as xn--bcher-kva.example")]
    Host(String),
}

impl Bounds {
    /// At most `max_pages` pages of `hosts`; an empty list allows every host, and none
    /// any number of pages.
    pub fn new(
        hosts: impl IntoIterator<Item = impl AsRef<str>>,
        max_pages: Option<NonZeroU64>,
    ) -> Self {
        let hosts = hosts.into_iter().map(|host| host_of(host.as_ref().trim()));
        Self {
            hosts: hosts.filter(|host| !host.is_empty()).collect(),
            max_pages,
        }
    }

    /// Reads `COUNTED_HOSTS`, with commas between, and `MAX_PAGES`, where 0 is no
    /// limit.
    ///
    /// # Errors
    /// When `MAX_PAGES` is no whole number, or a host is none that browsers send.
    pub fn from_env() -> Result<Self, BadBounds> {
        let hosts = environment::optional("COUNTED_HOSTS").unwrap_or_default();
        let hosts: Vec<_> = hosts.split(',').collect();
        hosts.iter().try_for_each(|host| check_host_name(host))?;
        let max_pages = match environment::optional("MAX_PAGES") {
            Some(text) => text.parse().map_err(|_| BadBounds::MaxPages)?,
            None => MAX_PAGES,
        };
        Ok(Self::new(hosts, NonZeroU64::new(max_pages)))
    }

    /// The most pages that a table may have, where there is a limit.
    pub fn max_pages(&self) -> Option<u64> {
        self.max_pages.map(NonZeroU64::get)
    }

    /// Refuses the page of a host that is not counted.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn check_host(&self, page: &str) -> Result<(), Error> {
        if self.hosts.is_empty() || self.hosts.contains(&host_of(page)) {
            return Ok(());
        }
        let sentence = "Pages of this host are not counted here.";
        Err(Error::Forbidden(sentence.to_owned()))
    }

    /// The answer for a new page that finds no room.
    pub fn full(&self) -> Error {
        let most = self.max_pages().unwrap_or(u64::MAX);
        Error::Forbidden(format!(
            "This table has room for {most} pages, and all are taken: those that are known go on counting."
        ))
    }
}

/// Refuses the name of a host that no page's name starts with.
///
/// # Errors
/// [`BadBounds::Host`].
pub fn check_host_name(host: &str) -> Result<(), BadBounds> {
    match host.is_ascii() {
        true => Ok(()),
        false => Err(BadBounds::Host(host.to_owned())),
    }
}
