//! The hook that trunk runs after every build of a page: it keeps the page's shell, for
//! the program that carries it, and finishes what is staged.

use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::files::{at, read_folder, write_folder};
use crate::resume::{self, Language, Resume};
use crate::shell::folder_prefix;
use crate::write::write_draft;
use crate::{Files, Place, PrerenderError, Shell, Words, pictures, translations, write};

/// The folders and the purpose of one build by trunk.
#[derive(Clone, Debug)]
pub struct Build {
    /// The folder of the sources, with `resume.json` where the page is the
    /// résumé's.
    pub source: PathBuf,
    /// The folder trunk stages the page in, with its `index.html`.
    pub staging: PathBuf,
    /// The path the page is served under, with a slash at its end.
    pub public_url: String,
    /// The purpose, which decides how far the page is finished.
    pub purpose: Purpose,
    /// The addresses of the site and of its APIs.
    pub place: Place,
    /// The folder of the shells.
    pub shells: PathBuf,
    /// The page's folder in the site, such as `jobs`; empty for the résumé's.
    pub folder: String,
}

/// The purpose of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Work on the page: trunk adds a script of its own that reloads it, which
    /// a strict policy would stop.
    Development,
    /// Visitors: with a content security policy, and compressed.
    Release,
}

impl Build {
    /// Reads what trunk tells its hooks, and where the APIs are.
    ///
    /// # Errors
    /// Names the variable that is missing: then trunk is not the caller.
    pub fn from_env(folder: String) -> Result<Self, PrerenderError> {
        let var = |name| env::var_os(name).ok_or(PrerenderError::NotUnderTrunk(name));
        let source = PathBuf::from(var("TRUNK_SOURCE_DIR")?);
        let public_url = var("TRUNK_PUBLIC_URL")?.to_string_lossy().into_owned();
        Ok(Self {
            staging: var("TRUNK_STAGING_DIR")?.into(),
            purpose: match var("TRUNK_PROFILE")?.to_str() {
                Some("release") => Purpose::Release,
                _ => Purpose::Development,
            },
            place: Place::from_env()?.under(&public_url),
            shells: source.join("../shells"),
            source,
            public_url,
            folder,
        })
    }
}

/// Turns the staged folder into the finished page, and keeps its shell if it is
/// a release.
///
/// # Errors
/// The first thing that is wrong; the staged folder is then of no use.
pub fn finish(build: &Build) -> Result<(), PrerenderError> {
    let words = words(&build.source)?;
    let staged = read_folder(&build.staging)?;
    if build.purpose == Purpose::Development {
        return finish_draft(build, &staged, words.as_ref());
    }
    let shell = Shell::from_trunk(staged, &build.public_url, &build.folder)?;
    keep(build, shell.files())?;
    let files = write(&shell, &words.unwrap_or_default(), &build.place)?;
    let prefix = folder_prefix(&build.folder);
    let files = files
        .into_iter()
        .filter_map(|(name, content)| Some((name.strip_prefix(&prefix)?.to_owned(), content)))
        .collect();
    Ok(write_folder(&build.staging, &files)?)
}

/// The words for the page in `source`; none if it brings its own.
fn words(source: &Path) -> Result<Option<Words>, PrerenderError> {
    let path = source.join("resume.json");
    if !path.exists() {
        return Ok(None);
    }
    let resume = read_resume(&path, None)?;
    let mut words = Words {
        pictures: pictures::read(source, &resume)?,
        resume,
        ..Words::default()
    };
    for translation in translations(&path) {
        let resume = read_resume(&translation.path, Some(&translation.language))?;
        words.pictures.append(&mut pictures::read(source, &resume)?);
        words.translations.push((translation.folder, resume));
    }
    for resume in
        std::iter::once(&words.resume).chain(words.translations.iter().map(|(_, one)| one))
    {
        if let Some(path) = words.missing_picture(resume) {
            eprintln!(
                "note: basics.image: there is no file {path} beside the résumé, so the page has no picture"
            );
        }
    }
    Ok(Some(words))
}

/// Reads a résumé, and tells whoever builds what was mended in it.
fn read_resume(path: &Path, language: Option<&Language>) -> Result<Resume, PrerenderError> {
    let bytes = fs::read(path).map_err(|cause| at(path, cause))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let reading = resume::read(&bytes, language);
    for note in &reading.notes {
        eprintln!("note: {name}: {note}");
    }
    reading
        .resume
        .ok_or_else(|| PrerenderError::Resume(name.into_owned(), reading.errors))
}

fn finish_draft(
    build: &Build,
    staged: &Files,
    words: Option<&Words>,
) -> Result<(), PrerenderError> {
    let page = staged
        .get("index.html")
        .and_then(|page| str::from_utf8(page).ok())
        .ok_or(PrerenderError::Markup("text"))?;
    let page = write_draft(page, words, &build.place)?;
    let mut files = words.map_or_else(Files::new, |words| words.pictures.clone());
    files.insert("index.html".to_owned(), page.into());
    Ok(write_folder(&build.staging, &files)?)
}

/// Keeps the files of a shell among those of the other pages, in the place of
/// those of an earlier build.
fn keep(build: &Build, shell: &Files) -> Result<(), PrerenderError> {
    let folder = build.shells.join(&build.folder);
    if let Ok(entries) = fs::read_dir(&folder) {
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_file() {
                fs::remove_file(&path).map_err(|cause| at(&path, cause))?;
            }
        }
    }
    Ok(write_folder(&build.shells, shell)?)
}
