//! `--time-zone`: the days of visits are the owner's, also after a move.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Program, bare};

fn exported(folder: &Path) -> String {
    let mut command = bare();
    command.args(["export", "visits", "--data-dir"]).arg(folder);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

async fn summary(program: &Program, folder: &Path) -> Value {
    let mut command = bare();
    let token = command.args(["token", "--data-dir"]).arg(folder).output();
    let token = String::from_utf8(token.unwrap().stdout).unwrap();
    let url = format!(
        "{}/visits/summary?propertyId=p&from=2026-01-01",
        program.url
    );
    let request = program.http.get(url).bearer_auth(token.trim());
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn visits_are_counted_on_the_owners_days_and_anew_where_they_are_brought_in() {
    let (data, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let program = Program::on_disk(data.path(), &["--time-zone", "America/Los_Angeles"]);
    for date in ["2026-11-02T07:59:59Z", "2026-11-02T08:00:00Z"] {
        let post = program.http.post(format!("{}/visits", program.url));
        let body = json!({ "propertyId": "p", "date": date, "place": "Lyon" });
        assert_eq!(post.json(&body).send().await.unwrap().status(), 201);
    }
    let counted = summary(&program, data.path()).await;
    assert_eq!(counted["timeZone"], "America/Los_Angeles");
    assert_eq!(
        counted["properties"],
        json!([{
            "propertyId": "p",
            "visits": 2,
            "days": [{ "date": "2026-11-01", "visits": 1 }, { "date": "2026-11-02", "visits": 1 }],
        }])
    );
    assert_eq!(
        (&counted["hours"][23], &counted["hours"][0]),
        (&json!(1), &json!(1))
    );

    let visits: String = exported(data.path())
        .lines()
        .filter(|line| line.contains("\"date\":"))
        .map(|line| format!("{line}\n"))
        .collect();
    let file = other.path().join("visits.jsonl");
    std::fs::write(&file, visits).unwrap();
    let moved = other.path().join("data");
    let import = [
        "import",
        "visits",
        "--time-zone",
        "Asia/Tokyo",
        "--data-dir",
    ];
    let output = bare().args(import).arg(&moved).arg(&file).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let program = Program::on_disk(&moved, &["--time-zone", "Asia/Tokyo"]);
    let counted = summary(&program, &moved).await;
    assert_eq!(
        counted["days"],
        json!([{ "date": "2026-11-02", "visits": 2, "uniques": 0 }])
    );
    assert_eq!(
        (&counted["hours"][16], &counted["hours"][17]),
        (&json!(1), &json!(1))
    );
}
