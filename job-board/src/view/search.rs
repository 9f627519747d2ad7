//! The form for the filter.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlFormElement, HtmlSelectElement};

use crate::board::Board;
use crate::filter::Filter;
use crate::known::Known;

/// City, keyword and contract type.
#[component]
pub(crate) fn Search(
    /// The board to search.
    board: Board,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(form) = event.target() {
            board.search(Filter::from_form(form.unchecked_ref::<HtmlFormElement>()));
        }
    };
    let any = move || board.filter.with(|filter| filter.contract_type.is_empty());
    view! {
        <form class="controls" role="search" on:submit=submit>
            {field(board, "city", "City", |filter| &filter.city, |known| &known.cities)}
            {field(board, "keyword", "Keyword", |filter| &filter.keyword, |known| &known.keywords)}
            <div class="field">
                <label for="contract_type">"Contract type"</label>
                <select id="contract_type" name="contract_type" on:change:target=move |event| submit_form(&event.target())>
                    <option value="" prop:selected=any>"Any"</option>
                    <For
                        each=move || board.known.with(|known| known.contract_types.clone())
                        key=String::clone
                        let:one
                    >
                        {option(board, one)}
                    </For>
                </select>
            </div>
            <div class="actions">
                <button class="primary">"Search"</button>
                <button type="button" on:click=move |_| board.search(Filter::default())>"Clear"</button>
            </div>
            <p id="search-hint" class="hint">
                "City and keyword have to be written exactly as in the offer; those seen so far are suggested."
            </p>
        </form>
    }
}

/// Submits the form when a choice was made.
fn submit_form(choice: &HtmlSelectElement) {
    if let Some(form) = choice.form() {
        let _ = form.request_submit();
    }
}

/// A text field that suggests known values.
fn field(
    board: Board,
    name: &'static str,
    label: &'static str,
    value: fn(&Filter) -> &String,
    known: fn(&Known) -> &Vec<String>,
) -> impl IntoView {
    let list = format!("{name}-known");
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type="search"
                list=list.clone()
                autocomplete="off"
                spellcheck="false"
                aria-describedby="search-hint"
                prop:value=move || board.filter.with(|filter| value(filter).clone())
            />
            <datalist id=list>
                <For each=move || board.known.with(|all| known(all).clone()) key=String::clone let:one>
                    <option value=one></option>
                </For>
            </datalist>
        </div>
    }
}

fn option(board: Board, name: String) -> impl IntoView {
    let value = name.clone();
    let chosen = move || board.filter.with(|filter| filter.contract_type == name);
    view! { <option value=value.clone() prop:selected=chosen>{value.clone()}</option> }
}
