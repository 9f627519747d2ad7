//! The functions that the program serves, on its store and by its options.

use std::num::NonZeroU64;

use backend::{Bounds, Cdn, Owner};
use counter::Hits;
use items::Items;
use jiff::Timestamp;
use jobs::{Api as Jobs, Offers};
use visits::{Log, Retention, Salts, Visits};

use crate::Options;
use crate::gateway::api::Functions;
use crate::store::Store;

/// The functions, of this owner, behind this CDN.
pub(super) fn functions(options: &Options, store: &Store, owner: Owner, cdn: Cdn) -> Functions {
    let client = &store.client;
    let bounds = Bounds::new(&options.counted_hosts, NonZeroU64::new(options.max_pages));
    let retention = Retention::of_days(options.visit_retention);
    let zone = options.zone.time_zone.clone();
    let options = &options.store;
    Functions {
        hits: Hits::new(client.clone(), &options.table).within(bounds.clone()),
        items: Items {
            client: client.clone(),
            owner: owner.clone(),
            orders: options.order_tables.clone(),
            managed: options.manager_tables.clone(),
        },
        jobs: Jobs {
            offers: Offers::new(client.clone(), &options.jobs_table),
            log: jobs::Log::new(client.clone(), &options.jobs_log_table, Timestamp::now),
            owner: owner.clone(),
            clock: Timestamp::now,
        },
        visits: Visits {
            log: Log::new(client.clone(), &options.visits_table)
                .within(bounds)
                .keeping(retention)
                .by(zone),
            salts: Salts::new(client.clone(), &options.salts_table),
            owner,
            cdn,
            clock: Timestamp::now,
        },
    }
}
