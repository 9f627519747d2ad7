//! The finished page: what is on it for a full résumé, for an empty one, and
//! for one that means harm.

use std::fs;
use std::path::PathBuf;

use prerender::{Build, Place, PrerenderError, Purpose, finish};
use tempfile::TempDir;

/// A page as trunk stages it for a release.
const STAGED: &str = "<!doctype html><html lang=en><meta charset=utf-8>\
    <link href=/style-0123456789abcdef.css rel=stylesheet>\
    <script type=module>import init from\"/site.js\";await init(\"/site_bg.wasm\");</script>\
    <link crossorigin href=/site.js rel=modulepreload></head><body></body></html>";

/// A site finished from `resume`, in a folder of its own.
pub(crate) struct Site {
    staging: TempDir,
}

impl Site {
    pub(crate) fn new(resume: &str) -> Result<Self, PrerenderError> {
        Self::with_purpose(resume, Purpose::Release)
    }

    fn with_purpose(resume: &str, purpose: Purpose) -> Result<Self, PrerenderError> {
        let (source, staging) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        fs::write(source.path().join("resume.json"), resume).unwrap();
        fs::write(staging.path().join("index.html"), STAGED).unwrap();
        fs::create_dir(source.path().join("images")).unwrap();
        fs::write(source.path().join("images/portrait.png"), "a picture").unwrap();
        for name in ["style-0123456789abcdef.css", "site.js", "site_bg.wasm"] {
            fs::write(staging.path().join(name), name).unwrap();
        }
        finish(&Build {
            source: source.path().to_owned(),
            staging: staging.path().to_owned(),
            public_url: "/".to_owned(),
            purpose,
            place: Place::default(),
            shells: source.path().join("shells"),
            folder: String::new(),
        })?;
        Ok(Self { staging })
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.staging.path().join(name)).unwrap()
    }

    /// The files whose names start and end like this.
    pub(crate) fn files(&self, start: &str, end: &str) -> Vec<PathBuf> {
        let named = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.starts_with(start) && name.ends_with(end)
        };
        let entries = fs::read_dir(self.staging.path()).unwrap();
        entries
            .map(|entry| entry.unwrap().path())
            .filter(named)
            .collect()
    }
}

pub(crate) fn assert_has(page: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(page.contains(piece), "missing: {piece}\nin: {page}");
    }
}

#[test]
fn every_section_of_the_sample_is_on_the_page() {
    let page = Site::new(include_str!("../../../site/resume.json"))
        .unwrap()
        .read("index.html");
    assert_has(
        &page,
        &[
            "<h1>Maren Okonjo</h1><p class=\"label\">Staff engineer, distributed systems</p>",
            "<img src=\"images/portrait.png\" alt=\"Portrait of Maren Okonjo\"",
            "<a href=\"mailto:maren@okonjo.example.com\">maren@<wbr>okonjo.example.com</a>",
            "<a href=\"tel:+441134960184\"><bdi>+44 113 496 0184</bdi></a>",
            "<dd>12 Tannery Row, LS11 0ZZ Leeds, West Yorkshire, GB</dd>",
            "<dt>Code</dt><dd><a href=\"https://code.example.com/mokonjo\" rel=\"me noopener\"",
            "<section id=\"work\" aria-labelledby=\"work-title\"><h2 id=\"work-title\">Experience</h2>",
            "<h3>Staff engineer</h3><p class=\"place\">",
            "<p class=\"when\"><time datetime=\"2021-03\">Mar 2021</time> – present</p>",
            "<time datetime=\"2017-09\">Sept 2017</time> – <time datetime=\"2021-02\">Feb 2021</time>",
            "<li>Served 9,000 tiles a second from two small machines, with a 99th percentile of 12 ms.</li>",
            "<h2 id=\"projects-title\">Projects</h2>",
            "<span>Open source</span> <span>library</span> <span>Author</span> <span>Maintainer</span>",
            "<h2 id=\"skills-title\">Skills</h2>",
            "<h3>Systems</h3><p class=\"level\">Expert</p><ul class=\"keywords\"><li>Rust</li>",
            "<h2 id=\"education-title\">Education</h2>",
            "<h3>MEng, Computer Science</h3>",
            "<span>First class</span>",
            "<li>Signal processing</li>",
            "<h2 id=\"publications-title\">Publications</h2>",
            "<time datetime=\"2022-10-04\">4 Oct 2022</time>",
            "<h2 id=\"certificates-title\">Certificates</h2>",
            "<p class=\"place\"><span>Cumulus Institute</span></p>",
            "<h2 id=\"awards-title\">Awards</h2>",
            "<h3>Engineering prize for dependable systems</h3>",
            "<h2 id=\"volunteer-title\">Volunteering</h2>",
            "data-paper=\"aire-code-club.example.com\">Aire Valley Code Club</a>",
            "<h2 id=\"languages-title\">Languages</h2>",
            "<h3>Danish</h3><p class=\"level\">Native</p>",
            "<h2 id=\"interests-title\">Interests</h2>",
            "<li>Tide tables</li>",
            "<h2 id=\"references-title\">References</h2>",
            "<figcaption>Tobias Achterberg-Nwosu, Tidewater Maps</figcaption>",
            "Last updated <time datetime=\"2026-11-02\">2 Nov 2026</time>",
            "<li>Version v1.4.0</li>",
            "href=\"https://okonjo.example.com/resume.json\">Latest version as JSON</a>",
            "<span aria-hidden=\"true\" data-text=\"Views of this page\"></span>\
             <output id=\"counter\" aria-label=\"Views of this page\"><span></span></output>",
        ],
    );
}

#[test]
fn machines_can_read_the_sample_too() {
    let page = Site::new(include_str!("../../../site/resume.json"))
        .unwrap()
        .read("index.html");
    assert_has(
        &page,
        &[
            "<title>Maren Okonjo – Staff engineer, distributed systems</title>",
            "<meta name=\"description\" content=\"I build the quiet parts of busy systems",
            "<meta property=\"og:type\" content=\"profile\">",
            "<meta property=\"og:locale\" content=\"en_GB\">",
            "<meta name=\"twitter:card\" content=\"summary\">",
            "\"@type\":\"ProfilePage\"",
            "\"@type\":\"Person\"",
            "\"worksFor\":[{\"@type\":\"Organization\",\"name\":\"Halcyon Freight\"}]",
        ],
    );
}

#[test]
fn absent_sections_leave_no_trace() {
    let page = Site::new(r#"{"basics": {"name": "Ada"}, "work": [{}], "skills": []}"#)
        .unwrap()
        .read("index.html");
    let (_, body) = page.split_once("<body>").unwrap();
    assert_eq!(
        body,
        "<a href=\"#content\" class=\"skip\">Skip to the résumé</a>\
         <p id=\"notice\" role=\"status\"></p>\
         <aside aria-label=\"Views of this page\" class=\"visits\">\
         <span aria-hidden=\"true\" data-text=\"Views of this page\"></span>\
         <output id=\"counter\" aria-label=\"Views of this page\"><span></span></output></aside>\
         <main id=\"content\" tabindex=\"-1\" class=\"article\">\
         <header class=\"intro\"><div class=\"identity\"><div><h1>Ada</h1></div></div></header>\
         </main></body></html>"
    );
}

#[test]
fn an_empty_document_still_has_a_title_and_a_heading() {
    let page = Site::new("{}").unwrap().read("index.html");
    assert_has(&page, &["<title>Résumé</title>", "<h1>Résumé</h1>"]);
    assert!(!page.contains("ld+json"));
}

#[test]
fn items_with_nothing_to_show_leave_no_heading() {
    let site =
        Site::new(r#"{"work": [{"salary": 1}], "skills": [{"x": 1}], "references": [{"x": 1}]}"#);
    assert!(!site.unwrap().read("index.html").contains("<h2"));
}

#[test]
fn a_phone_number_can_be_dialled_from_abroad() {
    let site = Site::new(r#"{"basics": {"phone": "+44 (0)113 496 0184"}}"#);
    assert_has(
        &site.unwrap().read("index.html"),
        &[r#"<a href="tel:+441134960184"><bdi>+44 (0)113 496 0184</bdi></a>"#],
    );
}

#[test]
fn an_employer_without_a_position_is_the_heading() {
    let page = Site::new(r#"{"work": [{"name": "Bakery", "url": "https://bakery.example.com"}]}"#)
        .unwrap();
    assert_has(
        &page.read("index.html"),
        &["<h3><a href=\"https://bakery.example.com/\""],
    );
}

#[test]
fn words_are_never_markup() {
    let page = Site::new(
        r#"{"basics": {"name": "</script><script>alert(1)</script>", "label": "\"><b>", "summary": "<!-- a & b"}}"#,
    )
    .unwrap()
    .read("index.html");
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(!page.contains("<b>"), "{page}");
    assert!(!page.contains("<!--"), "{page}");
    assert_has(
        &page,
        &[
            "&lt;!-- a &amp; b",
            r"\u003c/script>\u003cscript>alert(1)\u003c/script>",
        ],
    );
}

#[test]
fn a_release_has_no_inline_script_and_a_strict_policy() {
    let site = Site::new("{}").unwrap();
    let page = site.read("index.html");
    let boot = site.files("boot-", ".js");
    assert_eq!(boot.len(), 1);
    let name = boot[0].file_name().unwrap().to_str().unwrap();
    assert_eq!(name.len(), "boot-0123456789abcdef.js".len());
    assert_eq!(
        site.read(name),
        "import init from\"./site.js\";\
         await init(new URL(\"./site_bg.wasm\",import.meta.url));"
    );
    assert_has(
        &page,
        &[&format!("<script type=module src=\"{name}\"></script>")],
    );
    let policy = page.find("http-equiv=Content-Security-Policy").unwrap();
    assert!(policy < page.find("<link").unwrap());
    assert!(!page.contains("await init"));
}

#[test]
fn a_release_has_a_page_for_dead_links_that_runs_nothing() {
    let page = Site::new("{}").unwrap().read("404.html");
    assert_has(
        &page,
        &[
            "<h1>Page not found</h1>",
            "<a href=\"/\">",
            "Content-Security-Policy",
            "content=\"noindex\"",
        ],
    );
    assert!(
        !page.contains("<script") && !page.contains("modulepreload"),
        "{page}"
    );
}

#[test]
fn compressed_copies_unpack_to_the_same_page() {
    let site = Site::new(include_str!("../../../site/resume.json")).unwrap();
    let page = site.read("index.html").into_bytes();
    let packed = |name: &str| fs::read(site.staging.path().join(name)).unwrap();

    let mut unpacked = Vec::new();
    brotli::BrotliDecompress(&mut &packed("index.html.br")[..], &mut unpacked).unwrap();
    assert_eq!(unpacked, page);

    let mut unpacked = Vec::new();
    std::io::copy(
        &mut flate2::read::GzDecoder::new(&packed("index.html.gz")[..]),
        &mut unpacked,
    )
    .unwrap();
    assert_eq!(unpacked, page);

    assert!(!site.staging.path().join("images/portrait.png.br").exists());
}

#[test]
fn development_keeps_what_trunk_staged() {
    let site = Site::with_purpose("{}", Purpose::Development).unwrap();
    let page = site.read("index.html");
    assert_has(
        &page,
        &[
            "<h1>Résumé</h1>",
            "<script type=module>import init",
            "<script>self.WebAssembly||",
        ],
    );
    assert!(!page.contains("Content-Security-Policy"));
    assert!(site.files("index.html", ".br").is_empty());
}

#[test]
fn each_error_in_the_resume_is_one_line_with_its_place() {
    let Err(error) = Site::new(r#"{"work": [{"startDate": "2020-13", "endDate": "2021-13"}]}"#)
    else {
        panic!("accepted")
    };
    assert_eq!(
        error.to_string(),
        "resume.json: line 1, column 25: work[0].startDate: There is no day \"2020-13\" in the calendar. \
         Write YYYY, YYYY-MM or YYYY-MM-DD.\n\
         resume.json: line 1, column 47: work[0].endDate: There is no day \"2021-13\" in the calendar. \
         Write YYYY, YYYY-MM or YYYY-MM-DD."
    );
}

#[test]
fn a_picture_that_is_not_there_is_left_out() {
    let site = Site::new(r#"{"basics": {"name": "Ada", "image": "images/me.jpg"}}"#).unwrap();
    let page = site.read("index.html");
    assert_has(&page, &["<h1>Ada</h1>"]);
    assert!(!page.contains("<img"), "{page}");
}
