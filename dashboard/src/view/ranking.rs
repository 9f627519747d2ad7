//! Names by number of visits, each with a line as long as its share.

use leptos::prelude::*;

use crate::words;

/// Rows that are shown at first.
const TOP: usize = 8;

/// A ranking; nothing where there is nothing to rank.
#[component]
pub(crate) fn Ranking(
    /// The section's id.
    id: &'static str,
    /// Its heading.
    title: &'static str,
    /// The column's heading.
    what: &'static str,
    /// Names and visits, those with most visits first.
    rows: Vec<(String, u64)>,
) -> impl IntoView {
    if rows.is_empty() {
        return None;
    }
    let most = rows
        .iter()
        .map(|(_, visits)| *visits)
        .max()
        .unwrap_or(0)
        .max(1);
    let more = rows.len().saturating_sub(TOP);
    let all = RwSignal::new(false);
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(index, (name, visits))| {
            let share = format!("{}%", visits as f64 * 100.0 / most as f64);
            view! {
                <tr hidden=move || (index >= TOP && !all.get()).then_some("")>
                    <th scope="row">{name}<i class="share" style:width=share></i></th>
                    <td>{words::number(visits)}</td>
                </tr>
            }
        })
        .collect_view();
    Some(view! {
        <section aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <div class="content">
                <table class="ranking" aria-labelledby=id>
                    <thead><tr><th scope="col">{what}</th><th scope="col">"Visits"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
                {(more > 0).then(|| view! {
                    <button
                        class="more"
                        aria-expanded=move || all.get().to_string()
                        on:click=move |_| all.update(|all| *all = !*all)
                    >
                        {move || if all.get() { "Show fewer".to_owned() } else { format!("Show {more} more") }}
                    </button>
                })}
            </div>
        </section>
    })
}
