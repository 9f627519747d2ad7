//! The words about a list.

use browser::words::count;

/// The sentence about a list of `shown` offers, which `goes_on` or has ended.
pub fn of_list(shown: usize, goes_on: bool, filtered: bool) -> String {
    let offers = || count(shown as u64, "offer", "offers");
    match (shown, goes_on, filtered) {
        (0, false, false) => "There are no job offers yet.".to_owned(),
        (0, false, true) => "No offer matches.".to_owned(),
        (0, true, _) => "No offer matches so far, and there are more to look through.".to_owned(),
        (_, false, false) => format!("{} in all.", offers()),
        (_, false, true) if shown == 1 => "1 offer matches.".to_owned(),
        (_, false, true) => format!("{} match.", offers()),
        (_, true, _) => format!("{} so far, and there may be more.", offers()),
    }
}
