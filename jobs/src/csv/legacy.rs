//! Guesses the encoding of text that is not Unicode by its letters. Each sign counts,
//! since a short file has few.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1250, WINDOWS_1252};

use super::encoding::{Charset, Reading};

/// The most bytes that are looked at, from the first line on that is not UTF-8.
pub(super) const SAMPLE_BYTES: usize = 64 * 1024;

/// An encoding from before Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Legacy {
    /// One that browsers read.
    Web(&'static Encoding),
    /// CP850: Excel's "CSV (MS-DOS)", and consoles of Windows.
    Dos,
}

/// The signs of CP850 beyond ASCII, from 0x80 on.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The letters beyond ASCII of the languages that are written in Windows-1252, and
/// likewise in Mac Roman and CP850.
const WESTERN: [&str; 8] = [
    "àâæçèéêëîïôœùûüÿ",
    "äöüß",
    "áéíñóúü",
    "àáâãçéêíóôõúü",
    "àèéìòù",
    "äåéö",
    "æøåéö",
    "àçèéíïòóúü",
];

/// The same for Windows-1250.
const CENTRAL: [&str; 6] = [
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "čćđšž",
    "ăâîşţ",
];

/// Icelandic, which counts only beside one of its vowels: in Windows-1254, the bytes of its
/// other letters are Turkish.
const ICELANDIC: (&str, [char; 6]) = ("áðéíóúýþæö", ['á', 'é', 'í', 'ó', 'ú', 'æ']);

/// Signs that stand beside words in any language.
const SIGNS: &str = "’‘“”„–—…«»€°•§·\u{a0}´²³ªº¿¡©®™£";

/// The worth of a sign that no language has.
const FAULT: i64 = -4;

/// Guesses the encoding of the lines of `sample` that are not UTF-8. The detector of a
/// browser proposes one; another that fits the letters better takes its place, since the
/// detector knows neither Mac Roman nor CP850, and needs more than a few letters.
pub(super) fn detect(sample: &[u8]) -> Legacy {
    let lines = sample.split_inclusive(|byte| matches!(byte, b'\r' | b'\n'));
    let lines: Vec<u8> = lines
        .filter(|line| Charset::Unknown.reading(line) == Ok(Reading::Legacy))
        .flatten()
        .copied()
        .collect();
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&lines, true);
    let proposed = Legacy::Web(detector.guess(None, Utf8Detection::Deny));
    let western = Legacy::Web(WINDOWS_1252);
    let mac = Legacy::Web(MACINTOSH);
    let mut candidates = match proposed == Legacy::Web(WINDOWS_1250) {
        true => vec![proposed, western],
        false => vec![western, proposed],
    };
    if proposed == western {
        candidates.push(Legacy::Web(WINDOWS_1250));
    }
    // Excel ends lines in the way of the system whose encoding it writes.
    match (sample.contains(&b'\r'), sample.contains(&b'\n')) {
        (true, false) => candidates.insert(0, mac),
        (true, true) => candidates.extend([Legacy::Dos, mac]),
        _ => candidates.extend([mac, Legacy::Dos]),
    }
    let scores = candidates.into_iter().map(|legacy| {
        let score = legacy.score(&lines);
        (legacy, score)
    });
    // Of several that are as good, the first: mostly Windows-1252.
    let best = scores.reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map_or(western, |(legacy, _)| legacy)
}

impl Legacy {
    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Web(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Self::Dos => bytes.iter().map(|byte| cp850(*byte)).collect(),
        }
    }

    /// Its name in a report.
    pub(super) fn name(self) -> String {
        match self {
            Self::Web(encoding) if encoding == MACINTOSH => "Mac Roman".to_owned(),
            Self::Web(encoding) => encoding.name().replace("windows-", "Windows-"),
            Self::Dos => "CP850".to_owned(),
        }
    }

    /// Counts three for each sign that one language has, or two for each that one of them
    /// has, less the faults. An encoding of another alphabet counts two for each sign, so
    /// it stays unless one language has nearly all of them.
    fn score(self, text: &[u8]) -> i64 {
        let languages: &[&str] = match self {
            Self::Web(encoding) if encoding == WINDOWS_1250 => &CENTRAL,
            Self::Web(encoding) if encoding != WINDOWS_1252 && encoding != MACINTOSH => {
                let signs = text.iter().filter(|byte| !byte.is_ascii()).count();
                return i64::try_from(2 * signs).unwrap_or(i64::MAX);
            }
            _ => &WESTERN,
        };
        let text = self.decode(text);
        let one = languages.iter().map(|language| sum(&text, language, 3));
        let several = sum(&text, &languages.concat(), 2);
        let best = one.max().unwrap_or(several).max(several);
        let (icelandic, vowels) = ICELANDIC;
        match self == Self::Web(WINDOWS_1252) && text.contains(vowels) {
            true => best.max(sum(&text, icelandic, 3)),
            false => best,
        }
    }
}

fn cp850(byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(n) => CP850.chars().nth(n.into()).unwrap_or('\u{fffd}'),
    }
}

/// Adds up the worth of all signs of a text in a language of these letters.
fn sum(text: &str, letters: &str, worth: i64) -> i64 {
    // The sign is the third.
    let mut around = [' '; 6];
    let mut in_a_row = 0;
    let mut is_quoted = false;
    let mut sum = 0;
    for next in text.chars().chain([' '; 3]) {
        around.rotate_left(1);
        around[5] = next;
        let char = around[2];
        in_a_row = if char.is_ascii() { 0 } else { in_a_row + 1 };
        if in_a_row == 0 {
            continue;
        }
        let is_letter = char.to_lowercase().all(|char| letters.contains(char));
        sum += match is_letter {
            // Words without any letter of ASCII are of other alphabets.
            true if in_a_row > 2 => FAULT,
            // Nothing else has an œ there.
            true if is_ligature(around) => worth + 1,
            true if stands_well(around) => worth,
            true if stands_alone(around) => 2,
            false if is_at_home(around, is_quoted) => 3,
            false if is_sign(around) => 2,
            _ => FAULT,
        };
        is_quoted = char == '“' || (is_quoted && char != '”');
    }
    sum
}

/// Returns true for the œ of œuvre, cœur, bœuf, sœur and nœud.
fn is_ligature([_, _, char, after, _, _]: [char; 6]) -> bool {
    matches!((char, after), ('œ', 'u') | ('Œ', 'u' | 'U'))
}

/// Returns true for a letter that may stand between those around it: it is no capital
/// inside of a word, and no small letter before one.
fn stands_well([_, before, char, after, last, _]: [char; 6]) -> bool {
    let touches = before.is_alphabetic() || after.is_alphabetic();
    let is_inside = before.is_lowercase() || (before.is_alphabetic() && after.is_lowercase());
    let is_mixed = match char.is_uppercase() {
        true => is_inside || (after.is_uppercase() && last.is_lowercase()),
        false => after.is_uppercase(),
    };
    let is_usual = match char {
        // As in œil, œdème, œstrogène and œnologue.
        'œ' | 'Œ' => "uidsnftUIDSNFT".contains(after),
        'ë' | 'ï' | 'ÿ' => before.is_alphabetic(),
        _ => true,
    };
    touches && !is_mixed && is_usual
}

/// Returns true for a letter that is a word.
fn stands_alone([_, before, char, after, _, _]: [char; 6]) -> bool {
    "àÀéÉèÈ".contains(char) && !before.is_alphabetic() && !after.is_alphabetic()
}

/// Returns true for a sign that stands beside a word, or may stand inside of one.
fn is_sign([_, before, char, after, _, _]: [char; 6]) -> bool {
    let is_inside = before.is_alphabetic() && after.is_alphabetic();
    SIGNS.contains(char) && (!is_inside || matches!(char, '’' | '·' | '\u{a0}'))
}

/// Returns true for a sign in a place where only this one is usual: an apostrophe,
/// quotation marks around words, nº, and Brand®.
fn is_at_home(around: [char; 6], is_quoted: bool) -> bool {
    let [_, before, char, after, _, _] = around;
    let starts = !before.is_alphabetic() && after.is_alphabetic();
    let ends = before.is_alphanumeric() && !after.is_alphabetic();
    match char {
        '’' if ends => matches!(before, 's' | 'S'),
        '’' => before.is_alphabetic() && is_apostrophe(around),
        '“' | '‘' | '„' => starts,
        '”' => ends && is_quoted,
        'º' => ends && (matches!(before, 'n' | 'N') || before.is_numeric()),
        '®' | '™' => ends,
        _ => false,
    }
}

/// Returns true between letters as in Lloyd’s, we’ll, O’Brien, l’eau, qu’il and aujourd’hui.
fn is_apostrophe([first, before, _, after, last, beyond]: [char; 6]) -> bool {
    let is_short = "stdmSTDM".contains(after) && !last.is_alphabetic();
    let is_long = matches!((after, last), ('l', 'l') | ('r' | 'v', 'e')) && !beyond.is_alphabetic();
    let is_name = before.is_uppercase() && after.is_uppercase();
    let is_elided = match before {
        'u' => first == 'q' || first == 'Q',
        _ => !first.is_alphabetic() && "ldnjsmtcLDNJSMTC".contains(before),
    };
    let is_vowel = "aeiouyhéèêàâîôœAEIOUYHÉÈÊÀÂÎÔŒ".contains(after);
    is_short || is_long || is_name || (is_elided && is_vowel) || (before, after) == ('d', 'h')
}
