//! One shape for what a person can do or likes: a name, how well, and what it
//! takes in.

use leptos::prelude::*;

use super::entry::List;
use crate::resume::{Interest, Skill, Spoken};

/// A skill, a language or an interest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Topic {
    name: Option<String>,
    level: Option<String>,
    keywords: Vec<String>,
}

impl From<Skill> for Topic {
    fn from(
        Skill {
            name,
            level,
            keywords,
        }: Skill,
    ) -> Self {
        Self {
            name,
            level,
            keywords,
        }
    }
}

impl From<Spoken> for Topic {
    fn from(Spoken { language, fluency }: Spoken) -> Self {
        Self {
            name: language,
            level: fluency,
            ..Self::default()
        }
    }
}

impl From<Interest> for Topic {
    fn from(
        Interest {
            name,
            keywords,
            summary,
        }: Interest,
    ) -> Self {
        Self {
            name,
            keywords,
            level: summary,
        }
    }
}

/// Topics side by side, as many as there is room for.
#[component]
pub(crate) fn Topics(
    /// The topics to show, in order.
    topics: Vec<Topic>,
) -> impl IntoView {
    topics
        .into_iter()
        .map(
            |Topic {
                 name,
                 level,
                 keywords,
             }| {
                let name = name.map(|name| view! { <h3>{name}</h3> });
                let level = level.map(|level| view! { <p class="level">{level}</p> });
                view! { <div class="topic">{name}{level}<List class="keywords" items=keywords /></div> }
            },
        )
        .collect_view()
}
