//! One shell for every résumé, every API and every address.

use prerender::resume::{Resume, read};
use prerender::{Files, Place, PrerenderError, Shell, Words, read_folder, write, write_folder};

/// The pages as trunk stages them for a release, each for a path of its own.
pub(crate) fn shell() -> Shell {
    let mut files = staged("/", "<body></body>");
    files.insert("robots.txt".to_owned(), "User-agent: *\n".into());
    let mut shell = Files::from(Shell::from_trunk(files, "/", "").unwrap());
    let jobs = staged(
        "/jobs/",
        "<body><h1>Job offers</h1><a href=\"%OWNER_API_BASE%/v1/jobs\">as JSON</a></body>",
    );
    shell.extend(Files::from(
        Shell::from_trunk(jobs, "/jobs/", "jobs").unwrap(),
    ));
    Shell::from_files(shell).unwrap()
}

fn staged(public_url: &str, body: &str) -> Files {
    let index = format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <link href={public_url}style-0123456789abcdef.css rel=stylesheet>\
         <script type=module>import init from\"{public_url}site.js\";\
         await init({{module_or_path:'{public_url}site_bg.wasm'}});</script>\
         <link crossorigin href={public_url}site.js rel=modulepreload>\
         <link crossorigin href={public_url}site_bg.wasm rel=preload></head>{body}</html>"
    );
    ["style-0123456789abcdef.css", "site.js", "site_bg.wasm"]
        .map(|name| (name.to_owned(), name.as_bytes().to_vec().into()))
        .into_iter()
        .chain([("index.html".to_owned(), index.into())])
        .collect()
}

fn site(resume: &str, place: &Place) -> Result<Files, PrerenderError> {
    let resume = read(resume.as_bytes(), None).resume.unwrap();
    let pictures = [("my photo é.png".to_owned(), "a picture".into())].into();
    write(
        &shell(),
        &Words {
            resume,
            pictures,
            ..Words::default()
        },
        place,
    )
}

fn text<'a>(files: &'a Files, name: &str) -> &'a str {
    str::from_utf8(&files[name]).unwrap()
}

#[test]
fn a_page_refers_to_its_files_by_their_names_alone() {
    let files = site("{}", &Place::default()).unwrap();
    for page in ["index.html", "jobs/index.html"] {
        let page = text(&files, page);
        assert!(page.contains("<link href=\"style-0123456789abcdef.css\" rel=stylesheet>"));
        assert!(page.contains("<script type=module src=\"boot-"));
        assert!(!page.contains("=/") && !page.contains("=\"/s"), "{page}");
    }
    let boot = files.keys().find(|name| name.starts_with("boot-")).unwrap();
    assert_eq!(
        text(&files, boot),
        "import init from\"./site.js\";\
         await init({module_or_path:new URL(\"./site_bg.wasm\",import.meta.url)});"
    );
}

#[test]
fn the_shell_is_the_same_whatever_is_written_into_it() {
    let shell = shell();
    let place = Place::default().with_apis(Some("https://api.example.com"), None);
    let place = place
        .unwrap()
        .at(Some("https://example.org/cv/".parse().unwrap()));
    let [plain, elsewhere] = [Place::default(), place].map(|place| site("{}", &place).unwrap());
    let written: Vec<_> = plain
        .iter()
        .filter(|(name, content)| elsewhere.get(*name) != Some(*content))
        .map(|(name, _)| name.split('.').next().unwrap())
        .collect();
    assert!(!written.is_empty());
    assert!(
        written
            .iter()
            .all(|name| ["index", "404", "jobs/index", "counter"].contains(name)),
        "{written:?}"
    );
    let beside = |name: &&String| !name.starts_with("sitemap.xml");
    assert!(plain.keys().eq(elsewhere.keys().filter(beside)));
    assert!(shell.files().keys().all(|name| plain.contains_key(name)));
}

#[test]
fn every_page_names_the_apis_and_its_policy_lets_them_be_called() {
    let place = Place::default().with_apis(
        Some("https://api.example.com/prod/"),
        Some("https://owner.example.com"),
    );
    let files = site("{}", &place.unwrap()).unwrap();
    for page in ["index.html", "jobs/index.html"] {
        let page = text(&files, page);
        for piece in [
            "<meta name=api content=\"https://api.example.com/prod\">",
            "<meta name=owner-api content=\"https://owner.example.com\">",
            "connect-src 'self' https://api.example.com https://owner.example.com;",
        ] {
            assert!(page.contains(piece), "missing: {piece}\nin: {page}");
        }
        let policy = page.find("http-equiv=Content-Security-Policy").unwrap();
        assert!(policy < page.find("<link").unwrap());
    }
    let jobs = text(&files, "jobs/index.html");
    assert!(jobs.contains(
        "<body><h1>Job offers</h1><a href=\"https://owner.example.com/v1/jobs\">as JSON</a>"
    ));
    assert!(!text(&site("{}", &Place::default()).unwrap(), "index.html").contains("name=api"));
}

#[test]
fn the_page_for_dead_links_stands_at_any_depth() {
    let place = Place::default().at(Some("https://example.org/cv".parse().unwrap()));
    let files = site("{}", &place).unwrap();
    let page = text(&files, "404.html");
    assert!(page.contains("<link href=\"/cv/style-0123456789abcdef.css\" rel=stylesheet>"));
    assert!(page.contains("<a href=\"/cv/\">"));
    assert!(!page.contains("<script") && !page.contains("preload"));
}

#[test]
fn pictures_with_spaces_and_accents_keep_their_names() {
    for reference in ["my photo é.png", "my%20photo%20%C3%A9.png"] {
        let resume = format!(r#"{{"basics": {{"image": "{reference}"}}}}"#);
        let files = site(&resume, &Place::default()).unwrap();
        assert_eq!(files["my photo é.png"], "a picture");
    }
}

#[test]
fn a_picture_takes_no_place_of_the_pages_own() {
    let resume = Resume::default();
    let pictures = [("robots.txt".to_owned(), "a picture".into())].into();
    let error = write(
        &shell(),
        &Words {
            resume,
            pictures,
            ..Words::default()
        },
        &Place::default(),
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "basics.image: robots.txt is the name of a file of the page: give the picture another name"
    );
}

#[test]
fn a_page_of_another_shape_is_refused() {
    for index in [
        "<html><meta charset=utf-8></head><body></body></html>",
        "<html><meta charset=utf-8><script type=module>1</script><script type=module>2</script></head>",
        "<html><script type=module>1</script></head><body></body></html>",
    ] {
        let files = [("index.html".to_owned(), index.to_owned().into())].into();
        assert!(Shell::from_trunk(files, "/", "").is_err(), "{index}");
    }
}

#[test]
fn a_build_over_another_leaves_no_file_of_it_and_touches_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let files = site("{}", &Place::default()).unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("jobs")).unwrap();
    let old = [
        "site-0000000000000000.js",
        "jobs/boot-0000000000000000.js",
        "style-0000000000000000.css.br",
    ];
    let others = ["CNAME", "photo-0000000000000000.jpg", "notes.html.br"];
    for name in old.iter().chain(&others) {
        std::fs::write(path(name), "there before").unwrap();
    }
    let mut files = files;
    for name in ["site-1111111111111111.js", "style-1111111111111111.css.br"] {
        files.insert(name.to_owned(), "new".into());
    }
    write_folder(folder.path(), &files).unwrap();
    let mut there = read_folder(folder.path()).unwrap();
    for name in others {
        assert_eq!(there.remove(name).unwrap(), "there before");
    }
    assert!(there == files);
}
