//! The counters of other services, taken from what they give out.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};
use tempfile::TempDir;

use crate::program;

const GOATCOUNTER: &str = "\
2Path,Title,Event,UserAgent,Browser,System,Session,Bot,Referrer,Referrer scheme,Screen size,Location,FirstVisit,Date
/,Home,false,,Firefox 140,Linux,a,0,,,\"1920,1080,1\",FR,1,2026-01-01T00:00:00Z
/index.html,\"Home, \"\"sweet\"\"\",false,,,,b,0,,,,FR,1,2026-01-01T00:00:01Z
/,Home,false,,,,b,0,,,,FR,0,2026-01-01T00:00:02Z

/cv,CV,false,,,,c,0,,,,DE,true,2026-01-01T00:00:03Z
/cv,CV,false,,,,d,150,,,,DE,1,2026-01-01T00:00:04Z
click-banana,,true,,,,c,0,,,,DE,1,2026-01-01T00:00:05Z
";

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let file = archive
            .new_file(name)
            .compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().unwrap();
        let encoder = DeflateEncoder::new(&mut entry, Compression::default());
        let mut writer = config.wrap(encoder);
        writer.write_all(content.as_bytes()).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

struct Import {
    folder: TempDir,
}

impl Import {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::create_dir(folder.path().join("data")).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn run(&self, arguments: &[&str]) -> (bool, String, String) {
        let mut command = program::bare();
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(self.folder.path().join("data"));
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    fn bring(&self, service: &str, file: &Path, more: &[&str]) -> String {
        let file = file.to_str().unwrap();
        let arguments = [&["import", "counters", file, "--from", service], more].concat();
        let (done, _, said) = self.run(&arguments);
        assert!(done, "{said}");
        said
    }

    fn counters(&self) -> String {
        self.run(&["counters", "list"]).1
    }
}

#[test]
fn goatcounters_csv_is_taken_once_and_what_is_no_visit_is_named() {
    let import = Import::new();
    let file = import.file("goatcounter-export.csv", GOATCOUNTER);
    let site = ["--site", "Example.com"];
    let said = import.bring("goatcounter", &file, &site);
    assert_eq!(
        said,
        "not taken, events: 1\nnot taken, views by bots: 1\n\
         not taken, views that are not the first of their session: 1\n\
         imported 2 records, 0 already there, 0 lines refused\n"
    );
    let counters = "2  example.com/\n1  example.com/cv\n";
    assert_eq!(import.counters(), counters);
    import.bring("goatcounter", &file, &site);
    assert_eq!(import.counters(), counters);
    // A later export has more; what was counted here meanwhile stays.
    import.run(&["counters", "set", "example.com/", "100"]);
    let more = format!("{GOATCOUNTER}/,Home,false,,,,e,0,,,,FR,1,2026-01-02T00:00:00Z\n");
    let file = import.file("later.csv", more);
    import.bring("goatcounter", &file, &site);
    assert_eq!(
        import.counters(),
        "101  example.com/\n  1  example.com/cv\n"
    );
}

#[test]
fn goatcounters_archive_is_summed_by_path() {
    let import = Import::new();
    let file = import.file("export.zip", archive(&[
        ("info.json", r#"{"export_version": "1.0", "goatcounter_version": "2.7"}"#),
        ("hit_stats.jsonl", "{\"hour\": \"2026-03-05T19:00:00Z\", \"path_id\": 1, \"ref_id\": 1, \"count\": 4}\n{\"hour\": \"2026-03-05T20:00:00Z\", \"path_id\": 1, \"ref_id\": 2, \"count\": 3}\n{\"hour\": \"2026-03-05T20:00:00Z\", \"path_id\": 2, \"ref_id\": 2, \"count\": 9}\n"),
        ("paths.jsonl", "{\"id\": 1, \"path\": \"/\", \"title\": \"Home\"}\n{\"id\": 2, \"event\": true, \"path\": \"click\", \"title\": \"\"}\n"),
        ("browser_stats.jsonl", "{\"day\": \"2026-03-05\", \"path_id\": 1, \"browser_id\": 1, \"count\": 7}\n"),
    ]));
    for _ in 0..2 {
        let said = import.bring("goatcounter", &file, &["--site", "example.com"]);
        assert!(said.starts_with("not taken, events: 9\n"), "{said}");
        assert_eq!(import.counters(), "7  example.com/\n");
    }
}

#[test]
fn umami_plausible_and_vercount_give_the_totals_they_show() {
    let import = Import::new();
    let umami = import.file(
        "umami.zip",
        archive(&[
            ("events.csv", "x,y\nclick,3\n"),
            ("pages.csv", "x,y\n/,10\n/cv,5\n"),
            ("browsers.csv", "x,y\nfirefox,15\n"),
        ]),
    );
    let plausible = import.file("plausible.zip", archive(&[
        ("imported_visitors_20260101_20260102.csv", "date,visitors,pageviews,bounces,visits,visit_duration\n2026-01-01,1,99,0,1,1\n"),
        ("imported_pages_20260101_20260102.csv", "date,hostname,page,visits,visitors,pageviews,total_scroll_depth,total_scroll_depth_visits,total_time_on_page,total_time_on_page_visits\n2026-01-01,p.example,/,1,1,20,0,0,0,0\n2026-01-02,p.example,/,1,1,1,0,0,0,0\n2026-01-02,,/a,1,1,2,0,0,0,0\n"),
    ]));
    let vercount = import.file("vercount.json", r#"{"status":"success","message":"","data":{"counters":{"sitePv":70,"siteUv":9,"pageViews":[{"path":"/","decodedPath":"/","views":60},{"path":"/%E4%BD%A0","decodedPath":"/你","views":4}]}}}"#);
    for _ in 0..2 {
        import.bring("umami", &umami, &["--site", "u.example"]);
        import.bring("plausible", &plausible, &["--site", "q.example"]);
        let said = import.bring("vercount", &vercount, &["--site", "v.example"]);
        assert!(
            said.contains(
                "not taken, views of the whole site: 70\nnot taken, visitors of the whole site: 9\n"
            ),
            "{said}"
        );
        assert_eq!(
            import.counters(),
            "60  v.example/\n21  p.example/\n10  u.example/\n 5  u.example/cv\n \
             4  v.example/%E4%BD%A0\n 2  q.example/a\n"
        );
    }
}

#[test]
fn what_is_no_export_or_has_no_host_is_refused_and_a_dry_run_writes_nothing() {
    let import = Import::new();
    let csv = import.file("export.csv", GOATCOUNTER);
    let csv = csv.to_str().unwrap();
    let other = import.file("other.csv", "a,b\n1,2\n");
    let other = other.to_str().unwrap();
    let newer = import.file("newer.csv", GOATCOUNTER.replacen('2', "3", 1));
    let newer = newer.to_str().unwrap();
    for (service, file, sentence) in [
        (
            "goatcounter",
            csv,
            "it names pages without their host: say --site example.com",
        ),
        (
            "goatcounter",
            newer,
            "the CSV has version 3, and only versions 1 and 2 can be read",
        ),
        ("goatcounter", other, "this is no export of goatcounter"),
        ("umami", other, "this is no export of umami"),
        ("plausible", csv, "this is no export of plausible"),
        ("vercount", other, "this is not JSON, from column 1 on"),
    ] {
        let (done, _, said) = import.run(&["import", "counters", file, "--from", service]);
        assert!(!done && said.contains(sentence), "{service}: {said}");
    }
    let dry = [
        "import",
        "counters",
        csv,
        "--from",
        "goatcounter",
        "--site",
        "e",
        "--dry-run",
    ];
    let (done, shown, said) = import.run(&dry);
    assert!(done);
    assert!(
        said.ends_with("nothing was imported: --dry-run\n"),
        "{said}"
    );
    assert_eq!(shown, "           2  e/\n           1  e/cv\n");
    assert!(!import.folder.path().join("data/dynamodb.sqlite").exists());
}
