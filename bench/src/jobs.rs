//! The cost of CSV files of job offers, as they grow: rows a second from the
//! file to the table, and the most memory that the program had meanwhile.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use tokio::process::Command;

use crate::server::Server;
use crate::{Result, progress};

/// The cost of one file.
#[derive(Debug, Serialize)]
pub(crate) struct Cost {
    pub(crate) rows: usize,
    pub(crate) rows_per_second: f64,
    /// In bytes.
    pub(crate) peak_memory: u64,
}

/// Loads a file of each size into a program of its own, which keeps it on disk.
pub(crate) async fn load(program: &Path, scratch: &Path, sizes: &[usize]) -> Result<Vec<Cost>> {
    let mut costs = Vec::new();
    for &rows in sizes {
        progress(&format!("jobs: a file of {rows} rows"));
        let folder = scratch.join(format!("jobs-{rows}"));
        std::fs::create_dir_all(&folder)?;
        let file = generate(&folder, rows)?;
        let data = folder.join("data");
        costs.push(load_one(program, &data, &file, rows).await?);
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(costs)
}

async fn load_one(program: &Path, data: &Path, file: &Path, rows: usize) -> Result<Cost> {
    let data_dir = data.to_str().ok_or("the scratch folder is not UTF-8")?;
    let server = Server::start(program, &["--data-dir", data_dir]).await?;
    let started = Instant::now();
    let loaded = Command::new(program)
        .args(["jobs", "load", "--data-dir", data_dir])
        .arg(file)
        .output()
        .await?;
    let seconds = started.elapsed().as_secs_f64();
    let summary = String::from_utf8_lossy(&loaded.stdout);
    if summary != format!("{rows} rows read, {rows} stored, 0 already there, 0 refused, 0 dead\n") {
        let complaint = String::from_utf8_lossy(&loaded.stderr);
        return Err(format!("not all rows were stored: {summary}{complaint}").into());
    }
    let peak_memory = server.peak_memory()?;
    server.kill().await?;
    Ok(Cost {
        rows,
        rows_per_second: rows as f64 / seconds,
        peak_memory,
    })
}

/// A file of rows of about 200 bytes, in a thousand cities.
fn generate(folder: &Path, rows: usize) -> Result<PathBuf> {
    let path = folder.join("offers.csv");
    let mut file = BufWriter::new(File::create(&path)?);
    writeln!(
        file,
        "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider"
    )?;
    for id in 0..rows {
        let (city, keyword) = (id % 1_000, id % 100);
        writeln!(
            file,
            "offer-{id},City {city},\"Company {id}, Sons & Daughters\",A job like many others \
             {id},https://jobs.example/offers/{id},permanent,services,NULL,keyword \
             {keyword},2026-11-01,example"
        )?;
    }
    file.flush()?;
    Ok(path)
}
