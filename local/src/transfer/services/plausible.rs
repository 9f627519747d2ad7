//! Plausible: `imported_pages_<from>_<to>.csv` has a row for each day and page,
//! <https://plausible.io/docs/csv-import>.

use std::io::Read;

use super::table::Table;
use super::{Brought, Outcome};

pub(super) fn read(name: &str, content: &mut dyn Read, brought: &mut Brought) -> Outcome<bool> {
    if !name.ends_with(".csv") {
        return Ok(false);
    }
    let table = Table::new(content)?;
    if !table.has(&["page", "pageviews"]) {
        // Sources, devices and the like count the same views.
        return Ok(false);
    }
    table.rows(|row| {
        let views = row.number("pageviews")?;
        match row.text("page") {
            "" => brought.leave("views of a page without a path", views),
            page => brought.add(Some(row.text("hostname")), page, views)?,
        }
        Ok(())
    })?;
    Ok(true)
}
