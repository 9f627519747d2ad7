//! An offer. Anyone may have written its words, so they are only ever text, and
//! its address is a link only if it leads to the web.

use leptos::prelude::*;
use shared::jobs::JobOffer;
use web_sys::Url;

/// An entry of the list; fields that the offer lacks are left out.
#[component]
pub(crate) fn Offer(
    /// The offer.
    offer: JobOffer,
) -> impl IntoView {
    let title = match offer.title.is_empty() {
        true => "An offer without a title".to_owned(),
        false => offer.title,
    };
    let title = match web_address(&offer.url) {
        Some(url) => {
            view! { <a href=url.clone() rel="noopener nofollow" data-paper=url>{title}</a> }
                .into_any()
        }
        None => title.into_any(),
    };
    let [company, city] = [offer.company_name, offer.city]
        .map(|name| (!name.is_empty()).then(|| view! { <span dir="auto">{name}</span> }));
    let date = offer.created_date;
    let facts = [
        ("Contract type", offer.contract_type),
        ("Experience", offer.user_experience),
        ("Sector", offer.company_sector),
        ("Keyword", offer.keyword),
        ("Found at", offer.provider),
    ]
    .map(|(name, value)| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd dir="auto">{value}</dd></div> })
    });
    view! {
        <li>
            <article tabindex="-1">
                <header>
                    <h3 dir="auto">{title}</h3>
                    {(!date.is_empty()).then(|| view! { <p class="when">{date}</p> })}
                    <p class="byline">{company} " " {city}</p>
                </header>
                <dl class="facts">{facts}</dl>
            </article>
        </li>
    }
}

/// The address as the browser reads it, if it leads to the web: one that begins
/// with `javascript:` is a program, in any spelling.
fn web_address(text: &str) -> Option<String> {
    let url = Url::new(text).ok()?;
    matches!(&*url.protocol(), "http:" | "https:").then(|| url.href())
}
