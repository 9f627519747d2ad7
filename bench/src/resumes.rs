//! The cost of building the page of a long résumé, compressed copies included.

use std::path::Path;
use std::time::Instant;

use serde::Serialize;
use serde_json::json;
use tokio::process::Command;

use crate::statistics::median;
use crate::{Result, progress};

/// Builds of each résumé.
const ROUNDS: usize = 9;

/// The cost of one résumé.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    pub(crate) jobs: usize,
    /// Of its file.
    pub(crate) bytes: usize,
    /// From the start of the program to its end, in milliseconds.
    pub(crate) build: f64,
}

/// Builds a résumé of each number of jobs with `program`.
pub(crate) async fn build(program: &Path, scratch: &Path, sizes: &[usize]) -> Result<Vec<Cost>> {
    let mut costs = Vec::new();
    for &jobs in sizes {
        progress(&format!("résumés: {jobs} jobs"));
        let folder = tempfile::tempdir_in(scratch)?;
        let resume = resume(jobs);
        let file = folder.path().join("resume.json");
        std::fs::write(&file, &resume)?;
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            let site = folder.path().join(format!("site-{round}"));
            let started = Instant::now();
            let built = Command::new(program)
                .arg("build")
                .arg("--out")
                .arg(&site)
                .arg("--resume")
                .arg(&file)
                .output()
                .await?;
            times.push(started.elapsed().as_secs_f64() * 1e3);
            let page = std::fs::read_to_string(site.join("index.html")).unwrap_or_default();
            if !built.status.success() || page.matches("<article>").count() != jobs {
                return Err(String::from_utf8_lossy(&built.stderr).into());
            }
        }
        costs.push(Cost {
            jobs,
            bytes: resume.len(),
            build: median(times),
        });
    }
    Ok(costs)
}

/// A résumé whose jobs each have what a job has on average.
fn resume(jobs: usize) -> String {
    let job = |at: usize| {
        json!({
            "name": format!("Company {at}, Sons & Daughters"),
            "position": format!("Engineer of the {at}th kind"),
            "url": format!("https://company-{at}.example.com"),
            "location": "Leeds",
            "startDate": format!("{}-03-01", 1600 + at),
            "endDate": format!("{}-02-28", 1601 + at),
            "summary": "I ran the **booking system** and the team that keeps it, see [the notes](https://example.com/notes).",
            "highlights": [
                format!("Cut the cost of a booking by {at} % with services in place of workers that always run."),
                "Wrote the guide by which incidents are reviewed; repeats fell from eleven a quarter to two.",
                "Brought the rota from every second week to every sixth.",
            ],
            "keywords": ["Rust", "PostgreSQL", "Kafka"],
        })
    };
    json!({
        "basics": { "name": "Maren Okonjo", "summary": "I build the quiet parts of busy systems." },
        "work": (0..jobs).map(job).collect::<Vec<_>>(),
    })
    .to_string()
}
