//! The state of the page, and the actions on it.

use browser::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::jobs::JobOffer;
use wasm_bindgen::JsValue;

use crate::api;
use crate::filter::Filter;
use crate::known::Known;

/// The progress of the last question.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    Loading,
    Shown,
    Failed(Failure),
}

/// The state of the page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Board {
    /// The filter of the list; the page's address holds it, too.
    pub(crate) filter: RwSignal<Filter>,
    pub(crate) offers: RwSignal<Vec<JobOffer>>,
    /// The query of the list's next page.
    pub(crate) next: RwSignal<Option<String>>,
    pub(crate) progress: RwSignal<Progress>,
    pub(crate) known: RwSignal<Known>,
    /// The number of the last question; an answer to an earlier one comes too
    /// late.
    turn: StoredValue<u32>,
}

impl Board {
    /// A board that lists the offers of the address's filter.
    pub(crate) fn from_address() -> Self {
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

    /// Lists the offers of the address's filter.
    pub(crate) fn follow_address(self) {
        self.list(Filter::from_address(), |_| {});
    }

    /// Lists the offers of `filter`, and puts it into the address.
    pub(crate) fn search(self, filter: Filter) {
        if self.filter.with_untracked(|now| *now != filter) {
            let path = window().location().pathname().unwrap_or_default();
            let query = filter.to_query();
            let address = match query.is_empty() {
                true => path,
                false => format!("{path}?{query}"),
            };
            // A browser that gets too many such calls keeps the address as it
            // is.
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

    /// Adds the next page to the list, and then calls `seen` with the place of
    /// the first offer that was added.
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

    /// Asks again after a failure, and then calls `seen` in the same way.
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
                    // The offers that are still shown answer another question.
                    if self.next.with_untracked(Option::is_none) {
                        self.offers.set(Vec::new());
                    }
                    self.progress.set(Progress::Failed(failure));
                }
            }
        });
    }

    /// Learns the values to choose from, where the address shows only a part.
    async fn look_around(self) {
        if let Ok(page) = api::page(api::first(&Filter::default())).await {
            self.known.update(|known| known.learn(&page.offers));
        }
    }
}
