//! The résumé site. One page, in two builds of this crate: [`prerender`] writes
//! it to static HTML on the machine that builds, [`live`] mounts its moving
//! parts in the browser. Only [`counter`] is in both.

pub mod counter;

#[cfg(feature = "csr")]
mod api;
#[cfg(feature = "csr")]
pub mod live;
#[cfg(feature = "csr")]
mod mark;
#[cfg(feature = "csr")]
mod visit;

#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub mod prerender;
#[cfg(feature = "ssr")]
pub mod resume;

/// Where the API is: its address, without `/counter`, taken from the
/// environment of the build. Empty, the default, means the page's own origin.
const API_BASE: &str = match option_env!("RESUME_API_BASE") {
    Some(base) => base,
    None => "",
};

/// Where `/visits` is, if not in the same place.
const OWNER_API_BASE: &str = match option_env!("RESUME_OWNER_API_BASE") {
    Some(base) => base,
    None => API_BASE,
};
