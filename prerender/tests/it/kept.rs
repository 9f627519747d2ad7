//! Nothing that stands in a file is lost in silence: each of its texts is on the
//! page, in a note or in an error.

use std::fs;
use std::path::Path;

use percent_encoding::percent_decode_str;
use prerender::resume::read;
use prerender::{Words, write_for_paper};
use serde_json::{Map, Value, json};

use crate::shell::shell;

/// The texts and numbers of `document` that are nowhere to be seen. None where it
/// is refused, as there is no page then.
fn lost(document: &Value) -> Option<Vec<String>> {
    let reading = read(document.to_string().as_bytes(), None);
    let Some(resume) = reading.resume else {
        assert!(!reading.errors.is_empty(), "{document}");
        return None;
    };
    let picture = resume.local_image().map(str::to_owned);
    let words = Words {
        resume,
        pictures: picture
            .map(|name| (name, "a picture".into()))
            .into_iter()
            .collect(),
        ..Words::default()
    };
    let files = write_for_paper(&shell(), &words, "a4").unwrap();
    let page = String::from_utf8(files["index.html"].to_vec()).unwrap();
    let (head, body) = page.split_once("<body>").unwrap();
    let said = reading.notes.iter().map(ToString::to_string);
    let style: String = files
        .iter()
        .filter(|(name, _)| name.starts_with("accent-"))
        .map(|(_, style)| String::from_utf8_lossy(style).into_owned())
        .collect();
    let seen = [
        letters(&decoded(&without_tags(body))),
        letters(&decoded(body)),
        letters(head.split_once('>').unwrap().1.split('>').next().unwrap()),
        letters(&said.collect::<Vec<_>>().join("\n")),
        letters(&style),
    ]
    .join("\n");
    let is_lost = |text: &String| {
        // Marks of Markdown part what stands together in the file.
        let marks = |c: char| "*_`[]()<>~#!\"\n".contains(c);
        // The number of an item is the mark of its list.
        let text = decoded(text).replace("1. ", "");
        // Of a moment the page shows the day.
        let text = match text.split_once('T') {
            Some((day, time)) if day.len() == 10 && time.contains(':') => day.to_owned(),
            _ => text,
        };
        // A link says where it leads without its scheme.
        let text = text.strip_prefix("https://").unwrap_or(&text);
        !seen.contains(&letters(text))
            && text.split(marks).any(|part| !seen.contains(&letters(part)))
    };
    Some(texts(document).into_iter().filter(is_lost).collect())
}

/// The texts and the numbers inside a value.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| *name != "$schema")
            .flat_map(|(_, value)| texts(value))
            .collect(),
        Value::Null | Value::Bool(_) => Vec::new(),
    }
}

/// A text without what is set in another way on a page.
fn letters(text: &str) -> String {
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    let letters = decoded.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn decoded(html: &str) -> String {
    html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

fn without_tags(html: &str) -> String {
    let parts = html.split('<');
    let texts = parts.map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    texts.collect()
}

#[test]
fn every_text_of_every_fixture_is_on_the_page_or_in_a_note() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tried = 0;
    for folder in ["tests/resumes", "../e2e/resumes"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let document = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            assert_eq!(lost(&document), Some(Vec::new()), "{}", path.display());
            tried += 1;
        }
    }
    assert!(tried >= 15, "{tried}");
}

#[test]
fn no_text_is_lost_wherever_it_stands() {
    let mut chance = Chance(7);
    let mut shown = 0;
    for _ in 0..400 {
        let document = chance.document();
        let Some(lost) = lost(&document) else {
            continue;
        };
        assert!(lost.is_empty(), "{lost:?} of {document:#}");
        shown += 1;
    }
    assert!(shown > 200, "{shown}");
}

/// Numbers that are the same in every run, by Knuth's MMIX generator.
struct Chance(u64);

const SECTIONS: [&str; 22] = [
    "basics",
    "work",
    "volunteer",
    "education",
    "awards",
    "certificates",
    "publications",
    "skills",
    "languages",
    "interests",
    "references",
    "projects",
    "courses",
    "patents",
    "sideProjects",
    "employment",
    "sections",
    "contact",
    "summary",
    "name",
    "experience",
    "training",
];

const NAMES: [&str; 48] = [
    "name",
    "label",
    "image",
    "email",
    "phone",
    "url",
    "summary",
    "location",
    "profiles",
    "address",
    "city",
    "countryCode",
    "network",
    "username",
    "position",
    "startDate",
    "endDate",
    "highlights",
    "keywords",
    "company",
    "website",
    "description",
    "institution",
    "area",
    "studyType",
    "score",
    "courses",
    "title",
    "date",
    "awarder",
    "issuer",
    "publisher",
    "releaseDate",
    "level",
    "language",
    "fluency",
    "reference",
    "roles",
    "entity",
    "type",
    "items",
    "history",
    "text",
    "id",
    "picture",
    "tags",
    "value",
    "flavour",
];

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn document(&mut self) -> Value {
        let sections = (0..1 + self.below(4)).map(|_| {
            let name = SECTIONS[self.below(SECTIONS.len())];
            (name.to_owned(), self.value(3))
        });
        sections.collect::<Map<_, _>>().into()
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 10 } else { 16 }) {
            0..=5 => self.text().into(),
            6 => json!(1_000_000 + self.below(8_999_999)),
            7 => json!(self.below(2) == 0),
            8 => Value::Null,
            9 => json!(""),
            10..=12 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => (0..self.below(6))
                .map(|_| {
                    (
                        NAMES[self.below(NAMES.len())].to_owned(),
                        self.value(depth - 1),
                    )
                })
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    /// A text that no other value has.
    fn text(&mut self) -> String {
        let word = format!("q{}x", 100_000_000 + self.below(899_999_999));
        match self.below(14) {
            0 => format!("{word}.example.com/a?b=c"),
            1 => format!("https://{word}.example.com/%C3%BC"),
            2 => format!("{word}@example.com"),
            3 => format!("**{word}** and `code`"),
            4 => format!("[{word}]: https://example.com/{word}"),
            5 => format!("[a](https://example.com/{word} \"b{word}\")"),
            6 => format!("```{word}\ncode\n```"),
            7 => format!("<b>{word}</b> &amp; <!-- c{word} -->"),
            8 => format!("- {word}\n- e{word}\n\n![f{word}](g{word}.png)"),
            9 => format!("{word}, h{word}; i{word}"),
            10 => format!("| {word} | j{word} |\n|---|---|\n| k | l |"),
            11 => format!("# {word}\n\n> m{word}\n\n1. n{word}"),
            _ => word,
        }
    }
}
