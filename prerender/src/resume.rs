//! A résumé in the JSON Resume schema: the only source of the page's words.
//! Reads version 1.3.1, 1.0.0 and the names of before; says what it mended and
//! what it cannot understand, all at once.
//!
//! Every property is optional, as the schema has it. What is there but blank
//! (null, an empty string, list or object) counts as absent.

mod basics;
mod date;
mod experience;
mod finding;
mod language;
mod look;
mod mend;
mod merits;
mod name;
mod own;
mod publish;
mod schema;
mod text;
mod web;

pub(crate) use basics::{Basics, Location, Profile};
pub(crate) use date::{Date, Day};
pub(crate) use experience::{Education, Project, Volunteer, Work};
pub use finding::Finding;
pub use language::Language;
pub(crate) use language::{Dates, Words};
pub(crate) use look::Rgb;
use look::{FONTS, LOOKS};
pub(crate) use merits::{
    Award, Certificate, Interest, Language as Spoken, Publication, Reference, Skill,
};
pub(crate) use own::{Own, OwnEntry};
pub(crate) use web::{Image, WebUrl, is_email};

use jsonc_parser::ast::{self, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};
use serde::Deserialize;

use finding::Findings;
use mend::{Mender, text_of};

/// The whole document.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Resume {
    pub(crate) basics: Basics,
    pub(crate) work: Vec<Work>,
    pub(crate) volunteer: Vec<Volunteer>,
    pub(crate) education: Vec<Education>,
    pub(crate) awards: Vec<Award>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) publications: Vec<Publication>,
    pub(crate) skills: Vec<Skill>,
    pub(crate) languages: Vec<Spoken>,
    pub(crate) interests: Vec<Interest>,
    pub(crate) references: Vec<Reference>,
    pub(crate) projects: Vec<Project>,
    pub(crate) own: Vec<Own>,
    pub(crate) meta: Meta,
    /// The file as it is offered beside the page.
    #[serde(skip)]
    pub(crate) published: String,
    /// The language of the page; see [`Resume::language`].
    #[serde(skip)]
    language: Language,
}

/// The document's remarks on itself and its page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Meta {
    pub(crate) canonical: Option<WebUrl>,
    pub(crate) version: Option<String>,
    pub(crate) last_modified: Option<Date>,
    pub(crate) theme: Option<String>,
    pub(crate) accent: Option<Rgb>,
    pub(crate) font: Option<String>,
    pub(crate) counter: Option<String>,
    pub(crate) order: Vec<String>,
    pub(crate) hide: Vec<String>,
}

/// The outcome of reading a file.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The résumé; none where there are errors.
    pub resume: Option<Resume>,
    /// The notes: what was understood though it is wrong, and how.
    pub notes: Vec<Finding>,
    /// The errors: what cannot be meant.
    pub errors: Vec<Finding>,
}

/// Reads a résumé from the bytes of a file. Its language is that of
/// `meta.language`, else `default`, else the one that its script suggests, else
/// English.
pub fn read(bytes: &[u8], default: Option<&Language>) -> Reading {
    let mut decoded = text::decode(bytes);
    let halves = text::mend_halves(&mut decoded.text);
    let text = decoded.text.as_str();
    let mut found = Findings::new(text);
    for half in halves {
        found.note(
            half,
            "",
            "This escape is half of a character; \"\u{fffd}\" stands for it.",
        );
    }
    if let Some(note) = decoded.note {
        found.note(0, "", note);
    }
    let Some(root) = parse(text, &mut found) else {
        return reading(None, found);
    };
    let language = language(&root, text, default, &mut found);
    let mut mender = Mender {
        found,
        months: language.months(),
        present: language.words().present,
    };
    let document = mender.resume(&root);
    let mut found = mender.found;
    match Resume::deserialize(&document) {
        Ok(mut resume) => {
            resume.language = language;
            check_names(&root, &resume, &mut found);
            resume.published = publish::published(&root, &resume);
            reading(Some(resume), found)
        }
        Err(fault) => {
            found.error(root.start(), "", fault.to_string());
            reading(None, found)
        }
    }
}

fn reading(resume: Option<Resume>, found: Findings<'_>) -> Reading {
    let Findings {
        mut notes,
        mut errors,
        ..
    } = found;
    notes.sort_by_key(|finding| (finding.line, finding.column));
    errors.sort_by_key(|finding| (finding.line, finding.column));
    Reading {
        resume: resume.filter(|_| errors.is_empty()),
        notes,
        errors,
    }
}

/// Parses JSON, and what editors and people make of it: comments, commas too
/// many or too few, single quotes.
fn parse<'t>(text: &'t str, found: &mut Findings<'t>) -> Option<ast::Object<'t>> {
    let collect = CollectOptions {
        comments: CommentCollectionStrategy::Separate,
        tokens: false,
    };
    let parsed = match parse_to_ast(text, &collect, &ParseOptions::default()) {
        Ok(parsed) => parsed,
        Err(fault) => {
            let sentence = format!(
                "This is not JSON: {}.",
                fault.kind().to_string().to_lowercase()
            );
            found.error(fault.range().start, "", sentence);
            return None;
        }
    };
    let mut comments: Vec<_> = parsed.comments.into_iter().flatten().collect();
    comments.sort_by_key(|(at, _)| *at);
    let mut said = 0;
    for comment in comments.iter().flat_map(|(_, comments)| comments.iter()) {
        // A comment is collected under its start and under its end.
        if comment.start() >= said {
            said = comment.end();
            let sentence = format!(
                "JSON has no comments; \"{}\" is left out.",
                comment.text().trim()
            );
            found.note(comment.start(), "", sentence);
        }
    }
    if comments.is_empty()
        && parsed.value.is_some()
        && let Err(fault) = serde_json::from_str::<serde::de::IgnoredAny>(text)
    {
        let (line, column) = (fault.line(), fault.column());
        let sentence = format!(
            "This is not quite JSON (line {line}, column {column}); it is understood all the same."
        );
        found.note(0, "", sentence);
    }
    match parsed.value {
        Some(Value::Object(root)) => Some(root),
        Some(other) => {
            let sentence = "A résumé is an object: it starts with \"{\".";
            found.error(other.start(), "", sentence);
            None
        }
        None => {
            found.error(0, "", "The file is empty.");
            None
        }
    }
}

/// The language of the page. Said once, where it was guessed.
fn language<'t>(
    root: &ast::Object<'t>,
    text: &str,
    default: Option<&Language>,
    found: &mut Findings<'t>,
) -> Language {
    let said = ["language", "lang", "locale"].iter().find_map(|name| {
        let meta = root.get_object("meta")?;
        Language::parse(&text_of(&meta.get(name)?.value))
    });
    if let Some(language) = said.or_else(|| default.cloned()) {
        return language;
    }
    let guessed = Language::guess(text);
    if guessed != Language::default() {
        let sentence = format!(
            "The file names no language, and its letters suggest \"{0}\". Say so: \"meta\": {{\"language\": \"{0}\"}}.",
            guessed.tag()
        );
        found.note(root.start(), "", sentence);
    }
    guessed
}

/// Says which names in `meta.order` and `meta.hide` are of no section.
fn check_names<'t>(root: &ast::Object<'t>, resume: &Resume, found: &mut Findings<'t>) {
    for (list, names) in [("order", &resume.meta.order), ("hide", &resume.meta.hide)] {
        for name in names {
            if resume.section(name).is_none() {
                let sentence = format!("There is no section \"{name}\".");
                found.note(root.start(), &format!("meta.{list}"), sentence);
            }
        }
    }
}

/// The sections of the schema, in the order an employer reads them.
const SECTIONS: [&str; 11] = [
    "work",
    "projects",
    "skills",
    "education",
    "publications",
    "certificates",
    "awards",
    "volunteer",
    "languages",
    "interests",
    "references",
];

impl Resume {
    /// The language of the page.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The portrait's path beside the file, where it is one.
    pub fn local_image(&self) -> Option<&str> {
        match &self.basics.image {
            Some(Image::Local(path)) => Some(path),
            _ => None,
        }
    }

    /// Takes the portrait out, for a page that would look for it in vain.
    pub(crate) fn drop_image(&mut self) {
        self.basics.image = None;
    }

    /// The attributes of the page's root: language, direction, look, typeface.
    pub(crate) fn root(&self) -> Vec<(&'static str, &str)> {
        let mut root = vec![
            ("lang", self.language.tag()),
            ("dir", self.language.direction()),
            ("data-look", self.look()),
        ];
        root.extend(self.meta.font.as_deref().map(|font| ("data-font", font)));
        root
    }

    /// The style that the style sheet cannot know: the accent, as far as it
    /// can be read on either paper.
    pub(crate) fn style(&self) -> Option<String> {
        let (light, dark) = self.meta.accent?.legible();
        Some(format!(
            ":root{{--accent:{light}}}@media (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}@media print{{:root{{--accent:{light}}}}}"
        ))
    }

    pub(crate) fn look(&self) -> &str {
        self.meta.theme.as_deref().unwrap_or(LOOKS[0])
    }

    /// The sections that `meta.hide` names.
    fn hidden(&self) -> Vec<&str> {
        let names = self.meta.hide.iter();
        names.filter_map(|name| self.section(name)).collect()
    }

    /// The name by which `name` is known among the sections.
    fn section(&self, name: &str) -> Option<&str> {
        let own = self.own.iter().map(|own| own.key.as_str());
        SECTIONS
            .into_iter()
            .chain(own)
            .find(|section| section.eq_ignore_ascii_case(name))
    }

    /// The names of the sections to show, in order: those of `meta.order`, then
    /// the others, without those of `meta.hide`.
    pub(crate) fn sections(&self) -> Vec<&str> {
        let first = self.meta.order.iter().filter_map(|name| self.section(name));
        let own = self.own.iter().map(|own| own.key.as_str());
        let (last, usual) = (SECTIONS[8..].iter().copied(), SECTIONS[..8].iter().copied());
        let hidden = self.hidden();
        let mut sections: Vec<&str> = Vec::new();
        for name in first.chain(usual).chain(own).chain(last) {
            if !sections.contains(&name) && !hidden.contains(&name) {
                sections.push(name);
            }
        }
        sections
    }
}
