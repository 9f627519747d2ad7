//! The places of an HTML page where something can be put in.

use lol_html::html_content::ContentType;
use lol_html::{LocalHandlerTypes, Settings, element, rewrite_str};

use crate::PrerenderError;

/// The parts that a build puts into a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Insert {
    /// Attributes of the root, in place of its own of the same names.
    pub(crate) root: Vec<(&'static str, String)>,
    /// Put before the references of the shell, for a page in another folder.
    pub(crate) up: String,
    /// Elements before everything that loads something, since a content
    /// security policy does not hold for what comes before it.
    pub(crate) first: String,
    /// Elements at the end of the head.
    pub(crate) head: String,
    /// Elements at the start of the body.
    pub(crate) body: String,
}

/// The elements that load a page's program.
const PROGRAM: &str = "script[src], link[rel=modulepreload], link[rel=preload]";

/// The page with `insert` in its places.
pub(crate) fn put(page: &str, insert: &Insert) -> Result<String, PrerenderError> {
    rewrite(page, places(insert))
}

/// The page likewise, without its program, for an address that nobody knows:
/// its references start from `path`.
pub(crate) fn put_without_program(
    page: &str,
    insert: &Insert,
    path: &str,
) -> Result<String, PrerenderError> {
    let settings = places(insert)
        .append_element_content_handler(element!(PROGRAM, |element| {
            element.remove();
            Ok(())
        }))
        .append_element_content_handler(element!("link[href]", |link| {
            if let Some(name) = link.get_attribute("href") {
                link.set_attribute("href", &format!("{path}{name}"))?;
            }
            Ok(())
        }));
    rewrite(page, settings)
}

fn places<'a>(insert: &'a Insert) -> Settings<'a, 'a> {
    Settings::new()
        .append_element_content_handler(element!("html", |root| {
            for (name, value) in &insert.root {
                root.set_attribute(name, value)?;
            }
            Ok(())
        }))
        .append_element_content_handler(element!("[href], [src]", |element| {
            for name in ["href", "src"] {
                if let Some(reference) = element.get_attribute(name)
                    && !insert.up.is_empty()
                {
                    element.set_attribute(name, &format!("{}{reference}", insert.up))?;
                }
            }
            Ok(())
        }))
        .append_element_content_handler(element!("meta[charset]", |charset| {
            charset.after(&insert.first, ContentType::Html);
            Ok(())
        }))
        .append_element_content_handler(element!("head", |head| {
            head.append(&insert.head, ContentType::Html);
            Ok(())
        }))
        .append_element_content_handler(element!("body", |body| {
            body.prepend(&insert.body, ContentType::Html);
            Ok(())
        }))
}

pub(crate) fn rewrite(
    page: &str,
    settings: Settings<'_, '_, LocalHandlerTypes>,
) -> Result<String, PrerenderError> {
    rewrite_str(page, settings).map_err(|_| PrerenderError::Markup("plain markup"))
}
