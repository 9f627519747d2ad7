//! The time for which single visits are kept: `resume-counter visits retain`, and
//! what a start with `--visit-retention` does about those that are there.

use backend::dynamodb::patient;
use clap::Args;
use jiff::Timestamp;
use visits::{Log, Retention};

use crate::Options;
use crate::counters::How;
use crate::number;
use crate::removal::RemovalError;
use crate::store::Store;

/// The time for which the visits that are there are kept.
#[derive(Clone, Debug, Args)]
pub struct RetentionOptions {
    /// Days after a visit's date; 0 keeps it for good.
    #[arg(allow_negative_numbers = true, value_parser = number::parse_days)]
    pub days: u16,

    /// The way.
    #[command(flatten)]
    pub how: How,
}

/// Sets the time for which the visits that are there are kept, and gives a line that
/// tells how many had another.
///
/// # Errors
/// The store's. What was changed until then stays so.
pub async fn retain_visits(options: &RetentionOptions) -> Result<String, RemovalError> {
    let How { dry_run, target } = &options.how;
    let (retention, now) = (Retention::of_days(options.days), Timestamp::now());
    let store = Store::find(target, &target.store.visits_table).await?;
    let log = Log::new(patient(&store.client), &target.store.visits_table);
    let visits = match dry_run {
        true => log.count_ends(retention, now).await,
        false => log.set_ends(retention, now).await,
    };
    store.close().await;
    let visits = number::of(visits?, "visit");
    let changed = match dry_run {
        true => "would change",
        false => "changed",
    };
    let time = match options.days {
        0 => "good".to_owned(),
        days => number::of(days.into(), "day"),
    };
    Ok(format!("{changed} {visits}, to be kept for {time}"))
}

/// Gives the visits that are there the end that the options say, while others are
/// served.
pub(crate) fn begin(options: &Options, log: &Log) {
    let Some(retention) = Retention::of_days(options.visit_retention) else {
        return;
    };
    let log = log.clone();
    tokio::spawn(async move {
        if let Err(error) = log.set_ends(Some(retention), Timestamp::now()).await {
            tracing::warn!(
                error.cause = %backend::causes(&error),
                "the time for which earlier visits are kept could not be set; the next start tries again"
            );
        }
    });
}
