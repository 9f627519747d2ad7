//! Any bytes at all are a résumé or say why not, each finding at a place of the
//! file, and what is read is a page that ends as it began.

#![no_main]

use libfuzzer_sys::fuzz_target;
use prerender::resume::{Finding, read};
use prerender::{Files, Shell, Words, write_for_paper};

fuzz_target!(|bytes: &[u8]| {
    let reading = read(bytes, None);
    assert_eq!(reading.resume.is_some(), reading.errors.is_empty());
    for Finding {
        line,
        column,
        sentence,
        ..
    } in reading.notes.iter().chain(&reading.errors)
    {
        assert!(*line > 0 && *column > 0 && !sentence.is_empty() && !sentence.contains('\n'));
    }
    let Some(resume) = reading.resume else { return };
    let words = Words {
        resume,
        ..Words::default()
    };
    let files = write_for_paper(&shell(), &words, "a4").unwrap();
    let page = str::from_utf8(&files["index.html"]).unwrap();
    assert!(page.ends_with("</main></body></html>") || page.ends_with("</footer></body></html>"));
    assert_eq!(page.matches("<h1>").count(), 1);
    // Whatever the words are, they are no scripts.
    let scripts = page.matches("<script").count();
    assert_eq!(
        scripts,
        page.matches("<script type=\"application/ld+json\">")
            .count()
    );
    assert!(!page.contains("href=\"javascript:"));
});

fn shell() -> Shell {
    let index = "<!doctype html><html><head><meta charset=utf-8></head><body></body></html>";
    let files = Files::from([("index.html".to_owned(), index.into())]);
    Shell::from_files(files).unwrap()
}
