//! Running text: paragraphs, lists and the inline Markdown of the writer.

use std::borrow::Cow;

use leptos::prelude::*;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

use crate::resume::WebUrl;

/// A text of one or more paragraphs.
#[component]
pub(crate) fn Paragraphs(
    /// The text, in Markdown.
    text: String,
) -> impl IntoView {
    view! { <div class="prose" inner_html=blocks(&text)></div> }
}

/// Paragraphs and lists as HTML. A line end in the text is one on the page, as
/// those who do not write Markdown expect.
pub(crate) fn blocks(text: &str) -> String {
    let text = without_definitions(text);
    let events = safe(&text).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        other => other,
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page.trim_end().to_owned()
}

/// One paragraph's inside as HTML.
pub(crate) fn inline(text: &str) -> String {
    // A sentence that starts like a list or a heading is one all the same.
    let mut page = String::new();
    let line = format!("\u{200B}{}", text.replace('\n', " "));
    let events = safe(&line).filter(|event| {
        !matches!(
            event,
            Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph)
        )
    });
    html::push_html(&mut page, events);
    page.trim_start_matches('\u{200B}').trim_end().to_owned()
}

/// The words without their marks, for those who show text alone.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for event in safe(&without_definitions(text)) {
        match event {
            Event::Text(text) | Event::Code(text) => plain.push_str(&text),
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item) => plain.push(' '),
            _ => {}
        }
    }
    plain.trim().to_owned()
}

/// The events of a text of which only what is known to be harmless is markup:
/// paragraphs, lists, emphasis, code and links to the web or to a mailbox. All
/// else, HTML included, is text as it was written.
fn safe(text: &str) -> impl Iterator<Item = Event<'_>> {
    let mut open_links = Vec::new();
    Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH)
        .into_offset_iter()
        .flat_map(move |(event, range)| -> Vec<Event<'_>> {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => vec![Event::Text(html)],
                Event::Start(Tag::HtmlBlock) => vec![Event::Start(Tag::Paragraph)],
                Event::End(TagEnd::HtmlBlock) => vec![Event::End(TagEnd::Paragraph)],
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    ..
                }) => {
                    let start = link(&dest_url, link_type, &title);
                    open_links.push(start.is_some());
                    match start {
                        Some(start) => vec![Event::InlineHtml(start.into())],
                        None => vec![Event::Text("[".into())],
                    }
                }
                Event::End(TagEnd::Link) => match open_links.pop() {
                    Some(true) => vec![Event::InlineHtml("</a>".into())],
                    _ => vec![Event::Text(rest_of_link(&text[range]))],
                },
                // A picture of elsewhere would tell others who reads this.
                Event::Start(Tag::Image { .. }) => vec![Event::Text("![".into())],
                Event::End(TagEnd::Image) => vec![Event::Text(rest_of_link(&text[range]))],
                // The language of a block of code is a word of the file as well.
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    let mut events = vec![Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))];
                    if !language.is_empty() {
                        events.extend([Event::Text(language), Event::Text("\n".into())]);
                    }
                    events
                }
                // Headings of the writer's would break the page's outline.
                Event::Start(Tag::Heading { .. }) => {
                    vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)]
                }
                Event::End(TagEnd::Heading(_)) => {
                    vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)]
                }
                other => vec![other],
            }
        })
}

/// A text in which no line defines what links elsewhere refer to, since the
/// definition itself would not be shown.
fn without_definitions(text: &str) -> Cow<'_, str> {
    let defines = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
        line.starts_with('[') && line.contains("]:")
    };
    if !text.lines().any(defines) {
        return text.into();
    }
    let lines = text.split('\n').map(|line| match defines(line) {
        true => line.replacen('[', "\\[", 1),
        false => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n").into()
}

/// The end of a link's own text, from the bracket on.
fn rest_of_link(source: &str) -> CowStr<'_> {
    source
        .rfind("](")
        .map_or("]".into(), |at| source[at..].into())
}

/// The start of a link, where it leads to the web or to a mailbox.
fn link(target: &str, kind: LinkType, title: &str) -> Option<String> {
    let target = match kind {
        LinkType::Email => format!("mailto:{target}"),
        _ => target.to_owned(),
    };
    let title = match title {
        "" => String::new(),
        title => format!(" title=\"{}\"", escape(title)),
    };
    let is_mail = target.starts_with("mailto:") && !target.contains(['"', '<', '>']);
    if is_mail {
        return Some(format!("<a href=\"{}\"{title}>", escape(&target)));
    }
    let url = WebUrl::parse(&target)?;
    Some(format!(
        "<a href=\"{}\" rel=\"noopener\" data-paper=\"{}\"{title}>",
        escape(url.as_str()),
        escape(&url.short()),
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}
