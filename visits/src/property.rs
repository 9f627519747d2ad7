//! The name of what was visited: the same rule as for a page's path, and not
//! one of the names that the table keeps for itself.

use backend::Error;
use backend::query::parameter;
use shared::{PagePath, PagePathError};

const DEFAULT: &str = "default";

/// Names that start so are partitions of the function's own.
const RESERVED: char = '#';

/// `raw` as a property's name, or the sentence that says what is wrong with it.
pub(crate) fn parse(raw: Option<&str>) -> Result<String, String> {
    let name = PagePath::parse(raw.unwrap_or(DEFAULT)).map_err(|error| match error {
        PagePathError::Empty => "`propertyId` is empty: leave it out or name one.".to_owned(),
        PagePathError::TooLong { bytes } => format!(
            "`propertyId` is {bytes} bytes long: at most {} are allowed.",
            PagePath::MAX_BYTES
        ),
        PagePathError::ControlCharacter => "`propertyId` contains a control character.".to_owned(),
    })?;
    if name.as_str().starts_with(RESERVED) {
        return Err(format!("`propertyId` cannot start with `{RESERVED}`."));
    }
    Ok(name.as_str().to_owned())
}

/// The parameter `propertyId`.
pub(crate) fn of_query(query: &str) -> Result<String, Error> {
    let raw = parameter(query, "propertyId")?;
    parse(raw.as_deref()).map_err(Error::BadRequest)
}
