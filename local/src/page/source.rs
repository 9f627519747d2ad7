//! Where the résumé comes from, and what it says.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use prerender::resume::Resume;
use prerender::{Files, Words, pictures};

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
                words: Resume::parse(SAMPLE).ok().map(|resume| Words {
                    resume,
                    pictures: Files::from([(SAMPLE_PICTURE.0.to_owned(), SAMPLE_PICTURE.1.into())]),
                }),
                ..Reading::default()
            },
        }
    }
}

fn read_file(file: &Path) -> Reading {
    let mut reading = Reading {
        files: vec![file.to_owned()],
        ..Reading::default()
    };
    let mut read = || -> Result<Words, Finding> {
        let json = fs::read_to_string(file).map_err(|error| Finding::error(file, error))?;
        let resume = Resume::parse(&json).map_err(|error| Finding::error(file, error))?;
        let folder = folder_of(file);
        let paths = pictures::paths(folder, &resume);
        reading
            .files
            .extend(paths.into_iter().map(|(_, path)| path));
        let pictures =
            pictures::read(folder, &resume).map_err(|error| Finding::error(file, error))?;
        Ok(Words { resume, pictures })
    };
    match read() {
        Ok(words) => reading.words = Some(words),
        Err(finding) => reading.findings.push(finding),
    }
    reading
}

/// The folder that a file is in.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
