//! The language that letters suggest.

/// The language of the script that most letters of `text` are of; none where
/// that is Latin, or there are few letters.
pub(super) fn guess(text: &str) -> Option<&'static str> {
    let mut latin = 0;
    let mut counts = [0_usize; SCRIPTS.len()];
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => latin += 1,
            _ => {
                let script = SCRIPTS
                    .iter()
                    .position(|(_, first, last)| (*first..=*last).contains(&c));
                if let Some(script) = script {
                    counts[script] += 1;
                }
            }
        }
    }
    let count = |tag: &str| -> usize {
        SCRIPTS
            .iter()
            .zip(counts)
            .filter(|((one, ..), _)| *one == tag)
            .map(|(_, count)| count)
            .sum()
    };
    let (tag, most) = SCRIPTS
        .iter()
        .map(|(tag, ..)| (*tag, count(tag)))
        .max_by_key(|(_, count)| *count)?;
    // The names of the properties are Latin, and so are those of products; a
    // sign of Han says as much as some letters.
    let weight = if matches!(tag, "zh" | "ja" | "ko") {
        6
    } else {
        2
    };
    if most < 4 || most * weight < latin {
        return None;
    }
    let has = |letters: &str| text.contains(|c| letters.contains(c));
    Some(match tag {
        "zh" if count("ja") * 20 > most => "ja",
        "ru" if has("іїєґІЇЄҐ") => "uk",
        "ar" if has("ٹڈڑںے") => "ur",
        "ar" if has("پچژگ") => "fa",
        other => other,
    })
}

/// Scripts by the language that most often uses them, and their characters.
const SCRIPTS: [(&str, char, char); 14] = [
    ("el", '\u{370}', '\u{3FF}'),
    ("ru", '\u{400}', '\u{52F}'),
    ("hy", '\u{530}', '\u{58F}'),
    ("he", '\u{590}', '\u{5FF}'),
    ("ar", '\u{600}', '\u{6FF}'),
    ("hi", '\u{900}', '\u{97F}'),
    ("bn", '\u{980}', '\u{9FF}'),
    ("ta", '\u{B80}', '\u{BFF}'),
    ("th", '\u{E00}', '\u{E7F}'),
    ("ka", '\u{10A0}', '\u{10FF}'),
    ("ja", '\u{3040}', '\u{30FF}'),
    ("zh", '\u{3400}', '\u{9FFF}'),
    ("ko", '\u{AC00}', '\u{D7A3}'),
    ("am", '\u{1200}', '\u{137F}'),
];
