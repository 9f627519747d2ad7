//! Writes a résumé into a shell.

use std::collections::BTreeMap;

use bytes::Bytes;
use leptos::prelude::*;
use sha2::{Digest, Sha256};

use crate::document::{Insert, put, put_without_program};
use crate::page::{NotFound, Page, Variant};
use crate::resume::Resume;
use crate::shell::{INDEX, Shell};
use crate::{Files, Place, PrerenderError, compress, head, html, pictures, policy, sitemap};

/// The words of a site: a résumé, its translations, and the pictures that stand
/// beside its file.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The résumé, at the site's own address.
    pub resume: Resume,
    /// The same in other languages, each under the name of its folder, such as
    /// `fr`.
    pub translations: Vec<(String, Resume)>,
    /// The pictures that they name, by the names they are asked for with.
    pub pictures: Files,
    /// PDFs of the page and of its translations, by their folders; the page's
    /// own is the empty one. A page that has one offers it, and its JSON.
    pub pdfs: BTreeMap<String, Bytes>,
}

/// The page for dead links.
const LOST: &str = "404.html";

/// A résumé's other forms, beside its page.
pub(crate) const PDF: &str = "resume.pdf";
pub(crate) const JSON: &str = "resume.json";

/// The policy of a page that is printed: no script of it runs.
const ON_PAPER: &str = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">";

/// The loader of a release, for a browser without WebAssembly. Trunk's own
/// loader, which a page under development has, does not.
const WITHOUT_PROGRAM: &str = "<script>self.WebAssembly||addEventListener(\"DOMContentLoaded\",()=>{\
    for(const one of document.querySelectorAll(\"[data-without-program]\"))one.outerHTML=one.textContent})</script>";
/// The counter for pages of any site.
const COUNTER_NAME: &str = "counter.js";
const COUNTER: &str = include_str!("counter.js");
/// The placeholder in it for the address of the counter's API.
const API: &str = "%API_BASE%";

/// The placeholder for the owner's API in a page that brings its own words.
const OWNER_API: &str = "%OWNER_API_BASE%";

/// The finished site: the pages of `shell` with `words` in them, for `place`,
/// and everything they load, compressed copies included. A picture that is not
/// there is left out.
///
/// # Errors
/// When a picture or a translation has the name of another file.
pub fn write(shell: &Shell, words: &Words, place: &Place) -> Result<Files, PrerenderError> {
    let mut pages = Files::new();
    for (name, page) in shell.pages() {
        if name == INDEX {
            for variant in words.variants(place) {
                let name = format!("{}{INDEX}", variant.folder);
                if let Some(pdf) = variant.pdf {
                    let (pdf, json) = (pdf.clone(), variant.resume.published.clone());
                    pages.insert(format!("{}{PDF}", variant.folder), pdf);
                    pages.insert(format!("{}{JSON}", variant.folder), json.into());
                }
                let insert = insert_of_resume(&variant, words, place);
                pages.insert(name, put(page, &insert)?.into());
                if let Some((name, style)) = accent(variant.resume) {
                    pages.insert(name, style.into());
                }
            }
            let insert = insert_of_lost_page(place);
            let lost = put_without_program(page, &insert, &place.path)?;
            pages.insert(LOST.to_owned(), lost.into());
        } else {
            let folder = name.strip_suffix(INDEX).unwrap_or_default();
            let insert = Insert {
                head: head::of_page_at(place.base_url.as_ref(), folder),
                ..insert_of_every_page(&Resume::default(), place)
            };
            let page = put(page, &insert)?;
            let page = page.replace(OWNER_API, &place.owner_api);
            pages.insert(name.to_owned(), page.into());
        }
    }
    let addresses: Vec<_> = words
        .variants(place)
        .iter()
        .filter_map(|one| one.address.clone())
        .collect();
    if !addresses.is_empty() {
        pages.insert(sitemap::NAME.to_owned(), sitemap::write(&addresses).into());
    }
    let counter = COUNTER.replace(API, &place.api);
    pages.insert(COUNTER_NAME.to_owned(), counter.into());
    compress::add_copies(&mut pages);
    let mut files = shell.files().clone();
    if let Some(folder) = words
        .translations
        .iter()
        .map(|(folder, _)| folder)
        .find(|folder| {
            let prefix = format!("{folder}/");
            files.keys().any(|name| name.starts_with(&prefix))
        })
    {
        return Err(PrerenderError::Folder(folder.clone()));
    }
    files.append(&mut pages);
    for (name, picture) in &words.pictures {
        if files.insert(name.clone(), picture.clone()).is_some() {
            return Err(PrerenderError::ImageName(name.clone()));
        }
    }
    Ok(files)
}

/// The pages of the résumé alone, as they are printed on paper of a `size` that
/// CSS names: without a program, and with all they load.
///
/// # Errors
/// As [`write`].
pub fn write_for_paper(shell: &Shell, words: &Words, size: &str) -> Result<Files, PrerenderError> {
    let is_style = |name: &&String| name.ends_with(".css");
    let styles = shell.files().iter().filter(|(name, _)| is_style(name));
    let mut files: Files = styles
        .map(|(name, style)| (name.clone(), style.clone()))
        .collect();
    files.append(&mut words.pictures.clone());
    let place = Place::default();
    let mut pages = shell.pages();
    let Some((_, page)) = pages.find(|(name, _)| *name == INDEX) else {
        return Err(PrerenderError::Markup(INDEX));
    };
    for variant in words.variants(&place) {
        let insert = Insert {
            first: format!("{ON_PAPER}<style>@page{{size:{size}}}</style>"),
            ..insert_of_resume(&variant, words, &place)
        };
        let name = format!("{}{INDEX}", variant.folder);
        files.insert(name, put_without_program(page, &insert, "")?.into());
        if let Some((name, style)) = accent(variant.resume) {
            files.insert(name, style.into());
        }
    }
    Ok(files)
}

impl Words {
    /// The pages of the résumé, each with what it is told of the others.
    fn variants<'a>(&'a self, place: &Place) -> Vec<Variant<'a>> {
        let first = [("", &self.resume)];
        let others = self
            .translations
            .iter()
            .map(|(folder, resume)| (folder.as_str(), resume));
        let all: Vec<_> = first.into_iter().chain(others).collect();
        let address = |folder: &str| place.base_url.as_ref()?.join(&path(folder)).ok();
        let variant = |(folder, resume): &(&str, &'a Resume)| Variant {
            folder: path(folder),
            resume,
            address: address(folder),
            pdf: self.pdfs.get(*folder),
            others: all
                .iter()
                .filter(|_| all.len() > 1)
                .map(|(other, resume)| (resume.language().clone(), path(other), address(other)))
                .collect(),
        };
        all.iter().map(variant).collect()
    }

    /// The picture that `resume` names and that is not there.
    pub fn missing_picture<'a>(&self, resume: &'a Resume) -> Option<&'a str> {
        let path = resume.local_image()?;
        (!self.pictures.contains_key(&pictures::name(path))).then_some(path)
    }
}

/// A folder's path from the site's own.
fn path(folder: &str) -> String {
    match folder {
        "" => String::new(),
        folder => format!("{folder}/"),
    }
}

/// A page under development: without a policy, which would stop the scripts
/// that reload it, and with words where it is the résumé's.
///
/// # Errors
/// As [`write`].
pub(crate) fn write_draft(
    page: &str,
    words: Option<&Words>,
    place: &Place,
) -> Result<String, PrerenderError> {
    let insert = match words {
        Some(words) => insert_of_resume(&words.variants(place)[0], words, place),
        None => Insert::default(),
    };
    let first = format!("{}{WITHOUT_PROGRAM}{}", head::OF_EVERY_PAGE, place.meta());
    let page = put(page, &Insert { first, ..insert })?;
    Ok(page.replace(OWNER_API, &place.owner_api))
}

fn insert_of_resume(variant: &Variant<'_>, words: &Words, place: &Place) -> Insert {
    let mut resume = variant.resume.clone();
    if words.missing_picture(&resume).is_some() {
        resume.drop_image();
    }
    let root = resume.root().into_iter();
    let root = root.map(|(name, value)| (name, value.to_owned())).collect();
    let up = if variant.folder.is_empty() { "" } else { "../" };
    let mut head = head::of_resume(&resume, variant);
    if let Some((name, _)) = accent(&resume) {
        head += &format!("<link rel=stylesheet href=\"{up}{name}\">");
    }
    let every = insert_of_every_page(&resume, place);
    Insert {
        root,
        up: up.to_owned(),
        head,
        body: html(|| view! { <Page resume=resume variant=variant.clone() /> }),
        ..every
    }
}

/// The style of a résumé with an accent of its own, as a file: the policy allows
/// none inside the page.
fn accent(resume: &Resume) -> Option<(String, String)> {
    let style = resume.style()?;
    let name = format!("accent-{}.css", hex::encode(&Sha256::digest(&style)[..8]));
    Some((name, style))
}

fn insert_of_lost_page(place: &Place) -> Insert {
    Insert {
        head: head::of_lost_page(),
        body: html(|| view! { <NotFound home=place.path.clone() /> }),
        ..insert_of_every_page(&Resume::default(), place)
    }
}

fn insert_of_every_page(resume: &Resume, place: &Place) -> Insert {
    let policy = policy::of_page(resume, place);
    Insert {
        first: format!(
            "{}<meta http-equiv=Content-Security-Policy content=\"{policy}\">{}",
            head::OF_EVERY_PAGE,
            place.meta()
        ),
        ..Insert::default()
    }
}
