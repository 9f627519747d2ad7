//! A clock that is wrong, or jumps.

use std::time::Duration;

use reqwest::Response;
use serde_json::Value;

use crate::faults::{Faults, Switch};
use crate::program::{Program, UNTHROTTLED, command};

const DAY: i64 = 24 * 60 * 60;
const TOKEN: &str = "0123456789abcdef";

struct Machine {
    folder: tempfile::TempDir,
    faults: Faults,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let faults = Faults::in_folder(folder.path());
        Self { folder, faults }
    }

    fn start(&self) -> Program {
        let data = self.folder.path().join("data");
        let mut command = command(&["--data-dir", data.to_str().unwrap()]);
        command.env("RESUME_COUNTER_OWNER_TOKEN", TOKEN);
        self.faults.under(&mut command);
        Program::run(command.args(UNTHROTTLED))
    }
}

/// Sends the visit of one visitor, who may repeat it.
async fn visit(program: &Program, key: Option<&str>) -> Response {
    let post = program.http.post(format!("{}/visits", program.url));
    let post = post.body(r#"{"propertyId":"p"}"#);
    let post = match key {
        Some(key) => post.header("idempotency-key", key),
        None => post,
    };
    post.send().await.unwrap()
}

#[tokio::test]
async fn a_start_with_the_clock_a_month_ahead_forgets_no_visitor_of_today() {
    let machine = Machine::new();
    let key = Some("01234567-89ab-cdef-0123-456789abcdef");
    let program = machine.start();
    let first: Value = visit(&program, key).await.json().await.unwrap();
    program.terminate();

    machine.faults.set(Switch::ClockSeconds, 30 * DAY);
    let program = machine.start();
    assert_eq!(program.hit("p").await.unwrap(), 1);
    // What has expired is looked for from the start on.
    tokio::time::sleep(Duration::from_millis(500)).await;
    program.terminate();

    machine.faults.set(Switch::ClockSeconds, 0);
    let program = machine.start();
    let again: Value = visit(&program, key).await.json().await.unwrap();
    assert_eq!(again, first);
    assert_eq!(visit(&program, None).await.status(), 201);
    let url = format!("{}/visits/summary?propertyId=p", program.url);
    let summary = program.http.get(url).bearer_auth(TOKEN).send().await;
    let summary: Value = summary.unwrap().json().await.unwrap();
    assert_eq!(summary["visits"], 2, "{summary}");
    assert_eq!(summary["uniques"], 1, "{summary}");
}

#[tokio::test]
async fn every_hit_is_counted_while_the_clock_jumps() {
    let machine = Machine::new();
    let program = machine.start();
    let mut last = 0;
    for days in [0, 1, -1, 365, -30, 36_500, -21_000, 0] {
        machine.faults.set(Switch::ClockSeconds, days * DAY);
        for _ in 0..5 {
            last += 1;
            assert_eq!(program.hit("p").await.unwrap(), last, "{days} days");
        }
        assert_eq!(program.get("/readyz").await.status(), 200, "{days} days");
    }
    assert!(program.terminate().success());
}
