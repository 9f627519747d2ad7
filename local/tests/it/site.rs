//! The built site as the program serves it.

use std::fs;
use std::path::Path;

use crate::program::Program;
use tempfile::TempDir;

fn site() -> (TempDir, Program) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("index.html", "<h1>Ada</h1>");
    write("index.html.br", "brotli");
    write("404.html", "<h1>Not here</h1>");
    write("site-0123456789abcdef.js", "export {}");
    write("site-0123456789abcdef_bg.wasm", "\0asm");
    let program = start(folder.path());
    (folder, program)
}

fn start(folder: &Path) -> Program {
    Program::start(&["--in-memory", "--site", folder.to_str().unwrap()])
}

#[tokio::test]
async fn pages_are_asked_for_anew_and_hashed_assets_are_kept() {
    let (_folder, program) = site();
    let files = [
        ("/", "text/html", "no-cache"),
        (
            "/site-0123456789abcdef.js",
            "text/javascript",
            "public, max-age=31536000, immutable",
        ),
        (
            "/site-0123456789abcdef_bg.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
    ];
    for (path, kind, cache) in files {
        let answer = program.get(path).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], kind);
        assert_eq!(answer.headers()["cache-control"], cache);
    }
}

#[tokio::test]
async fn a_page_that_did_not_change_is_a_304() {
    let (_folder, program) = site();
    let modified = program.get("/").await.headers()["last-modified"].clone();
    let request = program.http.get(format!("{}/", program.url));
    let answer = request
        .header("if-modified-since", modified)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 304);
}

#[tokio::test]
async fn compressed_files_go_to_those_who_take_them() {
    let (_folder, program) = site();
    let request = program.http.get(format!("{}/", program.url));
    let answer = request
        .header("accept-encoding", "br")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["content-encoding"], "br");
    assert_eq!(answer.headers()["vary"], "accept-encoding");
    assert_eq!(answer.text().await.unwrap(), "brotli");
    assert_eq!(program.get("/").await.text().await.unwrap(), "<h1>Ada</h1>");
}

#[tokio::test]
async fn every_file_carries_the_security_headers() {
    let (_folder, program) = site();
    for path in ["/", "/nothing", "/site-0123456789abcdef.js"] {
        let answer = program.get(path).await;
        let headers = answer.headers();
        assert_eq!(headers["content-security-policy"], "frame-ancestors 'none'");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(
            headers["referrer-policy"],
            "strict-origin-when-cross-origin"
        );
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_404_page_that_no_cache_keeps() {
    let (_folder, program) = site();
    for path in ["/nothing", "/nothing-0123456789abcdef.js"] {
        let request = program.http.get(format!("{}{path}", program.url));
        let answer = request
            .header("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT")
            .header("if-none-match", "*")
            .header("range", "bytes=0-3")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        assert_eq!(answer.text().await.unwrap(), "<h1>Not here</h1>");
    }
}

#[tokio::test]
async fn the_counter_stays_beside_the_site() {
    let (_folder, program) = site();
    let answer = program.get("/counter?path=p").await;
    assert_eq!(answer.text().await.unwrap(), r#"{"count":1}"#);
}

#[tokio::test]
async fn a_name_that_no_file_can_have_is_a_404_page_that_no_cache_keeps() {
    let (_folder, program) = site();
    let names = [
        format!("{}-0123456789abcdef", "x".repeat(300)),
        // With the ending of its compressed copy it is too long.
        format!("{}.0123456789abcdef", "x".repeat(237)),
        format!("{}0123456789abcdef", "x/".repeat(3_000)),
        "%00.0123456789abcdef".to_owned(),
        "%ff.0123456789abcdef".to_owned(),
    ];
    for name in names {
        let request = program.http.get(format!("{}/{name}", program.url));
        let answer = request
            .header("accept-encoding", "br")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 404, "{name}");
        assert_eq!(answer.headers()["cache-control"], "no-cache");
        assert_eq!(answer.text().await.unwrap(), "<h1>Not here</h1>");
    }
}
