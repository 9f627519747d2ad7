//! An offer. Its words are from anywhere, so they are only ever text, and its
//! address is a link only where it leads to the web.

use leptos::prelude::*;
use shared::jobs::JobOffer;
use web_sys::Url;

/// An entry of the list; what the offer does not say is left out.
#[component]
pub(crate) fn Offer(
    /// Which one.
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

/// The address as the browser understands it, where it leads to the web: what
/// begins with `javascript:` is a program, however it is written.
fn web_address(text: &str) -> Option<String> {
    let url = Url::new(text).ok()?;
    matches!(&*url.protocol(), "http:" | "https:").then(|| url.href())
}
