//! A section of the page. One function makes all of them, and one all tables, because
//! each view of its own is code of its own in the program.

use leptos::prelude::*;

/// A section with this heading.
pub(crate) fn section(id: &'static str, title: &'static str, content: AnyView) -> AnyView {
    view! {
        <section aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <div class="content">{content}</div>
        </section>
    }
    .into_any()
}

/// A sentence in the place of a table without rows.
pub(crate) fn nothing(sentence: &'static str) -> AnyView {
    view! { <p class="empty">{sentence}</p> }.into_any()
}

/// A table with this name, the headings of its columns, and its rows.
pub(crate) fn table(
    class: &'static str,
    name: &'static str,
    columns: Vec<String>,
    rows: Vec<AnyView>,
) -> AnyView {
    let columns = columns.into_iter();
    let columns: Vec<_> = columns
        .map(|column| view! { <th scope="col">{column}</th> }.into_any())
        .collect();
    view! {
        <table class=class aria-label=name>
            <thead><tr>{columns}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// A row: its heading, and the other cells.
pub(crate) fn row(heading: AnyView, cells: Vec<String>) -> AnyView {
    let cells = cells.into_iter();
    let cells: Vec<_> = cells
        .map(|cell| view! { <td>{cell}</td> }.into_any())
        .collect();
    view! { <tr><th scope="row">{heading}</th>{cells}</tr> }.into_any()
}
