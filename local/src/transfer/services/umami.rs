//! Umami: `pages.csv` has a row for each page, `x` its path and `y` its views; a
//! `website_event.csv` has a row for each view, `event_type` 1, and for other events.

use std::io::Read;

use super::table::Table;
use super::{Brought, Outcome};

const VIEW: &str = "1";

pub(super) fn read(name: &str, content: &mut dyn Read, brought: &mut Brought) -> Outcome<bool> {
    match name {
        "pages.csv" => read_pages(content, brought),
        // The same views by something else.
        _ if !name.ends_with(".csv") || name == "session.csv" => Ok(false),
        _ => read_events(content, brought),
    }
}

fn read_pages(content: &mut dyn Read, brought: &mut Brought) -> Outcome<bool> {
    let table = Table::new(content)?;
    if !table.has(&["x", "y"]) {
        return Ok(false);
    }
    table.rows(|row| brought.add(None, row.text("x"), row.number("y")?))?;
    Ok(true)
}

fn read_events(content: &mut dyn Read, brought: &mut Brought) -> Outcome<bool> {
    let table = Table::new(content)?;
    if !table.has(&["url_path", "event_type"]) {
        return Ok(false);
    }
    table.rows(|row| {
        match row.text("event_type") {
            VIEW => brought.add(Some(row.text("hostname")), row.text("url_path"), 1)?,
            _ => brought.leave("events", 1),
        }
        Ok(())
    })?;
    Ok(true)
}
