//! Keys of the bucket: where files are put, and where it is said what came of them.

/// Files arrive under this prefix, and other things are not for us.
pub const FILES: &str = "job_offers/";
/// Reports of the rows that cannot be used.
pub const REPORTS: &str = "job_offers_rejected/";
/// The folder of the reports on what is in the table of each file.
pub const LOADED: &str = "job_offers_loaded/";

const SUFFIX: &str = ".csv";

/// The name of the file under a key, without the suffix that all have; nothing
/// where the key is a folder's, or lies elsewhere.
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

/// Returns true if a file is read: its name may be in capitals, as on Windows.
pub fn is_csv(name: &str) -> bool {
    let start = name.len().checked_sub(SUFFIX.len());
    let end = start.and_then(|start| name.get(start..));
    end.is_some_and(|end| end.eq_ignore_ascii_case(SUFFIX))
}

/// The key of the report on the file of a name.
pub fn report(name: &str) -> String {
    format!("{REPORTS}{name}.csv")
}

/// The key of what came of the file of a name.
pub fn loaded(name: &str) -> String {
    format!("{LOADED}{name}.json")
}
