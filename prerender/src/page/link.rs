//! Links, written so that they can be followed from paper as well.

use leptos::prelude::*;

use crate::resume::WebUrl;

/// A link out of the site. `data-paper` is the address the print style writes
/// after the text; it is left out where the text is the address.
#[component]
pub(crate) fn Link(
    /// The address of the target.
    url: WebUrl,
    /// The text of the link.
    #[prop(into)]
    text: String,
    /// The relation of the target to this page, such as `me`.
    #[prop(optional)]
    rel: Option<&'static str>,
) -> impl IntoView {
    let rel = rel.map_or("noopener".to_owned(), |rel| format!("{rel} noopener"));
    let paper = (text != url.short()).then(|| url.short());
    view! { <a href=url.as_str().to_owned() rel=rel data-paper=paper>{text}</a> }
}

/// `text`, as a link where there is somewhere to go.
#[component]
pub(crate) fn MaybeLink(
    /// The address of the target, if there is one.
    url: Option<WebUrl>,
    /// The text of the link.
    text: String,
) -> impl IntoView {
    match url {
        Some(url) => view! { <Link url text /> }.into_any(),
        None => text.into_any(),
    }
}
