//! The places for connections. When all are taken, the client that holds most
//! gives one up: an idle one first, then one whose client keeps the program
//! waiting, else the next one that is answered.

use std::collections::{HashMap, VecDeque};
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
/// More waiting connections would be memory that anybody could take, too.
const MAX_WAITING: u64 = 4 * MAX_PLACES;
/// The longest that a connection waits for a place.
const PATIENCE: Duration = Duration::from_secs(10);
/// A client's own connection that was idle for so long makes room for its next.
const IDLE: Duration = Duration::from_secs(3);
/// For so long after another client came, none is left in the system's queue.
const COMPANY: Duration = Duration::from_secs(60);

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
    max_waiting: usize,
    next_id: u64,
    taken: HashMap<u64, Taken>,
    /// The number of places of each client that has one.
    held: HashMap<Client, usize>,
    waiting: HashMap<Client, VecDeque<Waiting>>,
    last: Option<Client>,
    /// The time at which a client came after another one.
    in_company: Option<Instant>,
}

#[derive(Debug)]
struct Taken {
    client: Client,
    activity: Arc<Activity>,
}

#[derive(Debug)]
struct Waiting {
    id: u64,
    grant: oneshot::Sender<Place>,
}

impl Places {
    /// As many places as the process may have files for, after it has asked for more
    /// files.
    pub(crate) fn for_this_process() -> Self {
        let files = rlimit::increase_nofile_limit(u64::MAX).unwrap_or(256);
        let files = files.saturating_sub(RESERVED_FILES);
        let places = (files / FILES_PER_PLACE).clamp(1, MAX_PLACES);
        let rest = files.saturating_sub((FILES_PER_PLACE - 1) * places);
        let number = |files| usize::try_from(files).unwrap_or(1);
        Self::new(number(places), number(rest.clamp(1, MAX_WAITING)))
    }

    fn new(size: usize, max_waiting: usize) -> Self {
        Self(Arc::new(Mutex::new(Table {
            size,
            max_waiting,
            next_id: 0,
            taken: HashMap::new(),
            held: HashMap::new(),
            waiting: HashMap::new(),
            last: None,
            in_company: None,
        })))
    }

    /// A place for a connection of `client`, now or later; nothing where too many
    /// of its own wait already.
    pub(crate) fn enter(&self, client: Client) -> Option<Entry> {
        let mut table = self.lock();
        table.greet(client);
        if table.taken.len() < table.size {
            return Some(Entry::Now(table.give(client, self)));
        }
        let granted = table.queue(client)?;
        table.ask_one_to_leave(client);
        Some(Entry::Later(granted))
    }

    /// Lets the connections of a client that comes in a rush wait in the system's
    /// queue, where files are few, nobody else is there, and the client is being
    /// answered.
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
        table.take_back(self.id);
        let next = table.next_waiting().map(|(client, grant)| {
            let place = table.give(client, &self.places);
            (grant, place)
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
        let id = self.next_id();
        let activity = Arc::new(Activity::default());
        let taken = Taken {
            client,
            activity: Arc::clone(&activity),
        };
        self.taken.insert(id, taken);
        *self.held.entry(client).or_default() += 1;
        Place {
            id,
            activity,
            places: places.clone(),
        }
    }

    fn take_back(&mut self, id: u64) {
        let Some(Taken { client, .. }) = self.taken.remove(&id) else {
            return;
        };
        let held = self.held.entry(client).or_default();
        *held = held.saturating_sub(1);
        if *held == 0 {
            self.held.remove(&client);
        }
    }

    fn next_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Remembers that there are several clients, if there are.
    fn greet(&mut self, client: Client) {
        let last = self.last.replace(client);
        if last.is_some_and(|last| last != client) {
            self.in_company = Some(Instant::now());
        }
    }

    /// Asks a connection to leave: one of the client that holds most, or of the
    /// newcomer where it holds as many.
    fn ask_one_to_leave(&self, newcomer: Client) {
        let of_newcomer = self.held_by(newcomer);
        let Some((&holder, &most)) = self.held.iter().max_by_key(|(_, held)| **held) else {
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

    fn held_by(&self, client: Client) -> usize {
        self.held.get(&client).copied().unwrap_or(0)
    }

    /// A wait for a place. Where too many wait, the client with most connections
    /// waiting loses its last.
    fn queue(&mut self, client: Client) -> Option<oneshot::Receiver<Place>> {
        if self.waits() >= self.max_waiting {
            self.forget_closed();
        }
        if self.waits() >= self.max_waiting {
            let of_client = self.waiting.get(&client).map_or(0, VecDeque::len);
            let most = self.waiting.values_mut().max_by_key(|waits| waits.len())?;
            if of_client + 1 >= most.len() {
                return None;
            }
            most.pop_back();
        }
        let (grant, granted) = oneshot::channel();
        let id = self.next_id();
        let waits = self.waiting.entry(client).or_default();
        waits.push_back(Waiting { id, grant });
        Some(granted)
    }

    fn waits(&self) -> usize {
        self.waiting.values().map(VecDeque::len).sum()
    }

    fn forget_closed(&mut self) {
        self.waiting.retain(|_, waits| {
            waits.retain(|wait| !wait.grant.is_closed());
            !waits.is_empty()
        });
    }

    fn is_rush_of(&self, client: Client) -> bool {
        let alone = |clients: usize, has_client| clients == 1 && has_client;
        let mut taken = self.taken.values();
        self.max_waiting < 2 * self.size
            && self.waits() >= self.max_waiting
            && alone(self.waiting.len(), self.waiting.contains_key(&client))
            && alone(self.held.len(), self.held.contains_key(&client))
            && self.in_company.is_none_or(|at| at.elapsed() > COMPANY)
            && taken.any(|taken| match taken.activity.at(Instant::now()) {
                (Phase::Working, _) => true,
                // Its request is on its way.
                (Phase::Idle, since) => since < IDLE,
                (Phase::Receiving | Phase::Sending, _) => false,
            })
    }

    /// The first wait of the client that holds fewest places.
    fn next_waiting(&mut self) -> Option<(Client, oneshot::Sender<Place>)> {
        while self.taken.len() < self.size {
            let first = |waits: &VecDeque<Waiting>| waits.front().map(|wait| wait.id);
            let clients = self.waiting.iter();
            let (&client, _) =
                clients.min_by_key(|(client, waits)| (self.held_by(**client), first(waits)))?;
            let waits = self.waiting.get_mut(&client)?;
            let wait = waits.pop_front();
            if waits.is_empty() {
                self.waiting.remove(&client);
            }
            if let Some(Waiting { grant, .. }) = wait
                && !grant.is_closed()
            {
                return Some((client, grant));
            }
        }
        None
    }
}

/// The way in which a connection leaves for one of a client that holds `lead` fewer.
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
