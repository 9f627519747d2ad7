//! A page without its words, made once from what trunk stages.

use std::cell::RefCell;

use lol_html::html_content::ContentType;
use lol_html::{Settings, element, text};
use sha2::{Digest, Sha256};

use crate::document::rewrite;
use crate::{Files, PrerenderError, compress};

/// The pages without their words and what they load, compressed copies
/// included. Nothing in it depends on a résumé, on where the APIs are, or on
/// the address it will have: all its references are relative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shell(Files);

/// The page of a folder.
pub(crate) const INDEX: &str = "index.html";

/// The loader, as trunk and every browser find it.
const LOADER: &str = "script[type=module]:not([src])";

impl Shell {
    /// Makes the shell of the page in `folder` of the site, which trunk staged
    /// for the path `public_url`: its inline loader becomes a file of its own.
    ///
    /// # Errors
    /// When the page does not look like one of trunk's.
    pub fn from_trunk(
        mut files: Files,
        public_url: &str,
        folder: &str,
    ) -> Result<Self, PrerenderError> {
        let index = files
            .remove(INDEX)
            .ok_or(PrerenderError::Markup("index.html"))?;
        let index = str::from_utf8(&index).map_err(|_| PrerenderError::Markup("text in UTF-8"))?;
        let loader = relative_loader(&script(index)?, &files, public_url);
        let name = format!("boot-{}.js", fingerprint(&loader));
        let index = relative_page(index, &files, public_url, &name)?;
        files.insert(name, loader.into());
        compress::add_copies(&mut files);
        files.insert(INDEX.to_owned(), index.into());
        let prefix = folder_prefix(folder);
        let files = files
            .into_iter()
            .map(|(name, content)| (format!("{prefix}{name}"), content));
        Ok(Self(files.collect()))
    }

    /// Takes the shell of several pages from its files, as the shells of single
    /// pages were written beside each other.
    pub fn from_files(files: Files) -> Option<Self> {
        files.contains_key(INDEX).then_some(Self(files))
    }

    /// Leaves the page in `folder` of the site out.
    #[must_use]
    pub fn without(mut self, folder: &str) -> Self {
        let prefix = folder_prefix(folder);
        self.0.retain(|name, _| !name.starts_with(&prefix));
        self
    }

    /// Its files.
    pub fn files(&self) -> &Files {
        &self.0
    }

    /// Its pages, by their names.
    pub(crate) fn pages(&self) -> impl Iterator<Item = (&str, &str)> {
        let pages = self.0.iter().filter(|(name, _)| {
            let prefix = name.strip_suffix(INDEX);
            prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('/'))
        });
        pages.filter_map(|(name, page)| Some((name.as_str(), str::from_utf8(page).ok()?)))
    }
}

/// The prefix of the names of files in a folder of the site.
pub(crate) fn folder_prefix(folder: &str) -> String {
    match folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

/// The text of the one inline script that loads the program.
fn script(index: &str) -> Result<String, PrerenderError> {
    let found = RefCell::new((0, String::new()));
    let settings = Settings::new()
        .append_element_content_handler(element!(LOADER, |_| {
            found.borrow_mut().0 += 1;
            Ok(())
        }))
        .append_element_content_handler(text!(LOADER, |chunk| {
            found.borrow_mut().1.push_str(chunk.as_str());
            Ok(())
        }));
    rewrite(index, settings)?;
    match found.into_inner() {
        (1, script) => Ok(script),
        _ => Err(PrerenderError::Markup(
            "single inline script that loads the program",
        )),
    }
}

/// The loader with addresses that hold wherever it stands. The WebAssembly's
/// would be taken as relative to the page, hence it is made from the loader's.
fn relative_loader(script: &str, files: &Files, public_url: &str) -> String {
    let mut loader = script.to_owned();
    for name in files.keys() {
        let relative = if name.ends_with(".wasm") {
            format!("new URL(\"./{name}\",import.meta.url)")
        } else {
            format!("\"./{name}\"")
        };
        for quote in ['"', '\'', '`'] {
            loader = loader.replace(&format!("{quote}{public_url}{name}{quote}"), &relative);
        }
    }
    loader
}

/// The page with relative references and its loader in the file `loader`.
fn relative_page(
    index: &str,
    files: &Files,
    public_url: &str,
    loader: &str,
) -> Result<String, PrerenderError> {
    let shorten = |address: &str| {
        let name = address.strip_prefix(public_url)?;
        files.contains_key(name).then(|| name.to_owned())
    };
    let settings = Settings::new()
        .append_element_content_handler(element!("[href]", |link| {
            if let Some(name) = link.get_attribute("href").as_deref().and_then(shorten) {
                link.set_attribute("href", &name)?;
            }
            Ok(())
        }))
        .append_element_content_handler(element!(LOADER, |script| {
            script.set_attribute("src", loader)?;
            script.set_inner_content("", ContentType::Html);
            Ok(())
        }));
    let index = rewrite(index, settings)?;
    // HTML lets the tag be left out, and so do those who make pages small.
    if index.contains("<head>") {
        return Ok(index);
    }
    let charset = index
        .find("<meta charset")
        .ok_or(PrerenderError::Markup("<meta charset>"))?;
    Ok(format!("{}<head>{}", &index[..charset], &index[charset..]))
}

/// Tells one content from another, so that a changed file gets a new name.
/// SHA-256, because the name has to be the same whichever compiler built this.
fn fingerprint(content: &str) -> String {
    hex::encode(&Sha256::digest(content)[..8])
}

impl From<Shell> for Files {
    fn from(shell: Shell) -> Self {
        shell.0
    }
}
