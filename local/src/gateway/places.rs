//! The places for connections. When all are taken, the client that holds most
//! gives one up: an idle one first, then one whose client keeps the program
//! waiting, else the next one that is answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

use super::activity::{Activity, Leave, Phase};
use super::client::Client;

/// Files that are no connection's: the store's, the log's, the listeners'.
const RESERVED_FILES: u64 = 64;
/// A connection in a place has a socket and may have a file open; one more file
/// is for a connection that waits for a place.
const FILES_PER_PLACE: u64 = 3;
/// More would be memory that anybody could take.
const MAX_PLACES: u64 = 1_024;
/// How long a connection waits for a place.
const PATIENCE: Duration = Duration::from_secs(10);
/// A client's own connection that was idle for so long makes room for its next.
const IDLE: Duration = Duration::from_secs(3);

/// All places of the process.
#[derive(Clone, Debug)]
pub(crate) struct Places(Arc<Mutex<Table>>);

/// A place that is taken, until this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    id: u64,
    pub(crate) activity: Arc<Activity>,
    places: Places,
}

/// A place, or the wait for one.
#[derive(Debug)]
pub(crate) enum Entry {
    Now(Place),
    Later(oneshot::Receiver<Place>),
}

impl Entry {
    /// The place, if one came free in time.
    pub(crate) async fn place(self) -> Option<Place> {
        match self {
            Self::Now(place) => Some(place),
            Self::Later(granted) => timeout(PATIENCE, granted).await.ok()?.ok(),
        }
    }
}

#[derive(Debug)]
struct Table {
    size: usize,
    next_id: u64,
    taken: HashMap<u64, Taken>,
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Taken {
    client: Client,
    activity: Arc<Activity>,
}

#[derive(Debug)]
struct Waiting {
    client: Client,
    grant: oneshot::Sender<Place>,
}

impl Places {
    /// As many as the process may have files for, after it has asked for more.
    pub(crate) fn of_this_process() -> Self {
        let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(256);
        let places = files.saturating_sub(RESERVED_FILES) / FILES_PER_PLACE;
        Self::new(usize::try_from(places.clamp(1, MAX_PLACES)).unwrap_or(1))
    }

    fn new(size: usize) -> Self {
        Self(Arc::new(Mutex::new(Table {
            size,
            next_id: 0,
            taken: HashMap::new(),
            waiting: Vec::new(),
        })))
    }

    /// A place for a connection of `client`, now or later; nothing where too many
    /// of its own wait already.
    pub(crate) fn enter(&self, client: Client) -> Option<Entry> {
        let mut table = self.lock();
        if table.taken.len() < table.size {
            return Some(Entry::Now(table.give(client, self)));
        }
        table.ask_one_to_leave(client);
        table.queue(client).map(Entry::Later)
    }

    /// Lets the connections of a client that comes in a rush wait in the system's
    /// queue, where nobody else is there and the client is being answered.
    pub(crate) async fn room_to_wait(&self, client: Client) {
        while self.lock().is_rush_of(client) {
            sleep(Duration::from_millis(1)).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut table = self.places.lock();
        table.taken.remove(&self.id);
        let next = table.next_waiting().map(|waiting| {
            let place = table.give(waiting.client, &self.places);
            (waiting.grant, place)
        });
        // A place that nobody waits for any more is dropped, and takes the lock.
        drop(table);
        if let Some((grant, place)) = next {
            let _ = grant.send(place);
        }
    }
}

impl Table {
    fn give(&mut self, client: Client, places: &Places) -> Place {
        let id = self.next_id;
        self.next_id += 1;
        let activity = Arc::new(Activity::default());
        let taken = Taken {
            client,
            activity: Arc::clone(&activity),
        };
        self.taken.insert(id, taken);
        Place {
            id,
            activity,
            places: places.clone(),
        }
    }

    /// Asks a connection to leave: one of the client that holds most, or of the
    /// newcomer where it holds as many.
    fn ask_one_to_leave(&self, newcomer: Client) {
        let mut held: HashMap<Client, usize> = HashMap::new();
        for taken in self.taken.values() {
            *held.entry(taken.client).or_default() += 1;
        }
        let of_newcomer = held.get(&newcomer).copied().unwrap_or(0);
        let Some((&holder, &most)) = held.iter().max_by_key(|(_, count)| **count) else {
            return;
        };
        let lead = most.saturating_sub(of_newcomer);
        let holder = if lead > 0 { holder } else { newcomer };
        let now = Instant::now();
        let of_holder = self.taken.values().filter(|taken| taken.client == holder);
        let candidates = of_holder.filter_map(|taken| {
            let (phase, since) = taken.activity.at(now);
            let how = how_to_leave(phase, since, lead);
            let is_new = how > taken.activity.leave();
            is_new.then_some(((how, phase == Phase::Idle, since), &taken.activity))
        });
        if let Some(((how, ..), chosen)) = candidates.max_by_key(|(rank, _)| *rank) {
            chosen.ask_to_leave(how);
        }
    }

    /// A wait for a place. As many may wait as have one; then the client with
    /// most connections waiting loses one.
    fn queue(&mut self, client: Client) -> Option<oneshot::Receiver<Place>> {
        self.waiting.retain(|waiting| !waiting.grant.is_closed());
        if self.waiting.len() >= self.size {
            let count = |client| self.waiting.iter().filter(|w| w.client == client).count();
            let most = self.waiting.iter().max_by_key(|w| count(w.client))?.client;
            if count(client) + 1 >= count(most) {
                return None;
            }
            let last = self.waiting.iter().rposition(|w| w.client == most)?;
            self.waiting.remove(last);
        }
        let (grant, granted) = oneshot::channel();
        self.waiting.push(Waiting { client, grant });
        Some(granted)
    }

    fn is_rush_of(&self, client: Client) -> bool {
        let mut taken = self.taken.values();
        self.waiting.len() >= self.size
            && self.waiting.iter().all(|waiting| waiting.client == client)
            && taken.clone().all(|taken| taken.client == client)
            && taken.any(|taken| match taken.activity.at(Instant::now()) {
                (Phase::Working, _) => true,
                // Its request is on its way.
                (Phase::Idle, since) => since < IDLE,
                (Phase::Receiving | Phase::Sending, _) => false,
            })
    }

    /// The first of the client that holds fewest places.
    fn next_waiting(&mut self) -> Option<Waiting> {
        self.waiting.retain(|waiting| !waiting.grant.is_closed());
        if self.taken.len() >= self.size {
            return None;
        }
        let held = |client| self.taken.values().filter(|t| t.client == client).count();
        let waiting = self.waiting.iter().enumerate();
        let (first, _) = waiting.min_by_key(|(_, waiting)| held(waiting.client))?;
        Some(self.waiting.remove(first))
    }
}

/// How a connection has to leave for one of a client that holds `lead` fewer.
fn how_to_leave(phase: Phase, since: Duration, lead: usize) -> Leave {
    match (phase, lead) {
        (Phase::Working, _) => Leave::AfterAnswer,
        // Its next request may be on its way.
        (Phase::Idle, 0) if since < IDLE => Leave::No,
        (Phase::Idle, _) => Leave::Now,
        (Phase::Receiving | Phase::Sending, 0 | 1) => Leave::AfterAnswer,
        (Phase::Receiving | Phase::Sending, _) => Leave::Now,
    }
}

#[cfg(test)]
mod tests;
