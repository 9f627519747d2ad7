//! The owner's session: the token, kept in this tab and nowhere else.

use browser::Failure;
use leptos::prelude::*;
use web_sys::Storage;

const KEY: &str = "resume-counter.token";

/// The state that all parts of the page share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    token: RwSignal<Option<String>>,
    /// The failure that ended the session; `None` if the owner did.
    pub(crate) parting: RwSignal<Option<Failure>>,
    /// True while a call waits because the API throttles.
    pub(crate) throttled: RwSignal<bool>,
}

impl Session {
    /// The session of this tab, which outlives a reload.
    pub(crate) fn of_this_tab() -> Self {
        let token = storage().and_then(|storage| storage.get_item(KEY).ok()?);
        Self {
            token: RwSignal::new(token),
            parting: RwSignal::new(None),
            throttled: RwSignal::new(false),
        }
    }

    /// True if there is a token; reactive.
    pub(crate) fn is_open(self) -> bool {
        self.token.with(Option::is_some)
    }

    pub(crate) fn token(self) -> String {
        self.token.get_untracked().unwrap_or_default()
    }

    /// Begins with a token that the API has taken.
    pub(crate) fn open(self, token: String) {
        // Without storage the session lasts until the page is left.
        let _ = storage().map(|storage| storage.set_item(KEY, &token));
        self.parting.set(None);
        self.token.set(Some(token));
    }

    /// Forgets the token.
    pub(crate) fn close(self, parting: Option<Failure>) {
        let _ = storage().map(|storage| storage.remove_item(KEY));
        self.parting.set(parting);
        self.token.set(None);
    }
}

fn storage() -> Option<Storage> {
    window().session_storage().ok()?
}
