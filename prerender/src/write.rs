//! Writes a résumé into a shell.

use leptos::prelude::*;

use crate::document::{Insert, put, put_without_program};
use crate::page::{NotFound, Page};
use crate::resume::{Image, Resume};
use crate::shell::{INDEX, Shell};
use crate::{Files, Place, PrerenderError, compress, head, html, pictures, policy};

/// What a site says: a résumé, and the pictures that stand beside its file.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The résumé.
    pub resume: Resume,
    /// The pictures that it names, by the names they are asked for with.
    pub pictures: Files,
}

/// The page for dead links.
const LOST: &str = "404.html";

/// Where a page that brings its own words names the owner's API.
const OWNER_API: &str = "%OWNER_API_BASE%";

/// The finished site: the pages of `shell` with `words` in them, for `place`,
/// and everything they load, compressed copies included.
///
/// # Errors
/// When a picture is not there, or has the name of another file.
pub fn write(shell: &Shell, words: &Words, place: &Place) -> Result<Files, PrerenderError> {
    let mut pages = Files::new();
    for (name, page) in shell.pages() {
        if name == INDEX {
            let insert = insert_of_resume(words, place)?;
            pages.insert(name.to_owned(), put(page, &insert)?.into());
            let insert = insert_of_lost_page(place);
            let lost = put_without_program(page, &insert, &place.path)?;
            pages.insert(LOST.to_owned(), lost.into());
        } else {
            let page = put(page, &insert_of_every_page(&Resume::default(), place))?;
            let page = page.replace(OWNER_API, &place.owner_api);
            pages.insert(name.to_owned(), page.into());
        }
    }
    compress::add_copies(&mut pages);
    let mut files = shell.files().clone();
    files.append(&mut pages);
    for (name, picture) in &words.pictures {
        if files.insert(name.clone(), picture.clone()).is_some() {
            return Err(PrerenderError::ImageName(name.clone()));
        }
    }
    Ok(files)
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
        Some(words) => insert_of_resume(words, place)?,
        None => Insert::default(),
    };
    let first = format!("{}{}", head::OF_EVERY_PAGE, place.meta());
    let page = put(page, &Insert { first, ..insert })?;
    Ok(page.replace(OWNER_API, &place.owner_api))
}

impl Words {
    /// Sees that the pictures are there.
    ///
    /// # Errors
    /// Names the one that is not.
    pub fn check(&self) -> Result<(), PrerenderError> {
        match &self.resume.basics.image {
            Some(Image::Local(path)) if !self.pictures.contains_key(&pictures::name(path)) => {
                Err(PrerenderError::NoImage(path.clone()))
            }
            _ => Ok(()),
        }
    }
}

fn insert_of_resume(words: &Words, place: &Place) -> Result<Insert, PrerenderError> {
    let resume = &words.resume;
    words.check()?;
    Ok(Insert {
        head: head::of_resume(resume),
        body: html(|| view! { <Page resume=resume.clone() /> }),
        ..insert_of_every_page(resume, place)
    })
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
