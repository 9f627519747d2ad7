//! The words on the page: their language, their Markdown, their links, their
//! order, their look.

use prerender::resume::read;
use prerender::{Place, Words, translations, write, write_for_paper};

use crate::page::{Site, assert_has};
use crate::shell::shell;

/// The page of a résumé of this text.
fn page_of(resume: &str) -> String {
    Site::new(resume).unwrap().read("index.html")
}

#[test]
fn the_language_sets_direction_headings_and_dates() {
    let page = page_of(
        r#"{"meta": {"language": "ar"}, "work": [{"name": "شركة", "startDate": "2021-03"}]}"#,
    );
    assert_has(
        &page,
        &[
            "<html lang=\"ar\" dir=\"rtl\" data-look=\"classic\">",
            ">الخبرة المهنية</h2>",
            "<time datetime=\"2021-03\">مارس ",
            "– الآن</p>",
            "data-text=\"مشاهدات هذه الصفحة\"></span>",
        ],
    );
    let page = page_of(
        r#"{"meta": {"language": "de"}, "certificates": [{"name": "A", "date": "2021-03-09"}],
            "work": [{"name": "AG", "startDate": "2021-03-09", "endDate": "2022-01-31"}]}"#,
    );
    assert_has(
        &page,
        &[
            "<html lang=\"de\" dir=\"ltr\"",
            "<time datetime=\"2021-03-09\">März 2021</time> – <time datetime=\"2022-01-31\">Januar 2022</time>",
            "<time datetime=\"2021-03-09\">9. März 2021</time>",
        ],
    );
}

#[test]
fn a_language_that_is_not_named_is_guessed_from_the_letters() {
    for (summary, lang) in [
        ("أبني أنظمة موزعة منذ سنوات", "ar"),
        ("我在北京从事分布式系统的设计工作", "zh"),
        ("東京で大規模なシステムの設計に携わってきました", "ja"),
        ("Я проектирую распределённые системы", "ru"),
        ("I build systems in 東京", "en"),
    ] {
        let page = page_of(&format!(r#"{{"basics": {{"summary": "{summary}"}}}}"#));
        assert_has(&page, &[&format!("<html lang=\"{lang}\"")]);
    }
}

#[test]
fn markdown_in_running_text_is_rendered_and_html_is_text() {
    let page = page_of(
        r#"{"basics": {"summary": "I build **quiet** systems. See [my notes](https://n.example.com).\n\n- one\n- two"},
            "work": [{"name": "AE", "highlights": ["Cut by **40 %** with `tokio`, see [it](https://p.example.com)",
            "Ran <b>two</b> teams &amp; a guild", "[x](javascript:alert(1))", "1. a"]}]}"#,
    );
    assert_has(
        &page,
        &[
            "<p>I build <strong>quiet</strong> systems. See \
             <a href=\"https://n.example.com/\" rel=\"noopener\" data-paper=\"n.example.com\">my notes</a>.</p>",
            "<li>one</li>",
            "<strong>40 %</strong> with <code>tokio</code>",
            "Ran &lt;b&gt;two&lt;/b&gt; teams &amp; a guild",
            "<li>[x](javascript:alert(1))</li>",
            "<li>1. a</li>",
        ],
    );
}

#[test]
fn a_section_of_ones_own_is_on_the_page_whole() {
    let page = page_of(
        r#"{"courses": [{"name": "Rust", "provider": "Ferris", "hours": 12, "date": "2020-02-03"}],
            "hobbies": ["Chess", "Go"], "motto": "Measure *first*", "tools": {"daily": ["vim", "git"]}}"#,
    );
    assert_has(
        &page,
        &[
            "<h2 id=\"own-1-title\">Courses</h2>",
            "<h3>Rust</h3>",
            "<span>Ferris</span>",
            "<span>Hours: 12</span>",
            "<h2 id=\"own-2-title\">Hobbies</h2>",
            "<li>Chess</li><li>Go</li>",
            "<p>Measure <em>first</em></p>",
            "<h3>Daily</h3>",
            "<li>vim</li>",
        ],
    );
}

#[test]
fn the_document_orders_and_hides_its_sections() {
    let page = page_of(
        r#"{"meta": {"order": ["skills", "talks"], "hide": ["interests"]}, "talks": ["A"],
            "work": [{"name": "W"}], "skills": [{"name": "S"}], "interests": [{"name": "I"}]}"#,
    );
    let at = |id: &str| page.find(&format!("<section id=\"{id}\"")).unwrap();
    assert!(at("skills") < at("own-1") && at("own-1") < at("work"));
    assert!(!page.contains("interests"), "{page}");
}

#[test]
fn the_look_is_the_one_the_document_asks_for() {
    let site = Site::new(
        r##"{"meta": {"theme": "sidebar", "font": "serif", "accent": "#ffcc00"},
            "work": [{"name": "W"}], "skills": [{"name": "S"}]}"##,
    )
    .unwrap();
    let page = site.read("index.html");
    assert_has(
        &page,
        &[
            "data-look=\"sidebar\" data-font=\"serif\"",
            "<div class=\"beside\"><section id=\"skills\"",
        ],
    );
    let style = site.files("accent-", ".css");
    assert_eq!(style.len(), 1);
    let name = style[0].file_name().unwrap().to_str().unwrap();
    assert_has(&page, &[&format!("<link rel=stylesheet href=\"{name}\">")]);
    assert_has(
        &site.read(name),
        &["prefers-color-scheme:dark){:root{--accent:#ffcc00}}"],
    );
}

#[test]
fn a_description_is_cut_between_characters() {
    let summary =
        "東京で十五年にわたり大規模な分散システムの設計と運用に携わってきました。".repeat(8);
    let page = page_of(&format!(
        r#"{{"basics": {{"name": "山田", "summary": "{summary}"}}}}"#
    ));
    let (_, rest) = page
        .split_once("<meta name=\"description\" content=\"")
        .unwrap();
    let description = rest.split('"').next().unwrap();
    assert!(
        (150..=160).contains(&description.chars().count()),
        "{description}"
    );
    assert!(description.ends_with('…'));
}

#[test]
fn the_page_of_a_blogger_is_not_the_blog() {
    let page = page_of(r#"{"basics": {"name": "Ada", "url": "https://blog.example.org/"}}"#);
    assert!(
        !page.contains("canonical") && !page.contains("og:url"),
        "{page}"
    );
}

#[test]
fn links_are_written_as_people_read_them() {
    let page = page_of(r#"{"basics": {"url": "https://xn--mnchen-3ya.example/%C3%BCber"}}"#);
    assert_has(&page, &[">münchen.example/über</a>"]);
}

#[test]
fn translations_stand_beside_each_other_and_know_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("resume.json");
    for name in [
        "resume.json",
        "resume.fr.json",
        "resume.pt-BR.json",
        "resume.old.bak.json",
    ] {
        std::fs::write(folder.path().join(name), "{}").unwrap();
    }
    let found = translations(&file);
    let folders: Vec<&str> = found.iter().map(|one| one.folder.as_str()).collect();
    assert_eq!(folders, ["fr", "pt-BR"]);

    let fr = r#"{"basics": {"name": "Ada", "image": "me.png"}}"#;
    let resume = |json: &str, language| read(json.as_bytes(), language).resume.unwrap();
    let words = Words {
        resume: resume(r#"{"basics": {"name": "Ada"}}"#, None),
        translations: vec![("fr".to_owned(), resume(fr, Some(&found[0].language)))],
        pictures: [("me.png".to_owned(), "a picture".into())].into(),
        ..Words::default()
    };
    let text = |place: &Place, name: &str| {
        let files = write(&shell(), &words, place).unwrap();
        String::from_utf8(files[name].to_vec()).unwrap()
    };
    let place = Place::default();
    assert_has(
        &text(&place, "index.html"),
        &[
            "<html lang=\"en\"",
            "<link rel=\"alternate\" hreflang=\"fr\" href=\"fr/\">",
            "<a href=\"./fr/\" lang=\"fr\" hreflang=\"fr\">français</a>",
        ],
    );
    assert_has(
        &text(&place, "fr/index.html"),
        &[
            "<html lang=\"fr\"",
            "<link href=\"../style-0123456789abcdef.css\" rel=stylesheet>",
            "<script type=module src=\"../boot-",
            "<link rel=\"alternate\" hreflang=\"en\" href=\"../\">",
            "<a href=\"./../fr/\" lang=\"fr\" hreflang=\"fr\" aria-current=\"page\">",
            "<img src=\"../me.png\"",
        ],
    );
    let known = Place::default().at(Some("https://ada.example.com/cv/".parse().unwrap()));
    assert_has(
        &text(&known, "fr/index.html"),
        &[
            "<link rel=\"canonical\" href=\"https://ada.example.com/cv/fr/\">",
            "<meta property=\"og:url\" content=\"https://ada.example.com/cv/fr/\">",
            "hreflang=\"en\" href=\"https://ada.example.com/cv/\">",
            "content=\"https://ada.example.com/cv/me.png\">",
        ],
    );
    assert_has(
        &text(&known, "sitemap.xml"),
        &[
            "<loc>https://ada.example.com/cv/</loc>",
            "<loc>https://ada.example.com/cv/fr/</loc>",
        ],
    );
}

#[test]
fn a_page_with_a_pdf_offers_it_and_the_file_without_what_is_hidden() {
    let file = r##"{
        // mine alone
        "$schema": "https://example.com/schema.json",
        "basics": {"name": "Ada / Lovelace", "_note": "secret"},
        "experience": [{"company": "AE", "startDate": "2020/03"}],
        "volunteer": [{"organization": "Hidden"}],
        "pets": ["cat"],
        "meta": {"hide": ["volunteer", "pets"]},
    }"##;
    let words = Words {
        resume: read(file.as_bytes(), None).resume.unwrap(),
        pdfs: [(String::new(), "%PDF-1.4".into())].into(),
        ..Words::default()
    };
    let files = write(&shell(), &words, &Place::default()).unwrap();
    assert_eq!(files["resume.pdf"], "%PDF-1.4");
    assert_eq!(
        files["resume.json"],
        r#"{
  "$schema": "https://example.com/schema.json",
  "basics": {
    "name": "Ada / Lovelace"
  },
  "experience": [
    {
      "company": "AE",
      "startDate": "2020/03"
    }
  ],
  "meta": {
    "hide": [
      "volunteer",
      "pets"
    ]
  }
}
"#
    );
    let page = str::from_utf8(&files["index.html"]).unwrap();
    assert_has(
        page,
        &[
            r#"<link rel="alternate" type="application/pdf" href="resume.pdf">"#,
            r#"<link rel="alternate" type="application/json" href="resume.json">"#,
            r#"<dt>Résumé</dt><dd><a href="resume.pdf" type="application/pdf" download="Ada   Lovelace.pdf">PDF</a> <a href="resume.json" type="application/json" download="Ada   Lovelace.json">JSON</a></dd>"#,
        ],
    );
    let without = write(
        &shell(),
        &Words {
            pdfs: [].into(),
            ..words
        },
        &Place::default(),
    )
    .unwrap();
    assert!(!without.contains_key("resume.json"));
    assert!(
        !str::from_utf8(&without["index.html"])
            .unwrap()
            .contains("resume.pdf")
    );
}

#[test]
fn a_page_for_paper_loads_what_it_shows_and_runs_nothing() {
    let words = Words {
        resume: read(br#"{"basics": {"name": "Ada", "image": "me.png"}}"#, None)
            .resume
            .unwrap(),
        pictures: [("me.png".to_owned(), "a picture".into())].into(),
        ..Words::default()
    };
    let files = write_for_paper(&shell(), &words, "letter").unwrap();
    let page = str::from_utf8(&files["index.html"]).unwrap();
    assert_has(
        page,
        &[
            "<style>@page{size:letter}</style>",
            "<h1>Ada</h1>",
            "src=\"me.png\"",
        ],
    );
    assert!(
        !page.contains("<script type=module") && !page.contains("modulepreload"),
        "{page}"
    );
    assert!(files.contains_key("me.png"));
    assert!(
        files
            .keys()
            .all(|name| !name.ends_with(".js") && !name.ends_with(".wasm"))
    );
}
