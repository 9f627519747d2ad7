//! Failed calls, and the page's words for them.

#![expect(
    unreachable_pub,
    reason = "the component macro writes one more function beside the one that is exported"
)]

use std::fmt;

use leptos::prelude::*;

/// The reason why there is no answer to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The token is not the owner's.
    Token,
    /// The server was asked too often.
    Throttled,
    /// No answer, or not in time.
    Silent,
    /// An error, in the server's own words.
    Refused(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token => {
                f.write_str("The server does not know this token. Check it and try again.")
            }
            Self::Throttled => {
                f.write_str("The server is asked more often than it allows. Try again in a moment.")
            }
            Self::Silent => {
                f.write_str("The server does not answer. Are you online? Try again in a moment.")
            }
            Self::Refused(message) => write!(f, "The server answers with an error: {message}"),
        }
    }
}

/// A failure, with a button to try again.
#[component]
pub fn Failed(
    /// The failure to show.
    failure: Failure,
    /// The action of the button.
    again: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <div class="failure" role="alert">
            <p>{failure.to_string()}</p>
            <button on:click=move |_| again()>"Try again"</button>
        </div>
    }
}
