//! The values seen in offers, for the form to suggest: the API has no list of
//! them.

use shared::jobs::JobOffer;

use crate::filter::Filter;

/// Each value once, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) cities: Vec<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) contract_types: Vec<String>,
}

impl Known {
    pub(crate) fn learn(&mut self, offers: &[JobOffer]) {
        for offer in offers {
            add(&mut self.cities, &offer.city);
            add(&mut self.keywords, &offer.keyword);
            add(&mut self.contract_types, &offer.contract_type);
        }
    }

    /// Adds the filter's own value: a choice has to hold the chosen one.
    pub(crate) fn learn_choice(&mut self, filter: &Filter) {
        add(&mut self.contract_types, &filter.contract_type);
    }
}

fn add(known: &mut Vec<String>, value: &str) {
    if value.is_empty() {
        return;
    }
    if let Err(place) = known.binary_search_by(|one| one.as_str().cmp(value)) {
        known.insert(place, value.to_owned());
    }
}
