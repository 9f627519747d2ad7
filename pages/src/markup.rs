//! The source of a page, `index.html`: the files that it names for trunk, and
//! the page as a browser gets it.

use anyhow::{Context, Result, anyhow};
use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, doc_comments, doc_text, element, rewrite_str};

const LINK: &str = "link[data-trunk]";

/// A `<link data-trunk>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// A picture or a style sheet, by its path: the page names it.
    Asset(String),
    /// A file that is only copied.
    File(String),
    /// A folder that is only copied.
    Folder(String),
    /// The page's program.
    Program(String),
}

impl Link {
    fn new(link: &Element) -> Result<Self> {
        let attribute = |name| {
            link.get_attribute(name)
                .with_context(|| format!("index.html: a link without {name}"))
        };
        match attribute("rel")?.as_str() {
            "icon" | "css" => attribute("href").map(Self::Asset),
            "copy-file" => attribute("href").map(Self::File),
            "copy-dir" => attribute("href").map(Self::Folder),
            "rust" => attribute("data-bin").map(Self::Program),
            rel => Err(anyhow!("index.html: a link of the unknown kind {rel:?}")),
        }
    }
}

/// The links of a page, in their order.
pub(crate) fn links(index: &str) -> Result<Vec<Link>> {
    let mut links = Vec::new();
    let settings =
        RewriteStrSettings::new().append_element_content_handler(element!(LINK, |link| {
            links.push(Link::new(link)?);
            Ok(())
        }));
    rewrite_str(index, settings)?;
    Ok(links)
}

/// The last part of a path, under which the file is in the built page.
pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The page as a browser gets it, with `address` for each of its files, and
/// without comments and indentation.
pub(crate) fn page(index: &str, address: impl Fn(&str) -> Result<String>) -> Result<String> {
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!(LINK, |link| {
            match Link::new(link)? {
                Link::Asset(path) => {
                    link.set_attribute("href", &address(file_name(&path))?)?;
                    link.remove_attribute("data-trunk");
                    if link.get_attribute("rel").as_deref() == Some("css") {
                        link.set_attribute("rel", "stylesheet")?;
                    }
                }
                Link::File(_) | Link::Folder(_) => link.remove(),
                Link::Program(name) => {
                    let script = address(&format!("{name}.js"))?;
                    let program = address(&format!("{name}_bg.wasm"))?;
                    link.replace(&loader(&script, &program), ContentType::Html);
                }
            }
            Ok(())
        }))
        .append_document_content_handler(doc_comments!(|comment| {
            comment.remove();
            Ok(())
        }))
        .append_document_content_handler(doc_text!(|text| {
            if text.as_str().contains('\n') && text.as_str().trim_ascii().is_empty() {
                text.remove();
            }
            Ok(())
        }));
    Ok(rewrite_str(index, settings)?)
}

/// The script that starts the program, and hints to load its two files at once.
/// A browser may have no WebAssembly, as in Lockdown Mode: the script then puts the
/// text of the marked elements in their place. That of a `noscript` is its content,
/// and what waits for the program has none.
fn loader(script: &str, program: &str) -> String {
    format!(
        "<script type=module>import init from\"{script}\";\
         if(self.WebAssembly)await init({{module_or_path:\"{program}\"}});\
         else for(const one of document.querySelectorAll(\"[data-without-program]\"))one.outerHTML=one.textContent</script>\
         <link crossorigin href={script} rel=modulepreload>\
         <link as=fetch crossorigin href={program} rel=preload type=application/wasm>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <!-- of all pages -->
    <link data-trunk rel="css" href="../site/style.css">
    <link data-trunk rel="copy-dir" href="images">
    <link data-trunk rel="rust" data-bin="site">
  </head>
  <body>
    <p>One
      two</p>
  </body>
</html>
"#;

    #[test]
    fn the_source_names_its_files() {
        assert_eq!(
            links(SOURCE).unwrap(),
            [
                Link::Asset("../site/style.css".to_owned()),
                Link::Folder("images".to_owned()),
                Link::Program("site".to_owned()),
            ]
        );
        let unknown = r#"<link data-trunk rel="sass" href="a.scss">"#;
        assert!(links(unknown).is_err());
    }

    #[test]
    fn a_page_is_as_small_as_it_reads_the_same() {
        let page = page(SOURCE, |name| Ok(format!("/x/{name}"))).unwrap();
        assert_eq!(
            page,
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <link rel=\"stylesheet\" href=\"/x/style.css\">\
             <script type=module>import init from\"/x/site.js\";\
             if(self.WebAssembly)await init({module_or_path:\"/x/site_bg.wasm\"});\
             else for(const one of document.querySelectorAll(\"[data-without-program]\"))\
             one.outerHTML=one.textContent</script>\
             <link crossorigin href=/x/site.js rel=modulepreload>\
             <link as=fetch crossorigin href=/x/site_bg.wasm rel=preload type=application/wasm>\
             </head><body><p>One\n      two</p></body></html>"
        );
    }
}
