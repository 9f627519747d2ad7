//! A résumé as the program serves it, and as its writer sees it change.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use prerender::{Files, Shell, write_folder};
use reqwest::Response;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, bare, command};

/// A folder with shells, and another one for a résumé.
pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        for (page, body) in [("", ""), ("dashboard", "<h1>Visits</h1>")] {
            let shell = Shell::from_trunk(staged(body), "/", page).unwrap();
            write_folder(&desk.path("shells"), shell.files()).unwrap();
        }
        fs::create_dir(desk.path("cv")).unwrap();
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn resume(&self) -> PathBuf {
        self.path("cv/resume.json")
    }

    pub(crate) fn save(&self, resume: &Value) {
        fs::write(self.resume(), resume.to_string()).unwrap();
    }

    pub(crate) fn start(&self, more: &[&str]) -> Program {
        let [shells, resume] = [self.path("shells"), self.resume()];
        let options = [
            "--in-memory",
            "--shells",
            shells.to_str().unwrap(),
            "--resume",
            resume.to_str().unwrap(),
        ];
        Program::start(&[&options, more].concat())
    }
}

/// A page as trunk stages it.
fn staged(body: &str) -> Files {
    let index = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8>\
         <link href=/style-0123456789abcdef.css rel=stylesheet>\
         <script type=module>import init from\"/site-0123456789abcdef.js\"</script></head>\
         <body>{body}</body></html>"
    );
    [
        ("index.html", index),
        ("style-0123456789abcdef.css", "p{margin:0}".repeat(20)),
        ("site-0123456789abcdef.js", "export default 1".to_owned()),
        ("robots.txt", "User-agent: *\n".to_owned()),
    ]
    .map(|(name, text)| (name.to_owned(), text.into()))
    .into()
}

fn named(name: &str) -> Value {
    json!({ "basics": { "name": name } })
}

/// The next event, from a stream that may hold the start of another.
async fn next(events: &mut Response, rest: &mut String) -> Value {
    loop {
        if let Some((event, after)) = rest.split_once("\n\n") {
            let data = event.lines().find_map(|line| line.strip_prefix("data: "));
            let told = data.map(|data| serde_json::from_str(data).unwrap());
            *rest = after.to_owned();
            if let Some(told) = told {
                return told;
            }
            continue;
        }
        let chunk = events.chunk().await.unwrap().expect("events go on");
        rest.push_str(str::from_utf8(&chunk).unwrap());
    }
}

#[tokio::test]
async fn a_saved_resume_is_told_of_and_served() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let program = desk.start(&[]);
    let page = program.get("/").await.text().await.unwrap();
    let (mut events, mut rest) = (program.get("/-/events").await, String::new());
    let first = next(&mut events, &mut rest).await;
    assert_eq!(first["findings"], json!([]));
    let mark = format!("data-edition={}", first["edition"]);
    assert!(
        page.contains("<h1>Ada</h1>") && page.contains(&mark),
        "{page}"
    );

    desk.save(&named("Grace"));
    let second = next(&mut events, &mut rest).await;
    assert_ne!(second["edition"], first["edition"]);
    let page = program.get("/").await.text().await.unwrap();
    assert!(page.contains("<h1>Grace</h1>"), "{page}");

    // As editors do that never leave a half written file.
    let beside = desk.path("cv/resume.json~");
    fs::write(&beside, named("Katherine").to_string()).unwrap();
    fs::rename(beside, desk.resume()).unwrap();
    next(&mut events, &mut rest).await;
    let page = program.get("/").await.text().await.unwrap();
    assert!(page.contains("<h1>Katherine</h1>"), "{page}");
}

#[tokio::test]
async fn a_mistake_is_told_of_and_the_last_good_page_stays() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let program = desk.start(&[]);
    let (mut events, mut rest) = (program.get("/-/events").await, String::new());
    let first = next(&mut events, &mut rest).await;

    desk.save(&json!({ "work": [{ "startDate": "2021-13" }] }));
    let told = next(&mut events, &mut rest).await;
    assert_eq!(told["edition"], first["edition"]);
    let finding = &told["findings"][0];
    assert_eq!(finding["kind"], "error");
    assert_eq!([&finding["line"], &finding["column"]], [1, 23]);
    assert_eq!(finding["file"], desk.resume().to_str().unwrap());
    let sentence = finding["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("work[0].startDate: "), "{sentence}");
    let page = program.get("/").await.text().await.unwrap();
    assert!(page.contains("<h1>Ada</h1>"), "{page}");

    desk.save(&named("Grace"));
    assert_eq!(next(&mut events, &mut rest).await["findings"], json!([]));
}

#[tokio::test]
async fn a_resume_with_a_mistake_is_shown_once_it_is_mended() {
    let desk = Desk::new();
    fs::write(desk.resume(), "{").unwrap();
    let program = desk.start(&[]);
    let request = |host: &str| {
        let request = program.http.get(format!("{}/", program.url));
        request.header("host", host.to_owned())
    };
    let answer = request("example.org").send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(!answer.text().await.unwrap().contains("/-/"));
    let page = program.get("/").await.text().await.unwrap();
    assert!(page.contains("/-/watch.js"), "{page}");

    let (mut events, mut rest) = (program.get("/-/events").await, String::new());
    next(&mut events, &mut rest).await;
    desk.save(&named("Ada"));
    next(&mut events, &mut rest).await;
    let answer = request("example.org").send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("<h1>Ada</h1>"));
}

#[tokio::test]
async fn a_picture_that_is_changed_or_comes_later_is_told_of() {
    let desk = Desk::new();
    desk.save(&json!({ "basics": { "image": "my photo é.png" } }));
    let program = desk.start(&[]);
    let (mut events, mut rest) = (program.get("/-/events").await, String::new());
    let missing = next(&mut events, &mut rest).await;
    let sentence = missing["findings"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("my photo é.png"), "{sentence}");
    for content in ["a picture", "another picture"] {
        fs::write(desk.path("cv/my photo é.png"), content).unwrap();
        let told = next(&mut events, &mut rest).await;
        assert_eq!(told["findings"], json!([]));
        let answer = program.get("/my%20photo%20%C3%A9.png").await;
        assert_eq!(answer.headers()["content-type"], "image/png");
        assert_eq!(answer.text().await.unwrap(), content);
    }
}

#[tokio::test]
async fn a_translation_that_comes_is_told_of_and_served() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let program = desk.start(&[]);
    let (mut events, mut rest) = (program.get("/-/events").await, String::new());
    next(&mut events, &mut rest).await;
    assert_eq!(program.get("/fr/").await.status(), 404);
    fs::write(
        desk.path("cv/resume.fr.json"),
        named("Ada de France").to_string(),
    )
    .unwrap();
    next(&mut events, &mut rest).await;
    let page = program.get("/fr/").await.text().await.unwrap();
    assert!(page.contains("<h1>Ada de France</h1>"), "{page}");
    assert!(
        page.contains("/-/watch.js") && page.contains("src=\"../boot-"),
        "{page}"
    );
}

#[tokio::test]
async fn visitors_from_elsewhere_get_nothing_of_the_watch() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let program = desk.start(&[]);
    for (name, value) in [
        ("host", "example.org"),
        ("x-forwarded-for", "192.0.2.1"),
        ("forwarded", "for=192.0.2.1"),
    ] {
        for path in ["/", "/-/events", "/-/watch.js"] {
            let request = program.http.get(format!("{}{path}", program.url));
            let answer = request.header(name, value).send().await.unwrap();
            assert_eq!(answer.status(), if path == "/" { 200 } else { 404 });
            let text = answer.text().await.unwrap();
            assert!(!text.contains("/-/") && !text.contains("edition"), "{text}");
        }
    }
}

#[tokio::test]
async fn nobody_gets_anything_of_a_watch_that_is_not_kept() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let program = desk.start(&["--no-watch"]);
    for path in ["/-/events", "/-/watch.js"] {
        assert_eq!(program.get(path).await.status(), 404);
    }
    let page = program.get("/").await.text().await.unwrap();
    assert!(
        page.contains("<h1>Ada</h1>") && !page.contains("/-/"),
        "{page}"
    );
}

#[tokio::test]
async fn a_link_out_of_the_folder_is_no_picture() {
    let desk = Desk::new();
    fs::write(desk.path("secret.png"), "a secret").unwrap();
    std::os::unix::fs::symlink(desk.path("secret.png"), desk.path("cv/me.png")).unwrap();
    desk.save(&json!({ "basics": { "image": "me.png" } }));
    let program = desk.start(&[]);
    assert_eq!(program.get("/me.png").await.status(), 404);
    for path in ["/resume.json", "/../secret.png", "/%2e%2e/secret.png"] {
        assert_eq!(program.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_folder_leads_to_its_page_and_what_is_not_there_is_a_404_page() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let program = desk.start(&[]);
    let page = program.get("/dashboard?days=7").await;
    assert_eq!(page.url().path(), "/dashboard/");
    assert_eq!(page.url().query(), Some("days=7"));
    assert!(page.text().await.unwrap().contains("<h1>Visits</h1>"));
    let lost = program.get("/nothing/here").await;
    assert_eq!(lost.status(), 404);
    assert_eq!(lost.headers()["cache-control"], "no-cache");
    assert!(
        lost.text()
            .await
            .unwrap()
            .contains("<h1>Page not found</h1>")
    );
    let posted = program.http.post(format!("{}/", program.url));
    assert_eq!(posted.send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn files_from_memory_have_the_headers_of_files_from_a_folder() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let program = desk.start(&["--no-watch"]);
    let get = |name: &'static str, value: String| {
        let request = program
            .http
            .get(format!("{}/style-0123456789abcdef.css", program.url));
        request.header(name, value).send()
    };
    let packed = get("accept-encoding", "gzip, br;q=0".to_owned())
        .await
        .unwrap();
    assert_eq!(packed.headers()["content-encoding"], "gzip");
    assert_eq!(packed.headers()["vary"], "accept-encoding");
    assert_eq!(packed.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(packed.headers()["x-content-type-options"], "nosniff");
    let lasting = "public, max-age=31536000, immutable";
    assert_eq!(packed.headers()["cache-control"], lasting);
    let plain = get("accept-encoding", "identity".to_owned()).await.unwrap();
    let tag = plain.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(get("if-none-match", tag).await.unwrap().status(), 304);
}

/// The line of the page among those that the program begins with.
fn page_line(arguments: &[&str], folder: &Path) -> String {
    let mut child = command(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let line = lines
        .map_while(Result::ok)
        .find(|line| line.starts_with("page "));
    child.kill().unwrap();
    child.wait().unwrap();
    let line = line.expect("a line of the page");
    line.split_once(" from ").unwrap().1.to_owned()
}

#[test]
fn the_first_lines_say_which_resume_is_served() {
    let desk = Desk::new();
    let (here, data, shells) = (desk.path("cv"), desk.path("data"), desk.path("shells"));
    let path = |path: &Path| path.to_str().unwrap().to_owned();
    let (data, shells) = (path(&data), path(&shells));
    let line = |more: &[&str]| {
        let options = ["--data-dir", &data, "--shells", &shells];
        page_line(&[&options, more].concat(), &here)
    };
    assert!(line(&[]).starts_with("a sample"));
    let kept = format!("{data}/resume.json");
    fs::write(&kept, "{}").unwrap();
    assert_eq!(line(&[]), format!("{kept}, and changes as you save it"));
    desk.save(&named("Ada"));
    assert_eq!(line(&[]), "resume.json, and changes as you save it");
    assert_eq!(line(&["--resume", &kept, "--no-watch"]), kept);
}

#[test]
fn a_pdf_needs_a_browser_and_says_so() {
    let desk = Desk::new();
    desk.save(&named("Ada"));
    let [shells, resume, out] = [desk.path("shells"), desk.resume(), desk.path("cv.pdf")];
    let pdf = |browser: &[&str]| {
        let line = [
            &[
                "pdf",
                "--out",
                out.to_str().unwrap(),
                "--shells",
                shells.to_str().unwrap(),
            ],
            &["--resume", resume.to_str().unwrap()][..],
            browser,
        ];
        let done = bare().args(line.concat()).env("PATH", "").output().unwrap();
        assert!(!done.status.success() && !out.exists());
        String::from_utf8(done.stderr).unwrap()
    };
    assert_eq!(
        pdf(&[]),
        "error: a PDF is made with an installed Chromium, Chrome or Edge, and none was \
         found: install one, name one with --browser, or open the page and print it to a file\n"
    );
    let said = pdf(&["--browser", "/nowhere/chromium"]);
    assert!(
        said.starts_with("error: /nowhere/chromium cannot be started: "),
        "{said}"
    );
    let said = pdf(&["--browser", "/bin/false"]);
    assert!(
        said.starts_with("error: /bin/false made no PDF: "),
        "{said}"
    );
    let left = fs::read_dir(desk.path("")).unwrap().flatten();
    let left: Vec<_> = left
        .filter(|one| {
            one.file_name()
                .to_string_lossy()
                .starts_with("resume-counter-")
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
