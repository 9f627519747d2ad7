//! Job offers through the real program: files in, offers out, nothing lost.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

use crate::program::Program;
use emulator::Queues;
use serde_json::{Value, json};

const HEADER: &str = "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider\n";

/// Files of 141, 252, 215 and 1,000 rows, whose ids go on from file to file.
fn four_files(folder: &Path) -> Vec<PathBuf> {
    let mut first = 0;
    let write = |(n, rows): (usize, usize)| {
        let ids = first..first + rows;
        first += rows;
        let rows: String = ids
            .map(|id| format!("{id},Lyon,Pain et Cie,Boulanger,,CDI,,NULL,pain,2026-11-01,site\n"))
            .collect();
        let path = folder.join(format!("{n}.csv"));
        std::fs::write(&path, HEADER.to_owned() + &rows).unwrap();
        path
    };
    [141, 252, 215, 1_000]
        .into_iter()
        .enumerate()
        .map(write)
        .collect()
}

fn jobs(command: &str, data: &Path, files: &[PathBuf]) -> Command {
    let mut jobs = crate::program::bare();
    jobs.args(["jobs", command, "--data-dir"]).arg(data);
    jobs.args(files);
    jobs
}

fn text(output: Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn complaint(output: Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// The number of offers that the API lists, page after page.
async fn listed(program: &Program) -> usize {
    let mut path = "/v1/jobs?limit=1000".to_owned();
    let mut ids = std::collections::HashSet::new();
    loop {
        let answer = program.get(&path).await;
        let link = answer.headers().get("link").map(|l| l.to_str().unwrap());
        let next =
            link.and_then(|link| Some(link.strip_prefix('<')?.split_once('>')?.0.to_owned()));
        let offers: Vec<Value> = answer.json().await.unwrap();
        for offer in offers {
            assert!(ids.insert(offer["id"].to_string()), "{offer} came twice");
        }
        match next {
            Some(next) => path = next,
            None => return ids.len(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn load_says_how_many_rows_were_stored_and_why_others_were_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let program = Program::on_disk(&data, &[]);
    let mut files = four_files(folder.path());
    let bad = folder.path().join("bad é+1.csv");
    std::fs::write(
        &bad,
        format!("{HEADER}one,Lyon,,,,,,,,,\n,Lyon,,,,,,,,,\nno row\n"),
    )
    .unwrap();
    files.push(bad);
    let load = || text(jobs("load", &data, &files).output().unwrap());
    let reasons = "  bad é+1.csv, line 3: `id` is missing\n  \
        bad é+1.csv, line 4: the row has 1 column instead of 11\n";
    let first = "1611 rows read, 1609 stored, 0 already there, 2 refused, 0 dead\n";
    assert_eq!(load(), format!("{first}{reasons}"));
    assert_eq!(listed(&program).await, 1_609);
    // The second time it changes nothing.
    let again = "1611 rows read, 0 stored, 1609 already there, 2 refused, 0 dead\n";
    assert_eq!(load(), format!("{again}{reasons}"));
    assert_eq!(listed(&program).await, 1_609);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_nothing_can_be_used_is_an_error_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let _program = Program::on_disk(&data, &[]);
    for (name, content, rows, reason) in [
        (
            "bad.csv",
            format!("{HEADER},Lyon,,,,,,,,,\n"),
            "1 row read, 0 stored, 0 already there, 1 refused, 0 dead",
            "bad.csv, line 2: `id` is missing",
        ),
        (
            "empty.csv",
            String::new(),
            "0 rows read, 0 stored, 0 already there, 0 refused, 0 dead",
            "empty: the file is empty: it has no header",
        ),
        (
            "book.csv",
            "PK\u{3}\u{4}[Content_Types].xml".to_owned(),
            "0 rows read, 0 stored, 0 already there, 0 refused, 0 dead",
            "book: the file is an Excel workbook (XLSX) and not CSV, so no row of it can be read",
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        let output = jobs("load", &data, &[path]).output().unwrap();
        let said = String::from_utf8(output.stdout.clone()).unwrap();
        assert_eq!(said, format!("{rows}\n  {reason}\n"));
        let name = name.trim_end_matches(".csv");
        let fault = format!("error: {name} was not loaded\n");
        assert_eq!(complaint(output), fault);
    }
    let path = folder.path().join("header.csv");
    std::fs::write(&path, HEADER).unwrap();
    let said = text(jobs("load", &data, &[path]).output().unwrap());
    let numbers = "0 rows read, 0 stored, 0 already there, 0 refused, 0 dead";
    assert_eq!(
        said,
        format!("{numbers}\n  header: there are no rows in it\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_loaded_and_the_status_says_what_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let program = Program::on_disk(&data, &[]);
    let files = folder.path().join("files");
    std::fs::create_dir(&files).unwrap();
    std::fs::write(files.join("A.CSV"), format!("{HEADER}1,Lyon,,,,,,,,,\n")).unwrap();
    std::fs::write(files.join("notes.txt"), "no offers").unwrap();
    let windows = b"2;\xc9vry;;;;;;;;;\r\n";
    let windows = [HEADER.replace(',', ";").as_bytes(), windows].concat();
    std::fs::write(files.join("b.csv"), windows).unwrap();
    let said = text(jobs("load", &data, &[files]).output().unwrap());
    assert_eq!(
        said,
        "2 rows read, 2 stored, 0 already there, 0 refused, 0 dead\n  \
         b.csv: line 2 is not UTF-8 and is read as Windows-1252, which is a guess\n"
    );
    for query in ["%C3%89vry", "E%CC%81vry"] {
        let answer = program.get(&format!("/v1/jobs?city={query}")).await;
        let offers: Value = answer.json().await.unwrap();
        assert_eq!(offers, json!([{ "id": "2", "city": "Évry" }]));
    }
    let said = text(jobs("status", &data, &[]).output().unwrap());
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(
        lines[0],
        "files under way: 0, not read: 0; rows under way: 0, dead: 0"
    );
    let numbers = "1 read, 1 stored, 0 already there, 0 refused, 0 dead";
    assert!(
        lines[1].ends_with(&format!("job_offers/b.csv: {numbers}")),
        "{said}"
    );
    assert!(
        lines[2].ends_with(&format!("job_offers/A.CSV: {numbers}")),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_is_found_changed_and_deleted_whatever_its_id_is_made_of() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("ids.csv"));
    let program = Program::on_disk(&data, &[]);
    let token = std::fs::read_to_string(data.join("owner-token")).unwrap();
    let token = token.trim();
    let ids = [
        ("acme/2026/7", "acme/2026/7"),
        ("/first//last/", "%2Ffirst%2F%2Flast%2F"),
        ("a/../b/./c", "a%2F..%2Fb%2F.%2Fc"),
        ("50%", "50%25"),
        ("a%2Fb", "a%252Fb"),
        (
            "école/été 日本",
            "%C3%A9cole/%C3%A9t%C3%A9%20%E6%97%A5%E6%9C%AC",
        ),
        ("e\u{301}te\u{301}", "e%CC%81te%CC%81"),
        ("?a=1&b=2#c;d+e", "%3Fa=1&b=2%23c;d+e"),
        ("{proxy+}", "%7Bproxy+%7D"),
    ];
    let rows = ids.map(|(id, _)| format!("{id},Lyon,,,,,,,,,\n")).concat();
    std::fs::write(&file, HEADER.to_owned() + &rows).unwrap();
    let load = jobs("load", &data, &[file]).output();
    let numbers = "9 rows read, 9 stored, 0 already there, 0 refused, 0 dead\n";
    assert_eq!(text(load.unwrap()), numbers);
    for (id, path) in ids {
        let id = id.replace("e\u{301}", "é");
        let path = format!("/v1/jobs/{path}");
        let read: Value = program.get(&path).await.json().await.unwrap();
        assert_eq!(read, json!({ "id": id, "city": "Lyon" }), "{path}");
        let url = format!("{}{path}", program.url);
        let put = program
            .http
            .put(&url)
            .json(&json!({ "title": "Chef" }))
            .bearer_auth(token);
        let changed: Value = put.send().await.unwrap().json().await.unwrap();
        assert_eq!(
            changed,
            json!({ "id": id, "city": "Lyon", "title": "Chef" }),
            "{path}"
        );
        let delete = program.http.delete(&url).bearer_auth(token);
        assert_eq!(delete.send().await.unwrap().status(), 204, "{path}");
        assert_eq!(program.get(&path).await.status(), 404, "{path}");
    }
    // One that is not there, and one that is none.
    assert_eq!(program.get("/v1/jobs/a/b/c").await.status(), 404);
    assert_eq!(program.get("/v1/jobs/").await.status(), 404);
    assert_eq!(listed(&program).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demonstration_is_alive_and_touches_no_data() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let program = Program::on_disk(&data, &["--demo"]);
    while listed(&program).await < 60 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!data.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_is_stored_although_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let files = four_files(folder.path());
    let program = Program::on_disk(&data, &[]);
    let mut load = jobs("load", &data, &files);
    load.stdout(std::process::Stdio::piped());
    load.stderr(std::process::Stdio::piped());
    let load = load.spawn().unwrap();
    let bucket = rusqlite::Connection::open(data.join("buckets/index.sqlite")).unwrap();
    let taken = || {
        // The bucket also holds what came of those that are through.
        let count = "SELECT count(*) FROM objects WHERE CAST(key AS TEXT) LIKE 'job_offers/%'";
        bucket
            .query_row(count, (), |row| row.get::<_, usize>(0))
            .unwrap()
    };
    while taken() < files.len() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(bucket);
    program.kill();
    let told = complaint(load.wait_with_output().unwrap());
    assert!(told.starts_with("error: "), "{told}");
    let program = Program::on_disk(&data, &[]);
    for _ in 0..600 {
        if listed(&program).await == 1_608 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(listed(&program).await, 1_608);
    // To load them again changes nothing.
    let summary = text(jobs("load", &data, &files).output().unwrap());
    assert!(summary.starts_with("1608 rows read, "), "{summary}");
    assert!(
        summary.ends_with(" already there, 0 refused, 0 dead\n"),
        "{summary}"
    );
    assert_eq!(listed(&program).await, 1_608);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_can_be_seen_and_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let _program = Program::on_disk(folder.path(), &[]);
    let dead_letters = || text(jobs("dead-letters", folder.path(), &[]).output().unwrap());
    assert_eq!(dead_letters(), "");
    let queues = Queues::beside(&folder.path().join("queues.sqlite")).unwrap();
    let poison = ("{\"id\":\"1\"}\n".to_owned(), "{}".to_owned());
    queues.send("job-offers", vec![poison]).await.unwrap();
    while dead_letters().is_empty() {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(dead_letters(), "10 tries  {\"id\":\"1\"} \n");
    let redrive = text(jobs("redrive", folder.path(), &[]).output().unwrap());
    assert_eq!(redrive, "tried again: 1\n");
    assert_eq!(dead_letters(), "");
}

#[tokio::test]
async fn nobody_gets_to_the_bucket_unsigned_and_the_sites_port_knows_none() {
    let program = Program::unthrottled();
    let path = "job-offers/job_offers/x.csv";
    let signed = |url: &str| {
        let signature = format!(
            "AWS4-HMAC-SHA256 Credential=owner/{}/eu-west-1/s3/aws4_request, \
             SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00",
            "20261121"
        );
        let put = program.http.put(format!("{url}/{path}")).body(HEADER);
        put.header("authorization", signature)
            .header("x-amz-date", "20261121T000000Z")
            .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
    };
    let url = format!("{}/{path}", program.bucket);
    let form = reqwest::header::HeaderValue::from_static("multipart/form-data; boundary=x");
    let presigned = format!("{url}?AWSAccessKeyId=owner&Signature=x&Expires=9999999999");
    let version_two = "Signature version 2 is not taken. Please sign with AWS4-HMAC-SHA256, \
         signature version 4.";
    for (request, status, said) in [
        (program.http.get(&url), 403, "AccessDenied"),
        (program.http.put(&url).body(HEADER), 403, "AccessDenied"),
        (signed(&program.bucket), 403, "RequestTimeTooSkewed"),
        (program.http.get(presigned), 400, version_two),
        (
            program.http.post(&url).header("content-type", form),
            501,
            "NotImplemented",
        ),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{said}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        let policy = answer.headers()["content-security-policy"].clone();
        assert_eq!(policy, "default-src 'none'; sandbox");
        let xml = answer.text().await.unwrap();
        assert!(xml.contains(said), "{xml}");
    }
    let answer = signed(&program.url).send().await.unwrap();
    // 405 where there are pages, which are there to be read.
    assert!(
        [404, 405].contains(&answer.status().as_u16()),
        "the site's port answers for the bucket: {answer:?}"
    );
}

#[test]
fn what_cannot_be_loaded_is_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let files = four_files(folder.path());
    Program::on_disk(&data, &[]).terminate();
    let path = data.display();
    assert_eq!(
        complaint(jobs("load", &data, &files).output().unwrap()),
        format!("error: no resume-counter runs with data folder {path}: start it first\n")
    );
    let twice = [files[0].clone(), files[0].clone()];
    assert_eq!(
        complaint(jobs("load", &data, &twice).output().unwrap()),
        format!(
            "error: another of these files has the same name as {}: load one after the other\n",
            files[0].display()
        )
    );
}

#[tokio::test]
async fn the_owner_writes_offers_and_everyone_reads_them() {
    let token = "a-token-for-these-tests";
    let program = Program::start_with(&["--in-memory"], &[("RESUME_COUNTER_OWNER_TOKEN", token)]);
    let url = format!("{}/v1/jobs", program.url);
    let offer = json!({ "city": "Lyon", "company_name": "Pain et Cie", "title": "Boulanger", "contract_type": "CDI" });
    let post = program.http.post(&url).json(&offer);
    assert_eq!(post.send().await.unwrap().status(), 401);
    let post = program.http.post(&url).json(&offer).bearer_auth(token);
    let answer = post.send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let created: Value = answer.json().await.unwrap();
    let read = program.get(&location).await;
    assert_eq!(read.json::<Value>().await.unwrap(), created);
    let url = format!("{}{location}", program.url);
    let put = program
        .http
        .put(&url)
        .json(&json!({ "title": "Boulangère" }));
    let changed = put.bearer_auth(token).send().await.unwrap();
    assert_eq!(
        changed.json::<Value>().await.unwrap()["title"],
        "Boulangère"
    );
    let delete = program.http.delete(&url).bearer_auth(token);
    assert_eq!(delete.send().await.unwrap().status(), 204);
    assert_eq!(program.get(&location).await.status(), 404);
    assert_eq!(program.get("/v1/jobs/%FF").await.status(), 400);
    let health = program.get("/v1/health").await;
    assert_eq!(health.text().await.unwrap(), "[]");
    let refused = program.http.delete(format!("{}/v1/jobs", program.url));
    let refused = refused.send().await.unwrap();
    assert_eq!(refused.headers()["allow"], "GET, POST, OPTIONS");
}
