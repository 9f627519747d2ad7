//! The résumé's file, and its words.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use prerender::resume::{self, Language, Resume};
use prerender::{Files, Words, pictures, translations};

use super::finding::{Finding, Kind};

/// The file's name wherever it is not named.
pub(crate) const FILE: &str = "resume.json";

const SAMPLE: &str = include_str!("../../../site/resume.json");
const SAMPLE_PICTURE: (&str, &[u8]) = (
    "images/portrait.png",
    include_bytes!("../../../site/images/portrait.png"),
);

/// A résumé, before it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A file, and what stands beside it.
    File(PathBuf),
    /// The one that the program carries.
    Sample,
}

/// Says which it is.
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{}", file.display()),
            Self::Sample => {
                f.write_str("a sample (`resume-counter new` writes a resume.json of your own)")
            }
        }
    }
}

/// The outcome of reading one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// The words of the page; none if there are errors.
    pub(crate) words: Option<Words>,
    /// The findings in the file.
    pub(crate) findings: Vec<Finding>,
    /// The paths where the pictures are, or ought to be.
    pub(crate) pictures: Vec<PathBuf>,
}

impl Source {
    /// The file that is named, else the one of this folder, else that of the
    /// data folder, else the sample.
    pub(crate) fn find(named: Option<&Path>, data_dir: Option<&Path>) -> Self {
        if let Some(named) = named {
            return Self::File(if named.is_dir() {
                named.join(FILE)
            } else {
                named.to_owned()
            });
        }
        let here = PathBuf::from(FILE);
        let kept = data_dir.map(|folder| folder.join(FILE));
        [Some(here), kept]
            .into_iter()
            .flatten()
            .find(|file| file.is_file())
            .map_or(Self::Sample, Self::File)
    }

    /// Reads the résumé, its translations and their pictures. It is in `language`
    /// where it names none.
    pub(crate) fn read(&self, language: Option<&Language>) -> Reading {
        match self {
            Self::File(file) => read_files(file, language),
            Self::Sample => {
                let mut reading = Reading::default();
                let sample = Path::new("the sample");
                let resume = reading.take(sample, SAMPLE.as_bytes(), None);
                let picture = (SAMPLE_PICTURE.0.to_owned(), SAMPLE_PICTURE.1.into());
                reading.words = resume.map(|resume| Words {
                    resume,
                    pictures: Files::from([picture]),
                    ..Words::default()
                });
                reading
            }
        }
    }

    /// The files that the résumé consists of now, but for pictures.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::File(file) => std::iter::once(file.clone())
                .chain(translations(file).into_iter().map(|one| one.path))
                .collect(),
            Self::Sample => Vec::new(),
        }
    }
}

fn read_files(file: &Path, language: Option<&Language>) -> Reading {
    let mut reading = Reading::default();
    let mut words = Words::default();
    if let Some(resume) = reading.read(file, language) {
        reading.add_pictures(file, &resume, &mut words);
        words.resume = resume;
    }
    for translation in translations(file) {
        let path = &translation.path;
        if let Some(resume) = reading.read(path, Some(&translation.language)) {
            reading.add_pictures(path, &resume, &mut words);
            words.translations.push((translation.folder, resume));
        }
    }
    let has_errors = reading
        .findings
        .iter()
        .any(|finding| finding.kind == Kind::Error);
    reading.words = Some(words).filter(|_| !has_errors);
    reading
}

impl Reading {
    /// The résumé in a file; none where it has errors.
    fn read(&mut self, file: &Path, language: Option<&Language>) -> Option<Resume> {
        match fs::read(file) {
            Ok(bytes) => self.take(file, &bytes, language),
            Err(error) => {
                self.findings.push(Finding::error(file, error));
                None
            }
        }
    }

    fn take(&mut self, file: &Path, bytes: &[u8], language: Option<&Language>) -> Option<Resume> {
        let resume::Reading {
            resume,
            notes,
            errors,
        } = resume::read(bytes, language);
        for (kind, found) in [(Kind::Error, errors), (Kind::Note, notes)] {
            let found = found.iter().map(|one| Finding::new(kind, file, one));
            self.findings.extend(found);
        }
        resume
    }

    /// Adds the pictures that `resume`, which is in `file`, names.
    fn add_pictures(&mut self, file: &Path, resume: &Resume, words: &mut Words) {
        let folder = folder_of(file);
        let paths = pictures::paths(folder, resume);
        self.pictures
            .extend(paths.into_iter().map(|(_, path)| path));
        match pictures::read(folder, resume) {
            Ok(mut pictures) => words.pictures.append(&mut pictures),
            Err(error) => self.findings.push(Finding::error(file, error)),
        }
        if let Some(path) = words.missing_picture(resume) {
            let sentence = format!(
                "basics.image: there is no file {path} beside the résumé, so the page has no picture"
            );
            self.findings.push(Finding {
                kind: Kind::Note,
                ..Finding::error(file, sentence)
            });
        }
    }
}

/// The folder that a file is in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
