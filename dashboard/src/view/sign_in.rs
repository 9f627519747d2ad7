//! The form that asks for the owner's token.

use browser::Failure;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::{home_property, today};
use crate::api::{self, Query};
use crate::period::Period;
use crate::session::Session;

/// Begins a session with a token that the API takes.
#[component]
pub(crate) fn SignIn(
    /// The session to open.
    session: Session,
) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    let checking = RwSignal::new(false);
    let failure = session.parting;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else {
            return;
        };
        if checking.get_untracked() {
            return;
        }
        checking.set(true);
        failure.set(None);
        spawn_local(async move {
            let token = input.value().trim().to_owned();
            let query = Query::of(&home_property(), &Period::Week.to_query(today()));
            match api::check(session, &token, &query).await {
                Ok(()) => session.open(token),
                Err(why) => {
                    failure.set(Some(why));
                    checking.set(false);
                    correct(&input);
                }
            }
        });
    };
    let refused = move || failure.with(|failure| *failure == Some(Failure::Token));
    view! {
        <form class="sign-in" on:submit=submit>
            <label for="token">"Owner token"</label>
            <input
                id="token"
                type="password"
                required
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                aria-describedby="token-hint token-error"
                aria-invalid=move || refused().then_some("true")
                node_ref=input
            />
            <p id="token-hint" class="hint">
                <code>"resume-counter token"</code>
                " prints it on the machine where the program runs; on AWS the first deployment showed it once. It stays in this tab until you close the tab."
            </p>
            <p id="token-error" class="error" role="alert">
                {move || failure.with(|failure| failure.as_ref().map(Failure::to_string))}
            </p>
            <button class="primary" aria-disabled=move || checking.get().then_some("true")>
                {move || if checking.get() { "Checking…" } else { "Show the visits" }}
            </button>
        </form>
    }
}

fn correct(input: &HtmlInputElement) {
    let _ = input.focus();
    input.select();
}
