//! One shape for what a person can do or likes: a name, how well, and what it
//! takes in.

use leptos::prelude::*;

use super::entry::List;
use crate::resume::{Interest, Language, Skill};

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

impl From<Language> for Topic {
    fn from(Language { language, fluency }: Language) -> Self {
        Self {
            name: language,
            level: fluency,
            ..Self::default()
        }
    }
}

impl From<Interest> for Topic {
    fn from(Interest { name, keywords }: Interest) -> Self {
        Self {
            name,
            keywords,
            ..Self::default()
        }
    }
}

/// Topics side by side, as many as there is room for.
#[component]
pub(crate) fn Topics(
    /// What to show, in order.
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
                view! { <div class="topic">{name}{level}<List class="tags" items=keywords /></div> }
            },
        )
        .collect_view()
}
