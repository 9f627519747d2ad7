//! The header that leads from page to page: RFC 8288, as the API writes it.

/// Returns the query of the next page, or `None` on the last. The path is left
/// out, because the API does not know the prefix it is served under.
pub fn next(header: &str) -> Option<&str> {
    let (target, parameters) = header.strip_prefix('<')?.split_once('>')?;
    let mut parameters = parameters.split(';').map(str::trim);
    if !parameters.any(|parameter| parameter == "rel=\"next\"") {
        return None;
    }
    Some(target.split_once('?')?.1)
}
