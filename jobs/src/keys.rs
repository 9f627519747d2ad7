//! The keys of files, and of the objects that tell their outcomes.

/// The prefix of files; objects elsewhere are not read.
pub const FILES: &str = "job_offers/";
/// The prefix of the reports on rows that cannot be used.
pub const REPORTS: &str = "job_offers_rejected/";
/// The prefix of the outcomes of files.
pub const LOADED: &str = "job_offers_loaded/";

const SUFFIX: &str = ".csv";

/// The name of the file under a key, without its suffix; `None` where the key is a
/// folder's, or lies elsewhere.
pub fn name(key: &str) -> Option<&str> {
    let name = key.strip_prefix(FILES)?;
    if name.is_empty() || name.ends_with('/') {
        return None;
    }
    match name.len().checked_sub(SUFFIX.len()) {
        Some(end) if is_csv(name) => Some(&name[..end]),
        _ => Some(name),
    }
}

/// Returns true if a name is that of a file which is read. It may be in capitals, as on
/// Windows.
pub fn is_csv(name: &str) -> bool {
    let start = name.len().checked_sub(SUFFIX.len());
    let end = start.and_then(|start| name.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(SUFFIX))
}

/// The key of the report on the file called `name`.
pub fn report(name: &str) -> String {
    format!("{REPORTS}{name}.csv")
}

/// The key of the outcome of the file called `name`.
pub fn loaded(name: &str) -> String {
    format!("{LOADED}{name}.json")
}
