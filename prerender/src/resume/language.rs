//! The language of a page: its tag, its direction, its headings, its dates.

mod script;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use icu_calendar::{Date as IcuDate, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::{M, Y, YM, YMD};
use icu_locale_core::{LanguageIdentifier, Locale};
use serde::Deserialize;

use super::Day;
use super::date::Months;

/// The headings and labels of one language. In the table they stand in this
/// order.
#[derive(Debug, Deserialize)]
pub(crate) struct Words {
    /// The name of the language in itself.
    pub(crate) name: &'static str,
    pub(crate) work: &'static str,
    pub(crate) projects: &'static str,
    pub(crate) skills: &'static str,
    pub(crate) education: &'static str,
    pub(crate) publications: &'static str,
    pub(crate) certificates: &'static str,
    pub(crate) awards: &'static str,
    pub(crate) volunteer: &'static str,
    pub(crate) languages: &'static str,
    pub(crate) interests: &'static str,
    pub(crate) references: &'static str,
    pub(crate) present: &'static str,
    pub(crate) email: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) web: &'static str,
    pub(crate) address: &'static str,
    pub(crate) profile: &'static str,
    /// The counter, where it counts views.
    pub(crate) views: &'static str,
    /// The same, where it counts each visitor once a day.
    pub(crate) daily: &'static str,
    pub(crate) skip: &'static str,
    /// With `{}` for the name.
    pub(crate) portrait: &'static str,
    pub(crate) updated: &'static str,
    pub(crate) version: &'static str,
    pub(crate) json: &'static str,
    /// The document, where it has no name.
    pub(crate) resume: &'static str,
}

static TABLE: LazyLock<BTreeMap<&'static str, Words>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("language/words.json")).expect("a test reads the table")
});

/// Languages that are written from right to left.
const RIGHT_TO_LEFT: [&str; 16] = [
    "ar", "arc", "azb", "ckb", "dv", "fa", "he", "ks", "mzn", "nqo", "pnb", "ps", "sd", "ug", "ur",
    "yi",
];

/// The same by script.
const SCRIPTS_TO_LEFT: [&str; 8] = [
    "Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa",
];

/// A language, as BCP 47 names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    id: LanguageIdentifier,
    tag: String,
}

impl Default for Language {
    fn default() -> Self {
        Self::parse("en").expect("a language tag")
    }
}

impl Language {
    /// Reads a tag such as `fr` or `pt-BR`; also the forms `pt_BR` and
    /// `pt_BR.UTF-8`, and a language's own name, such as `français`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let own_name = || {
            let lower = text.to_lowercase();
            TABLE
                .iter()
                .find(|(_, words)| words.name.to_lowercase() == lower)
                .map(|(tag, _)| *tag)
        };
        let plain = text
            .split(['.', '@'])
            .next()
            .unwrap_or_default()
            .replace('_', "-");
        let id = LanguageIdentifier::try_from_str(&plain)
            .ok()
            // Longer ones are well-formed, and no language has one.
            .filter(|id| !id.language.is_unknown() && id.language.as_str().len() <= 3)
            .or_else(|| LanguageIdentifier::try_from_str(own_name()?).ok())?;
        Some(Self {
            tag: id.to_string(),
            id,
        })
    }

    /// The language of a BCP 47 tag, and of no other text.
    pub(crate) fn from_tag(text: &str) -> Option<Self> {
        let is_tag = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        Self::parse(text).filter(|_| is_tag)
    }

    /// The language that the letters of `text` suggest; English where they are
    /// Latin, as they do not tell.
    pub(super) fn guess(text: &str) -> Self {
        script::guess(text)
            .and_then(Self::parse)
            .unwrap_or_default()
    }

    /// The tag, as it stands in `lang` and `hreflang`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// `rtl` or `ltr`, as it stands in `dir`.
    pub(crate) fn direction(&self) -> &'static str {
        let to_left = match self.id.script {
            Some(script) => SCRIPTS_TO_LEFT.contains(&script.as_str()),
            None => RIGHT_TO_LEFT.contains(&self.id.language.as_str()),
        };
        if to_left { "rtl" } else { "ltr" }
    }

    /// The comma between the parts of a list, with the space after it.
    pub(crate) fn comma(&self) -> &'static str {
        match self.key() {
            "ar" | "fa" | "ur" => "، ",
            "zh" | "zh-Hant" | "ja" => "、",
            _ => ", ",
        }
    }

    /// Tells whether the table has headings in this language.
    pub(super) fn has_words(&self) -> bool {
        TABLE.contains_key(self.key())
    }

    /// The headings in this language, or in English.
    pub(crate) fn words(&self) -> &'static Words {
        TABLE.get(self.key()).unwrap_or_else(|| &TABLE["en"])
    }

    fn key(&self) -> &str {
        let region = self.id.region.as_ref().map(|region| region.as_str());
        let script = self.id.script.as_ref().map(|script| script.as_str());
        match self.id.language.as_str() {
            "zh" | "yue"
                if script == Some("Hant")
                    || (script.is_none() && matches!(region, Some("TW" | "HK" | "MO"))) =>
            {
                "zh-Hant"
            }
            "yue" => "zh",
            "no" | "nn" => "nb",
            "iw" => "he",
            "in" => "id",
            other => other,
        }
    }

    /// The names of the months, for dates that were written as people do.
    pub(super) fn months(&self) -> Months {
        let mut names = Vec::new();
        for set in [M::long(), M::medium()] {
            if self.id.language.as_str() == "en" {
                break;
            }
            let Ok(format) = Formatter::<Gregorian, M>::try_new(self.locale().into(), set) else {
                break;
            };
            for month in 1..=12 {
                let day = IcuDate::try_new_gregorian(2000, month, 1).expect("a day");
                names.push((month, format.format(&day).to_string()));
            }
        }
        Months::with(names)
    }

    /// The formatter of this language's dates.
    pub(crate) fn dates(&self) -> Dates {
        let locale = self.locale();
        // In other languages a month of medium length is often a number.
        let (month, day) = match self.id.language.as_str() {
            "en" => (YM::medium(), YMD::medium()),
            _ => (YM::long(), YMD::long()),
        };
        let year = Y::medium();
        Dates {
            year: Formatter::try_new(locale.clone().into(), year)
                .expect("compiled data has every locale"),
            month: Formatter::try_new(locale.clone().into(), month)
                .expect("compiled data has every locale"),
            day: Formatter::try_new(locale.into(), day).expect("compiled data has every locale"),
        }
    }

    fn locale(&self) -> Locale {
        self.id.clone().into()
    }
}

/// Writes dates for readers of one language, in the calendar of the schema.
#[derive(Debug)]
pub(crate) struct Dates {
    year: Formatter<Gregorian, Y>,
    month: Formatter<Gregorian, YM>,
    day: Formatter<Gregorian, YMD>,
}

impl Dates {
    /// The date with all of its parts.
    pub(crate) fn day(&self, date: Day) -> String {
        match (date.month, date.day) {
            (Some(month), Some(day)) => self.day.format(&icu(date.year, month, day)).to_string(),
            _ => self.month(date),
        }
    }

    /// The date without its day: periods are read in months.
    pub(crate) fn month(&self, date: Day) -> String {
        match date.month {
            Some(month) => self.month.format(&icu(date.year, month, 1)).to_string(),
            None => self.year.format(&icu(date.year, 1, 1)).to_string(),
        }
    }
}

fn icu(year: u16, month: u8, day: u8) -> IcuDate<Gregorian> {
    IcuDate::try_new_gregorian(year.into(), month, day).expect("a day is one of the calendar")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_table_has_all_its_words() {
        assert!(TABLE.len() >= 20);
        for (tag, words) in TABLE.iter() {
            let language = Language::parse(tag).unwrap();
            assert!(std::ptr::eq(language.words(), words), "{tag}");
            assert!(words.portrait.contains("{}"), "{tag}");
            let all = format!("{words:?}");
            assert!(!all.contains("\"\""), "{tag}: {all}");
        }
        let to_left = TABLE
            .keys()
            .filter(|tag| Language::parse(tag).unwrap().direction() == "rtl");
        assert!(to_left.count() >= 3);
    }

    #[test]
    fn a_language_is_found_by_its_tag_and_its_own_name() {
        for (text, tag) in [
            ("fr", "fr"),
            ("pt_BR", "pt-BR"),
            ("de_DE.UTF-8", "de-DE"),
            ("Français", "fr"),
            ("ZH-hant-tw", "zh-Hant-TW"),
        ] {
            assert_eq!(Language::parse(text).unwrap().tag(), tag);
        }
        for text in ["", "klingonisch", "x", "12"] {
            assert_eq!(Language::parse(text), None, "{text}");
        }
    }

    #[test]
    fn dates_are_written_as_the_language_does() {
        let day = Day {
            year: 2021,
            month: Some(3),
            day: Some(9),
        };
        for (tag, month, whole) in [
            ("en-GB", "Mar 2021", "9 Mar 2021"),
            ("en-US", "Mar 2021", "Mar 9, 2021"),
            ("de", "März 2021", "9. März 2021"),
            ("fr", "mars 2021", "9 mars 2021"),
            ("ja", "2021年3月", "2021年3月9日"),
            ("ar-EG", "مارس ٢٠٢١", "٩ مارس ٢٠٢١"),
        ] {
            let dates = Language::parse(tag).unwrap().dates();
            assert_eq!(
                (dates.month(day), dates.day(day)),
                (month.to_owned(), whole.to_owned()),
                "{tag}"
            );
        }
    }
}
