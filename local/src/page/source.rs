//! Where the résumé comes from, and what it says.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use prerender::resume::{Language, Resume, read};
use prerender::{Files, Words, pictures, translations};

use super::finding::Finding;

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

/// What came of reading one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// What the page is to say; nothing where there are errors.
    pub(crate) words: Option<Words>,
    /// What there is to say of the file.
    pub(crate) findings: Vec<Finding>,
    /// The files that it consists of, whether they are there or not.
    pub(crate) files: Vec<PathBuf>,
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

    /// Reads the résumé and its pictures.
    pub(crate) fn read(&self) -> Reading {
        match self {
            Self::File(file) => read_file(file),
            Self::Sample => Reading {
                words: read(SAMPLE.as_bytes(), None).resume.map(|resume| Words {
                    resume,
                    translations: Vec::new(),
                    pictures: Files::from([(SAMPLE_PICTURE.0.to_owned(), SAMPLE_PICTURE.1.into())]),
                }),
                ..Reading::default()
            },
        }
    }
}

fn read_file(file: &Path) -> Reading {
    let mut reading = Reading::default();
    let mut words = Words::default();
    let first = reading.resume(file, None, &mut words.pictures);
    let others: Vec<_> = translations(file)
        .into_iter()
        .map(|one| {
            let resume = reading.resume(&one.path, Some(&one.language), &mut words.pictures);
            resume.map(|resume| (one.folder, resume))
        })
        .collect();
    let (Some(first), Some(others)) = (first, others.into_iter().collect()) else {
        return reading;
    };
    (words.resume, words.translations) = (first, others);
    reading.words = Some(words);
    reading
}

impl Reading {
    /// Reads one file and its pictures; nothing where it has errors.
    fn resume(
        &mut self,
        file: &Path,
        language: Option<&Language>,
        pictures: &mut Files,
    ) -> Option<Resume> {
        self.files.push(file.to_owned());
        let bytes = fs::read(file).map_err(|error| Finding::error(file, error));
        let bytes = self.keep(bytes)?;
        let read = read(&bytes, language);
        self.findings.extend(Finding::of_resume(file, &read));
        let resume = read.resume?;
        let folder = folder_of(file);
        for (name, path) in pictures::paths(folder, &resume) {
            if !path.exists() {
                self.findings.push(Finding::no_picture(file, &name));
            }
            self.files.push(path);
        }
        let found = pictures::read(folder, &resume).map_err(|error| Finding::error(file, error));
        pictures.append(&mut self.keep(found)?);
        Some(resume)
    }

    fn keep<T>(&mut self, result: Result<T, Finding>) -> Option<T> {
        result.map_err(|finding| self.findings.push(finding)).ok()
    }
}

/// The folder that a file is in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
