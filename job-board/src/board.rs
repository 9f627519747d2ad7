//! What the page knows, and what can be done with it.

use browser::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::jobs::JobOffer;
use wasm_bindgen::JsValue;

use crate::api;
use crate::filter::Filter;
use crate::known::Known;

/// How far the answer to the last question is.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    Loading,
    Shown,
    Failed(Failure),
}

/// The state of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Board {
    /// What is asked for; the address says the same.
    pub(crate) filter: RwSignal<Filter>,
    pub(crate) offers: RwSignal<Vec<JobOffer>>,
    /// Where the list goes on.
    pub(crate) next: RwSignal<Option<String>>,
    pub(crate) progress: RwSignal<Progress>,
    pub(crate) known: RwSignal<Known>,
    /// Which question it is; an answer to an earlier one comes too late.
    turn: StoredValue<u32>,
}

impl Board {
    /// A board that lists what the address asks for.
    pub(crate) fn of_address() -> Self {
        let board = Self {
            filter: RwSignal::new(Filter::default()),
            offers: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            progress: RwSignal::new(Progress::Loading),
            known: RwSignal::new(Known::default()),
            turn: StoredValue::new(0),
        };
        board.follow_address();
        if board.filter.with_untracked(|filter| !filter.is_empty()) {
            spawn_local(board.look_around());
        }
        board
    }

    /// Lists what the address asks for.
    pub(crate) fn follow_address(self) {
        self.list(Filter::of_address(), |_| {});
    }

    /// Asks for something, in the address, too.
    pub(crate) fn search(self, filter: Filter) {
        if self.filter.with_untracked(|now| *now != filter) {
            let path = window().location().pathname().unwrap_or_default();
            let query = filter.to_query();
            let address = match query.is_empty() {
                true => path,
                false => format!("{path}?{query}"),
            };
            // A browser that is asked too often keeps the address as it is.
            let _ = window().history().and_then(|history| {
                history.push_state_with_url(&JsValue::NULL, "", Some(&address))
            });
        }
        self.list(filter, |_| {});
    }

    fn list(self, filter: Filter, seen: impl FnOnce(usize) + 'static) {
        self.known.update(|known| known.learn_choice(&filter));
        self.next.set(None);
        let query = api::first(&filter);
        self.filter.set(filter);
        self.ask(query, move |offers| {
            self.offers.set(offers);
            seen(0);
        });
    }

    /// Goes on with the list, and then calls `seen` with the place of the first
    /// offer that was added.
    pub(crate) fn more(self, seen: impl FnOnce(usize) + 'static) {
        let Some(next) = self.next.get_untracked() else {
            return;
        };
        self.ask(next, move |offers| {
            let place = self.offers.with_untracked(Vec::len);
            self.offers.update(|all| all.extend(offers));
            seen(place);
        });
    }

    /// Asks once more for what could not be had, and then does likewise.
    pub(crate) fn again(self, seen: impl FnOnce(usize) + 'static) {
        match self.next.with_untracked(Option::is_some) {
            true => self.more(seen),
            false => self.list(self.filter.get_untracked(), seen),
        }
    }

    fn ask(self, query: String, show: impl FnOnce(Vec<JobOffer>) + 'static) {
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.progress.set(Progress::Loading);
        spawn_local(async move {
            let answer = api::page(query).await;
            if self.turn.get_value() != turn {
                return;
            }
            match answer {
                Ok(page) => {
                    self.known.update(|known| known.learn(&page.offers));
                    self.next.set(page.next);
                    show(page.offers);
                    self.progress.set(Progress::Shown);
                }
                Err(failure) => {
                    // What is still there answers another question.
                    if self.next.with_untracked(Option::is_none) {
                        self.offers.set(Vec::new());
                    }
                    self.progress.set(Progress::Failed(failure));
                }
            }
        });
    }

    /// Learns what can be chosen, where the address lets only a part be seen.
    async fn look_around(self) {
        if let Ok(page) = api::page(api::first(&Filter::default())).await {
            self.known.update(|known| known.learn(&page.offers));
        }
    }
}
