//! `resume-counter counters`: the owner's hand on the numbers, while visitors are
//! counted.

use backend::dynamodb::patient;
use clap::{Args, Subcommand};
use counter::{Hits, Moved, PageHits};
use shared::{PagePath, PagePathError};

use crate::number;
use crate::store::{Store, StoreError, Target};

/// The commands for counters.
#[derive(Clone, Debug, Subcommand)]
pub enum CountersCommand {
    /// Print each counter's number and name, the highest first.
    List(Target),
    /// Give a counter a number; a new one is made.
    Set(SetOptions),
    /// Give a counter another name. Visits under the old one begin a new counter.
    Rename(MoveOptions),
    /// Add a counter's number to another's, and remove it.
    Merge(MoveOptions),
    /// Remove counters.
    Remove(RemoveOptions),
}

/// The counter that gets a number.
#[derive(Clone, Debug, Args)]
pub struct SetOptions {
    /// The counter, such as example.com/.
    #[arg(value_parser = parse_page)]
    pub counter: PagePath,

    /// Its number.
    #[arg(allow_negative_numbers = true, value_parser = number::parse_hits)]
    pub number: u64,

    /// The way.
    #[command(flatten)]
    pub how: How,
}

/// From which counter to which.
#[derive(Clone, Debug, Args)]
pub struct MoveOptions {
    /// The counter.
    #[arg(value_parser = parse_page)]
    pub from: PagePath,

    /// The name, or the counter, that its number goes to.
    #[arg(value_parser = parse_page)]
    pub to: PagePath,

    /// The way.
    #[command(flatten)]
    pub how: How,
}

/// The counters that go.
#[derive(Clone, Debug, Args)]
pub struct RemoveOptions {
    /// The counters.
    #[arg(required = true, value_parser = parse_page, value_name = "COUNTER")]
    pub counters: Vec<PagePath>,

    /// The way.
    #[command(flatten)]
    pub how: How,
}

/// The way in which a change is made.
#[derive(Clone, Debug, Args)]
pub struct How {
    /// Say what would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,

    /// The store.
    #[command(flatten)]
    pub target: Target,
}

/// The reason why a counter is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CountersError {
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] StoreError),
    /// The names do not fit, or the store failed.
    #[error("{}", .0.for_owner())]
    Store(#[from] backend::Error),
}

/// Does what `command` says, and gives lines that tell of it.
///
/// # Errors
/// Where a counter is not there, or is and should not be, and the store's.
pub async fn counters(command: CountersCommand) -> Result<Vec<String>, CountersError> {
    let target = command.target();
    let store = Store::find(target, &target.store.table).await?;
    let hits = Hits::new(patient(&store.client), &target.store.table);
    let outcome = obey(&command, &hits).await;
    store.close().await;
    Ok(outcome?)
}

async fn obey(command: &CountersCommand, hits: &Hits) -> Result<Vec<String>, backend::Error> {
    if command.changes() {
        // The pages are counted from then on.
        hits.take_stock().await?;
    }
    match command {
        CountersCommand::List(_) => list(hits).await,
        CountersCommand::Set(options) => Ok(vec![set(options, hits).await?]),
        CountersCommand::Rename(options) => Ok(vec![rename(options, hits).await?]),
        CountersCommand::Merge(options) => Ok(vec![merge(options, hits).await?]),
        CountersCommand::Remove(options) => remove(options, hits).await,
    }
}

impl CountersCommand {
    fn target(&self) -> &Target {
        match self {
            Self::List(target) => target,
            Self::Set(options) => &options.how.target,
            Self::Rename(options) | Self::Merge(options) => &options.how.target,
            Self::Remove(options) => &options.how.target,
        }
    }

    fn changes(&self) -> bool {
        match self {
            Self::List(_) => false,
            Self::Set(options) => !options.how.dry_run,
            Self::Rename(options) | Self::Merge(options) => !options.how.dry_run,
            Self::Remove(options) => !options.how.dry_run,
        }
    }
}

async fn list(hits: &Hits) -> Result<Vec<String>, backend::Error> {
    let mut pages = Vec::new();
    let keep = |page| {
        pages.push(page);
        Ok::<_, backend::Error>(())
    };
    hits.export(keep).await?;
    pages.sort_unstable_by(|a: &PageHits, b| b.hits.cmp(&a.hits).then(a.path.cmp(&b.path)));
    let width = pages.first().map_or(0, |page| page.hits.to_string().len());
    let lines = pages
        .into_iter()
        .map(|page| format!("{:>width$}  {}", page.hits, page.path));
    Ok(lines.collect())
}

async fn set(options: &SetOptions, hits: &Hits) -> Result<String, backend::Error> {
    let (page, number) = (&options.counter, options.number);
    let before = match options.how.dry_run {
        true => hits.number(page).await?,
        false => hits.set(page, number).await?,
    };
    let has = tense(&options.how, "has", "would have");
    let page = page.as_str();
    Ok(match (before, options.how.dry_run) {
        (Some(before), true) => format!("`{page}` would have {number}; it has {before}"),
        (Some(before), false) => format!("`{page}` has {number} now; it had {before}"),
        (None, _) => format!("`{page}` is new and {has} {number}"),
    })
}

async fn rename(options: &MoveOptions, hits: &Hits) -> Result<String, backend::Error> {
    let MoveOptions { from, to, how } = options;
    let (from_name, to_name) = (from.as_str(), to.as_str());
    if how.dry_run {
        let number = known(hits, from).await?;
        if hits.number(to).await?.is_some() {
            return Err(counter::taken(to));
        }
        return Ok(format!("`{from_name}` would be `{to_name}`, with {number}"));
    }
    let moved = hits.rename(from, to).await?;
    let number = moved.hits;
    Ok(format!(
        "`{from_name}` is `{to_name}` now, with {number}{}",
        rest(from, moved)
    ))
}

async fn merge(options: &MoveOptions, hits: &Hits) -> Result<String, backend::Error> {
    let MoveOptions { from, to, how } = options;
    let (from_name, to_name) = (from.as_str(), to.as_str());
    if how.dry_run {
        let (number, other) = (known(hits, from).await?, known(hits, to).await?);
        let sum = number + other;
        return Ok(format!(
            "`{from_name}` would be merged into `{to_name}`: {number} + {other} = {sum}"
        ));
    }
    let moved = hits.merge(from, to).await?;
    let (number, sum) = (moved.hits, known(hits, to).await?);
    Ok(format!(
        "`{from_name}` is merged into `{to_name}`, which has {sum} now, {number} of them from `{from_name}`{}",
        rest(from, moved)
    ))
}

async fn remove(options: &RemoveOptions, hits: &Hits) -> Result<Vec<String>, backend::Error> {
    let mut lines = Vec::new();
    // All names first: a wrong one is no reason to stop half-way.
    for page in &options.counters {
        known(hits, page).await?;
    }
    for page in &options.counters {
        let number = match options.how.dry_run {
            true => known(hits, page).await?,
            false => hits.remove(page).await?,
        };
        let is = tense(&options.how, "is", "would be");
        lines.push(format!(
            "`{}`, which had {number}, {is} removed",
            page.as_str()
        ));
    }
    Ok(lines)
}

async fn known(hits: &Hits, page: &PagePath) -> Result<u64, backend::Error> {
    let number = hits.number(page).await?;
    number.ok_or_else(|| {
        backend::Error::NotFound(format!("There is no counter `{}`.", page.as_str()))
    })
}

/// The words about a page that is visited all the while.
fn rest(from: &PagePath, moved: Moved) -> String {
    match moved.is_gone {
        true => String::new(),
        false => format!(
            "; `{}` still gets visits, and has those that came since",
            from.as_str()
        ),
    }
}

fn tense<'a>(how: &How, done: &'a str, dry: &'a str) -> &'a str {
    match how.dry_run {
        true => dry,
        false => done,
    }
}

fn parse_page(text: &str) -> Result<PagePath, String> {
    PagePath::parse(text).map_err(|error| match error {
        PagePathError::Empty => "write its host and path, such as example.com/".to_owned(),
        error => {
            let sentence = error.to_string().replace("`path`", "the name");
            sentence.trim_end_matches('.').to_owned()
        }
    })
}
