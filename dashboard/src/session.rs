//! The owner's session: the token, kept in this tab and nowhere else.

use browser::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use crate::api;

const KEY: &str = "resume-counter.token";
/// The start of an address's fragment that holds a code to sign in with.
const CODE: &str = "#code=";

/// The state that all parts of the page share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    token: RwSignal<Option<String>>,
    /// The failure that ended the session; `None` if the owner did.
    pub(crate) parting: RwSignal<Option<Failure>>,
    /// True while a call waits because the API throttles.
    pub(crate) throttled: RwSignal<bool>,
    /// True while a code is changed for the token.
    pub(crate) signing_in: RwSignal<bool>,
}

impl Session {
    /// The session of this tab, which outlives a reload.
    pub(crate) fn of_this_tab() -> Self {
        let token = storage().and_then(|storage| storage.get_item(KEY).ok()?);
        Self {
            token: RwSignal::new(token),
            parting: RwSignal::new(None),
            throttled: RwSignal::new(false),
            signing_in: RwSignal::new(false),
        }
    }

    /// Signs in with the code that the page's address holds, if it does, and takes
    /// the code out of the address.
    pub(crate) fn follow_address(self) {
        let address = window().location().hash().unwrap_or_default();
        let Some(code) = address.strip_prefix(CODE).map(str::to_owned) else {
            return;
        };
        let _ = window()
            .history()
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some("./")));
        self.signing_in.set(true);
        spawn_local(async move {
            match api::sign_in(code).await {
                Ok(token) => self.open(token),
                Err(why) => self.close(Some(why)),
            }
            self.signing_in.set(false);
        });
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
