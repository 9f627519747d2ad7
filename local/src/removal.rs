//! `resume-counter visits remove`: visits go out of the log, and out of all that is
//! counted of them.

use backend::dynamodb::patient;
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use visits::{Log, Removal};

use crate::RetentionOptions;
use crate::counters::How;
use crate::number;
use crate::store::{Store, StoreError};

/// The commands for visits.
#[derive(Clone, Debug, Subcommand)]
pub enum VisitsCommand {
    /// Remove a property's visits, also from the totals of their days.
    Remove(RemovalOptions),
    /// Set for how many days the visits already recorded are kept; the totals of their
    /// days stay.
    Retain(RetentionOptions),
}

/// The visits that go.
#[derive(Clone, Debug, Args)]
pub struct RemovalOptions {
    /// The property, such as example.com/.
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub property: String,

    /// The first day [default: the first there is].
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    pub from: Option<String>,

    /// The last day [default: the last there is].
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    pub to: Option<String>,

    /// The way.
    #[command(flatten)]
    pub how: How,
}

/// The reason why visits are still there.
#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    /// There is no such range of days, or no such property.
    #[error("{0}")]
    Asked(String),
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] StoreError),
    /// The store failed.
    #[error("{}", .0.for_owner())]
    Store(#[from] backend::Error),
}

/// Removes visits, and gives a line that tells how many.
///
/// # Errors
/// The store's. What was removed until then stays so.
pub async fn remove_visits(options: &RemovalOptions) -> Result<String, RemovalError> {
    let (from, to) = (options.from.as_deref(), options.to.as_deref());
    let removal = Removal::new(&options.property, from, to)
        .map_err(|sentence| RemovalError::Asked(sentence.replace("`propertyId`", "A property")))?;
    let How { dry_run, target } = &options.how;
    let store = Store::find(target, &target.store.visits_table).await?;
    let log = Log::new(patient(&store.client), &target.store.visits_table);
    let visits = match dry_run {
        true => log.count(&removal).await,
        false => log.remove(&removal).await,
    };
    store.close().await;
    let visits = number::of(visits?, "visit");
    let done = match dry_run {
        true => "would be removed",
        false => "removed",
    };
    Ok(format!("{visits} of `{}` {done}", options.property))
}

fn parse_day(text: &str) -> Result<String, String> {
    match text.parse::<Date>() {
        Ok(_) if text.len() == "2026-11-21".len() => Ok(text.to_owned()),
        _ => Err("write a day such as 2026-11-21".to_owned()),
    }
}
