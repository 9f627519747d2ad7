//! The options of the store: where the data is, and the names of its tables.

use std::path::PathBuf;

use clap::Args;
use clap::builder::FalseyValueParser;
use items::{NoTable, Tables};
use url::Url;

use super::heading;

/// The folder of this machine's data.
#[derive(Clone, Debug, Args)]
pub struct Folder {
    /// Folder the data is kept in [default: resume-counter in the user's data folder].
    #[arg(help_heading = heading::STORE, long, env = "RESUME_COUNTER_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// The store, and its tables.
#[derive(Clone, Debug, Args)]
pub struct StoreOptions {
    /// Name of the table of hits.
    #[arg(
        help_heading = heading::COUNTER,
        long,
        env = "DYNAMODB_TABLE",
        default_value = "CloudResumeCounterHits",
        value_name = "NAME",
        value_parser = parse_table
    )]
    pub table: String,

    /// Name of the table of visits.
    #[arg(
        help_heading = heading::VISITS,
        long,
        env = "VISITS_TABLE",
        default_value = "visits",
        value_name = "NAME",
        value_parser = parse_table
    )]
    pub visits_table: String,

    /// Name of the table of the days' salts.
    #[arg(
        help_heading = heading::VISITS,
        long,
        env = "SALTS_TABLE",
        default_value = "visits-salts",
        value_name = "NAME",
        value_parser = parse_table
    )]
    pub salts_table: String,

    /// Name of the table of job offers.
    #[arg(
        help_heading = heading::JOBS,
        long,
        env = "JOBS_TABLE",
        default_value = "job-offers",
        value_name = "NAME",
        value_parser = parse_table
    )]
    pub jobs_table: String,

    /// Name of the table of what happened to job offers.
    #[arg(
        help_heading = heading::JOBS,
        long,
        env = "JOBS_LOG_TABLE",
        default_value = "job-offers-log",
        value_name = "NAME",
        value_parser = parse_table
    )]
    pub jobs_log_table: String,

    /// Tables of POST /order, with commas between; the first is meant where a
    /// request names none.
    #[arg(
        help_heading = heading::ITEMS,
        long,
        env = "ORDER_TABLES",
        default_value = "order-microservice-db",
        value_name = "NAMES",
        value_parser = parse_tables
    )]
    pub order_tables: Tables,

    /// Tables of POST /dynamodbmanager, likewise.
    #[arg(
        help_heading = heading::ITEMS,
        long,
        env = "MANAGER_TABLES",
        default_value = "anything",
        value_name = "NAMES",
        value_parser = parse_tables
    )]
    pub manager_tables: Tables,

    /// The folder of this machine's data.
    #[command(flatten)]
    pub folder: Folder,

    /// Use this DynamoDB-compatible store instead of the built-in one, with
    /// the access keys and the region of the environment.
    #[arg(help_heading = heading::STORE, long, env = "DYNAMODB_ENDPOINT", value_name = "URL", value_parser = parse_endpoint)]
    pub dynamodb_endpoint: Option<String>,

    /// Where a database of the data folder is gone or damaged, set aside what is
    /// left of it and begin with an empty one.
    #[arg(help_heading = heading::STORE, long)]
    pub start_anew: bool,

    /// Answer a write only once it is on the disk, so that it survives a power
    /// loss. Without it a write survives the end of the program, kill -9
    /// included, but the last moments before a power loss may be lost.
    #[arg(help_heading = heading::STORE, long, env = "RESUME_COUNTER_FSYNC", value_parser = FalseyValueParser::new())]
    pub fsync: bool,
}

/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>
fn parse_table(text: &str) -> Result<String, String> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    match (3..=255).contains(&text.len()) && text.bytes().all(is_name) {
        true => Ok(text.to_owned()),
        false => Err("write 3 to 255 letters, digits, dots, hyphens or underscores".to_owned()),
    }
}

fn parse_tables(text: &str) -> Result<Tables, String> {
    let tables: Tables = text.parse().map_err(|error: NoTable| error.to_string())?;
    for name in tables.names() {
        parse_table(name).map_err(|sentence| format!("{name}: {sentence}"))?;
    }
    Ok(tables)
}

fn parse_endpoint(text: &str) -> Result<String, String> {
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    match Url::parse(text) {
        Ok(url) if is_web(&url) => Ok(text.to_owned()),
        _ => Err("write its address, such as http://127.0.0.1:8000".to_owned()),
    }
}
