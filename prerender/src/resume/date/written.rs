//! Dates as people write them: `03/2020`, `Jan 2020`, `15.3.2020`, with a time,
//! `Present`.

use super::Day;

/// The meaning of a text in the place of a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::resume) enum Written {
    /// A date in the form it should have.
    Exact(Day),
    /// A date in another form.
    Other(Day),
    /// The end is open.
    Open,
    /// Numbers that look like a date that no calendar has.
    Impossible,
    /// Day and month, in an order that cannot be told.
    Ambiguous,
    /// Words.
    Words,
}

/// Words for an open end in many languages, beside those of the table of words.
const OPEN: &[&str] = &[
    "present",
    "now",
    "current",
    "currently",
    "today",
    "ongoing",
    "on going",
    "to date",
    "till now",
    "till date",
    "till present",
    "until now",
    "to present",
    "to now",
    "in progress",
    "current position",
    "still",
    "-",
    "–",
    "—",
    "…",
    "...",
    "heute",
    "aktuell",
    "bis heute",
    "laufend",
    "jetzt",
    "derzeit",
    "présent",
    "aujourd'hui",
    "aujourd’hui",
    "actuel",
    "actuellement",
    "en cours",
    "à ce jour",
    "maintenant",
    "actualidad",
    "actual",
    "actualmente",
    "presente",
    "hoy",
    "la actualidad",
    "hasta la fecha",
    "en curso",
    "atual",
    "atualmente",
    "até o momento",
    "o momento",
    "até hoje",
    "atualidade",
    "hoje",
    "oggi",
    "attuale",
    "in corso",
    "attualmente",
    "ad oggi",
    "adesso",
    "heden",
    "nu",
    "vandaag",
    "tot heden",
    "nuvarande",
    "pågående",
    "idag",
    "i dag",
    "nå",
    "nåværende",
    "nuværende",
    "nykyinen",
    "nyt",
    "tällä hetkellä",
    "obecnie",
    "teraz",
    "do teraz",
    "současnost",
    "dosud",
    "nyní",
    "súčasnosť",
    "jelenleg",
    "jelen",
    "prezent",
    "în prezent",
    "по настоящее время",
    "настоящее время",
    "н.в.",
    "н. в.",
    "наст. время",
    "сейчас",
    "по сей день",
    "зараз",
    "дотепер",
    "теперішній час",
    "по теперішній час",
    "sekarang",
    "saat ini",
    "hiện tại",
    "hiện nay",
    "nay",
    "şimdi",
    "halen",
    "günümüz",
    "devam ediyor",
    "至今",
    "现在",
    "目前",
    "迄今",
    "現在",
    "現在まで",
    "在職中",
    "至現在",
    "현재",
    "재직중",
    "재직 중",
    "الآن",
    "حتى الآن",
    "حاليا",
    "حالياً",
    "الحاضر",
    "اكنون",
    "اکنون",
    "تاکنون",
    "تا کنون",
    "היום",
    "כיום",
    "עד היום",
    "موجودہ",
    "वर्तमान",
    "अब तक",
    "σήμερα",
    "παρόν",
    "ปัจจุบัน",
    "actualitat",
    "gaur egun",
    "dabar",
    "praegu",
    "tagad",
    "danas",
    "trenutno",
    "сада",
    "сегодня",
    "настояще",
    "понастоящем",
    "núna",
    "láithreach",
];

/// The names of the months in English and in the résumé's own language.
#[derive(Clone, Debug, Default)]
pub(in crate::resume) struct Months {
    /// Each month's names, in lower case.
    names: Vec<(u8, String)>,
}

const ENGLISH: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Months {
    /// The months of English, and `own`: pairs of a month and its name.
    pub(in crate::resume) fn with(own: impl IntoIterator<Item = (u8, String)>) -> Self {
        let english = (1..).zip(ENGLISH.map(str::to_owned));
        let own = own
            .into_iter()
            .map(|(month, name)| (month, name.to_lowercase().trim_end_matches('.').to_owned()));
        Self {
            names: english.chain(own).collect(),
        }
    }

    fn find(&self, word: &str) -> Option<u8> {
        let exact = self.names.iter().find(|(_, name)| name == word);
        // Three letters tell the months of English apart.
        let short = || {
            (word.chars().count() >= 3)
                .then(|| self.names.iter().find(|(_, name)| name.starts_with(word)))
                .flatten()
        };
        exact.or_else(short).map(|(month, _)| *month)
    }
}

impl Written {
    /// Reads `text`. `present` is the word for an open end in the résumé's
    /// language.
    pub(in crate::resume) fn read(text: &str, months: &Months, present: &str) -> Self {
        let text = text.trim();
        if let Some(day) = Day::parse(text) {
            return Self::Exact(day);
        }
        let lower = text.to_lowercase();
        let bare = lower.trim_matches(|c| matches!(c, '(' | ')' | '.')).trim();
        if bare == present.to_lowercase() || OPEN.contains(&bare) || OPEN.contains(&&*lower) {
            return Self::Open;
        }
        let date = without_time(&lower);
        let parts: Vec<&str> = date
            .split(|c: char| c.is_whitespace() || "/.,-–年月日년월일".contains(c))
            .filter(|part| !part.is_empty() && !matches!(*part, "de" | "of" | "del" | "г"))
            .collect();
        if parts.len() > 3 {
            return Self::Words;
        }
        let numbers: Option<Vec<Number>> = parts.iter().map(|part| Number::read(part)).collect();
        match numbers {
            Some(numbers) => from_numbers(&numbers, &date),
            None => from_words(&parts, months),
        }
    }
}

/// A number, and how many digits it was written with.
#[derive(Clone, Copy, Debug)]
struct Number {
    value: u16,
    digits: usize,
}

impl Number {
    fn read(part: &str) -> Option<Self> {
        let day = ["st", "nd", "rd", "th", "º", "ª"]
            .iter()
            .find_map(|end| part.strip_suffix(end))
            .unwrap_or(part);
        let value: String = day
            .chars()
            .map(|c| ascii_digit(c).ok_or(()))
            .collect::<Result<_, _>>()
            .ok()?;
        (value.len() <= 4).then_some(Self {
            value: value.parse().ok()?,
            digits: value.len(),
        })
    }

    fn is_year(self) -> bool {
        self.digits == 4
    }
}

/// The digit as ASCII has it, from Arabic's and Persian's as well.
fn ascii_digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6F0}'..='\u{6F9}' => 0x6F0,
        '\u{966}'..='\u{96F}' => 0x966,
        '\u{FF10}'..='\u{FF19}' => 0xFF10,
        _ => return None,
    };
    char::from_digit(c as u32 - zero, 10)
}

fn from_numbers(numbers: &[Number], text: &str) -> Written {
    match numbers {
        [year] if year.is_year() => dated(year.value, None, None),
        [year, month] if year.is_year() && !month.is_year() => {
            dated(year.value, Some(*month), None)
        }
        [month, year] if year.is_year() && !month.is_year() => {
            dated(year.value, Some(*month), None)
        }
        [year, month, day] if year.is_year() && !day.is_year() => {
            dated(year.value, Some(*month), Some(*day))
        }
        // Where dots stand between the numbers, the day comes first.
        [day, month, year] if year.is_year() && text.contains('.') => {
            dated(year.value, Some(*month), Some(*day))
        }
        [one, two, year] if year.is_year() => match (one.value, two.value) {
            (1..=12, 13..) => dated(year.value, Some(*one), Some(*two)),
            (13.., 1..=12) => dated(year.value, Some(*two), Some(*one)),
            (one_value, two_value) if one_value == two_value => {
                dated(year.value, Some(*one), Some(*two))
            }
            (1..=12, 1..=12) => Written::Ambiguous,
            _ => Written::Impossible,
        },
        _ => Written::Words,
    }
}

fn from_words(parts: &[&str], months: &Months) -> Written {
    let month = |part: &str| {
        months.find(part).map(|month| Number {
            value: month.into(),
            digits: 2,
        })
    };
    let numbers: Vec<Number> = parts.iter().filter_map(|part| Number::read(part)).collect();
    let mut named = parts.iter().filter_map(|part| month(part));
    let (Some(month), None) = (named.next(), named.next()) else {
        return Written::Words;
    };
    match numbers[..] {
        [year] if parts.len() == 2 && year.is_year() => dated(year.value, Some(month), None),
        [day, year] | [year, day] if parts.len() == 3 && year.is_year() && !day.is_year() => {
            dated(year.value, Some(month), Some(day))
        }
        _ => Written::Words,
    }
}

fn dated(year: u16, month: Option<Number>, day: Option<Number>) -> Written {
    let small = |number: Number| u8::try_from(number.value).unwrap_or(u8::MAX);
    Day::new(year, month.map(small), day.map(small)).map_or(Written::Impossible, Written::Other)
}

/// The part before a time: `2020-01-01T00:00:00Z`, `2020-01-01 00:00`.
fn without_time(text: &str) -> String {
    let is_time = |rest: &str| {
        rest.split_once(':').is_some_and(|(hours, _)| {
            (1..=2).contains(&hours.len()) && hours.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    text.char_indices()
        .filter(|(_, c)| matches!(c, 't' | ' '))
        .find(|(at, _)| is_time(&text[at + 1..]))
        .map_or(text, |(at, _)| &text[..at])
        .to_owned()
}
