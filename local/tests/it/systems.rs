//! `--only`: some of the systems, and nothing of the others.

use std::collections::BTreeSet;
use std::fs;
use std::process::Output;

use reqwest::Method;
use serde_json::{Value, json};

use crate::page::Desk;
use crate::program::{Program, UNTHROTTLED, bare, command};

/// The systems beside the counter.
const OTHERS: [&str; 3] = ["visits", "jobs", "items"];

/// Each way to want some of them.
fn combinations() -> impl Iterator<Item = Vec<&'static str>> {
    (0..8).map(|bits: u32| {
        let chosen = (0..3).filter(|bit| bits & (1 << bit) != 0);
        chosen.map(|bit| OTHERS[bit as usize]).collect()
    })
}

fn only(systems: &[&str]) -> String {
    [&["counter"], systems].concat().join(",")
}

/// The routes of the stack, and the system of each.
fn routes() -> Vec<(Method, String, String)> {
    let stack = local::stack::description();
    let systems = stack["systems"].as_object().unwrap().clone();
    let routes = stack["routes"].as_object().unwrap().iter();
    let routes = routes.map(|(route, function)| {
        let (method, path) = route.split_once(' ').unwrap();
        let mut of = systems
            .iter()
            .filter(|(_, one)| one["function"] == *function);
        let system = of.next().unwrap().0.clone();
        let path = path.replace("{proxy+}", "some/id");
        (method.parse().unwrap(), path, system)
    });
    routes.collect()
}

#[tokio::test]
async fn what_is_left_out_answers_404_and_what_is_not_does_not() {
    let routes = routes();
    assert!(routes.len() >= 12);
    for systems in combinations() {
        let wanted = only(&systems);
        let arguments = ["--in-memory", "--only", &wanted];
        let program = Program::start(&[&arguments[..], &UNTHROTTLED].concat());
        for (method, path, system) in &routes {
            let is_there = system == "counter" || systems.contains(&system.as_str());
            let url = format!("{}{path}", program.url);
            let answer = program.http.request(method.clone(), url).send().await;
            let answer = answer.unwrap();
            let status = answer.status();
            // A badge is no JSON.
            let said: Value =
                serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default();
            let is_unknown = status == 404 && said == json!({"message": "Not Found"});
            assert_eq!(is_unknown, !is_there, "{wanted}: {method} {path}: {said}");
        }
        let document: Value = program.get("/openapi.json").await.json().await.unwrap();
        let tags: BTreeSet<_> = document["tags"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| tag["name"].as_str().unwrap().replace("jobs-api", "jobs"))
            .collect();
        let expected = [&["counter"], &systems[..]].concat();
        let expected: BTreeSet<_> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(tags, expected);
        let has_schema = |name: &str| document["components"]["schemas"][name].is_object();
        assert_eq!(has_schema("Visit"), systems.contains(&"visits"));
        assert_eq!(has_schema("JobOffer"), systems.contains(&"jobs"));
        assert_eq!(has_schema("ItemCall"), systems.contains(&"items"));
        assert_eq!(program.get("/readyz").await.status(), 200);
        #[cfg(target_os = "linux")]
        assert_eq!(
            program.listening().len(),
            1 + usize::from(systems.contains(&"jobs"))
        );
    }
}

#[tokio::test]
async fn a_system_that_is_left_out_for_a_while_comes_back_with_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &[]);
    assert_eq!(program.hit("a").await.unwrap(), 1);
    let token = fs::read_to_string(folder.path().join("owner-token")).unwrap();
    let visit = json!({"propertyId": "a", "place": "Lyon"});
    let report = program.http.post(format!("{}/visits", program.url));
    assert_eq!(report.json(&visit).send().await.unwrap().status(), 201);
    let order = json!({"operation": "create", "payload": {"Item": {"id": "1"}}});
    let create = program.http.post(format!("{}/order", program.url));
    let create = create.bearer_auth(token.trim()).json(&order);
    assert_eq!(create.send().await.unwrap().status(), 200);
    assert!(program.terminate().success());

    let program = Program::on_disk(folder.path(), &["--only", "counter"]);
    assert_eq!(program.hit("a").await.unwrap(), 2);
    assert_eq!(program.get("/visits?propertyId=a").await.status(), 404);
    let parts = status_of(&program, &token).await;
    let parts: Vec<_> = parts.as_object().unwrap().keys().cloned().collect();
    assert_eq!(parts, ["disk", "store", "tasks"]);
    let folder_option = ["--data-dir", folder.path().to_str().unwrap()];
    let output = run(&[&["jobs", "status"], &folder_option[..]].concat());
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: the running resume-counter has no job offers: start it with `jobs` in --only\n"
    );
    assert!(program.terminate().success());

    let program = Program::on_disk(folder.path(), &[]);
    let list = format!("{}/visits?propertyId=a", program.url);
    let list = program.http.get(list).bearer_auth(token.trim());
    let visits: Value = list.send().await.unwrap().json().await.unwrap();
    assert_eq!(visits["visits"][0]["place"], "Lyon");
    let read = json!({"operation": "read", "payload": {"Key": {"id": "1"}}});
    let read_it = program.http.post(format!("{}/order", program.url));
    let answer = read_it.bearer_auth(token.trim()).json(&read);
    let answer: Value = answer.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"Item": {"id": "1"}}));
}

async fn status_of(program: &Program, token: &str) -> Value {
    let ask = program.http.get(format!("{}/readyz", program.url));
    let answer = ask.bearer_auth(token.trim()).send().await.unwrap();
    answer.json::<Value>().await.unwrap()["parts"].clone()
}

#[tokio::test]
async fn no_page_leads_to_a_system_that_is_left_out() {
    let desk = Desk::new();
    desk.save(&json!({ "basics": { "name": "Ada" } }));
    let reports_none = "<meta name=visits content=off>";
    for (systems, has_visits) in [("counter", false), ("visits", true)] {
        let program = desk.start(&["--no-watch", "--only", systems]);
        let page = program.get("/").await.text().await.unwrap();
        assert_eq!(page.contains(reports_none), !has_visits, "{page}");
        let status = if has_visits { 200 } else { 404 };
        assert_eq!(program.get("/dashboard/").await.status(), status);

        let out = desk.path(systems);
        let [shells, resume] = [desk.path("shells"), desk.resume()];
        let build = bare()
            .args(["build", "--only", systems, "--out"])
            .arg(&out)
            .arg("--shells")
            .arg(shells)
            .arg("--resume")
            .arg(resume)
            .output();
        assert!(build.unwrap().status.success());
        assert_eq!(out.join("dashboard").exists(), has_visits);
        // A folder that holds more than is served.
        let folder = desk.path("visits");
        let folder = ["--in-memory", "--site", folder.to_str().unwrap_or_default()];
        if has_visits {
            let program = Program::start(&[&folder[..], &["--only", "counter"]].concat());
            assert_eq!(program.get("/").await.status(), 200);
            for path in ["/dashboard/", "//dashboard/index.html", "/dashboard"] {
                assert_eq!(program.get(path).await.status(), 404, "{path}");
            }
        }
    }
}

#[test]
fn of_what_is_left_out_no_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::on_disk(folder.path(), &["--only", "counter,visits"]);
    assert!(program.terminate().success());
    let entries = fs::read_dir(folder.path()).unwrap();
    let names: BTreeSet<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("dynamodb.sqlite-"))
        .collect();
    let expected = [
        "addresses",
        "addresses.lock",
        "dynamodb.sqlite",
        "marks",
        "owner-token",
        "resume-counter.lock",
    ];
    assert_eq!(names, expected.map(str::to_owned).into());
    let folder_option = ["--data-dir", folder.path().to_str().unwrap()];
    let export = run(&[&["export", "visits"], &folder_option[..]].concat());
    assert!(export.status.success());
}

#[test]
fn a_system_that_is_none_is_refused_with_those_there_are() {
    let output = command(&["--only", "counter,vists"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    for system in ["vists", "counter, visits, jobs"] {
        assert!(said.contains(system), "{said}");
    }
    let output = command(&["--only", "visits", "--s3-listen", "127.0.0.1:0"]);
    let output = { output }.output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: --s3-listen opens the bucket of job offers, and --only leaves them out: \
         leave --s3-listen out, or add jobs to --only\n"
    );
}

#[test]
fn help_lists_the_options_by_system_and_the_counters_first() {
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap();
    let headings = help.lines().filter_map(|line| line.strip_suffix(':'));
    let headings: Vec<_> = headings.filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        headings,
        [
            "Commands",
            "Options",
            "The counter and its page",
            "Visits",
            "Job offers",
            "Items",
            "The store",
            "All systems",
            "The log"
        ]
    );
}

fn run(arguments: &[&str]) -> Output {
    bare().args(arguments).output().unwrap()
}
