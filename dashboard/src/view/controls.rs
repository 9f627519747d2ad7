//! The choice of a property and a period.

use leptos::prelude::*;

use crate::period::Period;
use crate::session::Session;

/// The property and the period that the owner looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) property: String,
    pub(crate) period: Period,
}

/// The form for the choice, and the buttons beside it.
#[component]
pub(crate) fn Controls(
    /// The session that a button ends.
    session: Session,
    /// The present choice.
    choice: RwSignal<Choice>,
    /// The properties to choose from.
    properties: RwSignal<Vec<String>>,
    /// Loads the numbers anew.
    again: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let periods = Period::ALL.map(|period| {
        view! {
            <label>
                <input
                    type="radio"
                    name="period"
                    prop:checked=move || choice.with(|choice| choice.period == period)
                    on:change=move |_| choice.update(|choice| choice.period = period)
                />
                <span>{period.label()}</span>
            </label>
        }
    });
    view! {
        <div class="controls">
            <div class="field">
                <label for="property">"Property"</label>
                <select
                    id="property"
                    on:change:target=move |event| {
                        choice.update(|choice| choice.property = event.target().value());
                    }
                >
                    {move || {
                        let properties = properties.get().into_iter();
                        properties.map(|property| option(choice, property)).collect_view()
                    }}
                </select>
            </div>
            <fieldset>
                <legend>"Period"</legend>
                <div class="choices">{periods}</div>
            </fieldset>
            <div class="actions">
                <button on:click=move |_| again()>"Refresh"</button>
                <button on:click=move |_| session.close(None)>"Forget token"</button>
            </div>
        </div>
    }
}

fn option(choice: RwSignal<Choice>, property: String) -> impl IntoView {
    let name = property.clone();
    let chosen = move || choice.with(|choice| choice.property == name);
    view! { <option dir="auto" value=property.clone() prop:selected=chosen>{property.clone()}</option> }
}
