//! An offer as the owner writes it, with all its faults at once.

use backend::Error;
use serde_json::{Map, Value};
use shared::jobs::JobOffer;

/// The fields that a new offer has to have.
const REQUIRED: [&str; 4] = ["city", "company_name", "title", "contract_type"];

/// A body's fields.
pub(crate) type Body = Map<String, Value>;

/// A new offer, which has no id yet.
///
/// # Errors
/// [`Error::Unprocessable`] with every fault.
pub(crate) fn new(body: &Body) -> Result<JobOffer, Error> {
    let (offer, mut faults) = read(body);
    if body.contains_key("id") {
        faults.push("`id` cannot be chosen: leave it out".to_owned());
    }
    for field in REQUIRED.into_iter().filter(|f| !body.contains_key(*f)) {
        faults.push(format!("`{field}` is missing"));
    }
    checked(offer, faults)
}

/// The changes to `stored`; what is not named stays.
///
/// # Errors
/// [`Error::Unprocessable`] with every fault.
pub(crate) fn changes(body: &Body, stored: &JobOffer) -> Result<JobOffer, Error> {
    let (mut changes, mut faults) = read(body);
    for (field, new, old) in [
        ("id", &mut changes.id, &stored.id),
        ("city", &mut changes.city, &stored.city),
    ] {
        // The offer as it was read may be sent back.
        if !new.is_empty() && new != old {
            faults.push(format!("`{field}` cannot change"));
        }
        new.clear();
    }
    if body.is_empty() {
        faults.push("there is nothing to change".to_owned());
    }
    checked(changes, faults)
}

fn checked(offer: JobOffer, faults: Vec<String>) -> Result<JobOffer, Error> {
    if faults.is_empty() {
        return Ok(offer);
    }
    Err(Error::Unprocessable(format!(
        "The job offer cannot be taken: {}.",
        faults.join("; ")
    )))
}

fn read(body: &Body) -> (JobOffer, Vec<String>) {
    let mut offer = JobOffer::default();
    let mut faults = Vec::new();
    for (name, value) in body {
        let Some(place) = offer.get_mut(name) else {
            let name: String = name.chars().take(50).collect();
            faults.push(format!("`{name}` is no field of a job offer"));
            continue;
        };
        let limit = JobOffer::max_bytes(name);
        match value.as_str().map(str::trim) {
            None => faults.push(format!("`{name}` has to be a string")),
            Some("") => faults.push(format!("`{name}` is empty")),
            Some(text) if text.len() > limit => faults.push(format!(
                "`{name}` is {} bytes long where at most {limit} are allowed",
                text.len()
            )),
            Some(text) if text.contains(char::is_control) => {
                faults.push(format!("`{name}` contains a control character"));
            }
            Some(text) => text.clone_into(place),
        }
    }
    (offer, faults)
}
