//! Into a store: a line that cannot be used is refused by its number, and the
//! others go on. Every record may be brought in again.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, stdin};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use backend::Error;
use backend::dynamodb::patient;
use counter::{Hits, PageHits};
use indicatif::ProgressBar;
use jiff::Timestamp;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;
use visits::Log;

use super::fault;
use super::record::{Format, Record};
use super::{ImportOptions, Kind, Service, TransferError, format_of, progress};
use crate::store::Store;

/// Writes under way at once.
const CONCURRENCY: usize = 16;
/// The tries of a write; the pauses between them add up to 6 s.
const TRIES: usize = 7;

/// The outcome for the lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Records that changed the store.
    pub new: u64,
    /// Records that were there, or lower than what was.
    pub known: u64,
    /// Lines that could not be used.
    pub refused: u64,
}

type Lines = Box<dyn Iterator<Item = io::Result<(u64, Result<Record, String>)>> + Send>;

/// Brings in what `options` name.
///
/// # Errors
/// The store's and the file's, [`TransferError::Header`]. What was brought in
/// until then stays.
pub async fn import(options: ImportOptions) -> Result<Imported, TransferError> {
    if let Some(service) = options.from {
        return bring(service, &options).await;
    }
    let lines = open(&options)?;
    let store = Store::find_or_make(&options.target).await?;
    let table = options.kind.table(&options.target.store);
    let outcome = match store.make_tables([table]).await {
        Ok(()) => bring_in(lines, &options, &store).await,
        Err(error) => Err(error.into()),
    };
    store.close().await;
    outcome
}

/// Adds the numbers of another service, a page after the other.
async fn bring(service: Service, options: &ImportOptions) -> Result<Imported, TransferError> {
    if options.kind != Kind::Counters {
        return Err(TransferError::OnlyCounters);
    }
    if options.input == Path::new("-") {
        return Err(TransferError::NoFile);
    }
    let brought = service.read(&options.input, options.site.as_deref())?;
    eprint!("{brought}");
    if options.dry_run {
        for (page, hits) in &brought.pages {
            println!("{hits:>12}  {page}");
        }
        return Ok(Imported::default());
    }
    let store = Store::find_or_make(&options.target).await?;
    let outcome = match store
        .make_tables([options.kind.table(&options.target.store)])
        .await
    {
        Ok(()) => add(service, brought.pages, options, &store).await,
        Err(error) => Err(error.into()),
    };
    store.close().await;
    outcome
}

async fn add(
    service: Service,
    pages: BTreeMap<String, u64>,
    options: &ImportOptions,
    store: &Store,
) -> Result<Imported, TransferError> {
    let table = Hits::new(patient(&store.client), &options.target.store.table);
    table.take_stock().await?;
    let mut imported = Imported::default();
    for (path, hits) in pages {
        match table.bring(PageHits { path, hits }, service.name()).await? {
            true => imported.new += 1,
            false => imported.known += 1,
        }
    }
    Ok(imported)
}

async fn bring_in(
    lines: Lines,
    options: &ImportOptions,
    store: &Store,
) -> Result<Imported, TransferError> {
    let client = patient(&store.client);
    let tables = Arc::new(Tables {
        hits: Hits::new(client.clone(), &options.target.store.table),
        log: Log::new(client, &options.target.store.visits_table)
            .by(options.zone.time_zone.clone()),
    });
    let mut imported = Imported::default();
    let mut writes = JoinSet::new();
    let progress = progress();
    let mut was_day = false;
    for line in lines {
        let (number, record) = line.map_err(|e| TransferError::File(options.source(), e))?;
        match record {
            Ok(record) => {
                // A day says which names its visits are counted under.
                if was_day && !record.is_day() {
                    while let Some(written) = writes.join_next().await {
                        imported.count(Some(written), &progress)?;
                    }
                }
                was_day = record.is_day();
                let tables = Arc::clone(&tables);
                writes.spawn(async move { (number, tables.import(record).await) });
            }
            Err(sentence) => imported.refuse(number, &sentence, &progress),
        }
        if writes.len() >= CONCURRENCY {
            imported.count(writes.join_next().await, &progress)?;
        }
    }
    while let Some(written) = writes.join_next().await {
        imported.count(Some(written), &progress)?;
    }
    progress.finish_and_clear();
    Ok(imported)
}

struct Tables {
    hits: Hits,
    log: Log,
}

impl Tables {
    /// Tries again where the store had no time: nothing is written twice.
    async fn import(&self, record: Record) -> Result<bool, Error> {
        let mut pause = Duration::from_millis(100);
        for _ in 1..TRIES {
            match self.write(record.clone()).await {
                Err(Error::StoreUnavailable(_)) => sleep(pause).await,
                outcome => return outcome,
            }
            pause *= 2;
        }
        self.write(record).await
    }

    async fn write(&self, record: Record) -> Result<bool, Error> {
        match record {
            Record::Hits(page) => self.hits.import(page).await,
            Record::Log(record) => self.log.import(record).await,
        }
    }
}

/// The outcome of a line: its number, and whether it was new.
type Written = Result<(u64, Result<bool, Error>), JoinError>;

impl Imported {
    fn count(
        &mut self,
        written: Option<Written>,
        progress: &ProgressBar,
    ) -> Result<(), TransferError> {
        match written {
            Some(Ok((_, Ok(true)))) => self.new += 1,
            Some(Ok((_, Ok(false)))) => self.known += 1,
            // Without its store no other line would fare better.
            Some(Ok((_, Err(error @ (Error::StoreUnavailable(_) | Error::Internal(_)))))) => {
                return Err(error.into());
            }
            Some(Ok((number, Err(refusal)))) => {
                self.refuse(number, &refusal.to_string(), progress);
                return Ok(());
            }
            // A panic has printed itself.
            Some(Err(panic)) => return Err(Error::internal(panic).into()),
            None => return Ok(()),
        }
        progress.inc(1);
        Ok(())
    }

    fn refuse(&mut self, number: u64, sentence: &str, progress: &ProgressBar) {
        progress.suspend(|| eprintln!("line {number}: {sentence}"));
        self.refused += 1;
    }
}

fn open(options: &ImportOptions) -> Result<Lines, TransferError> {
    let broken = |error| TransferError::File(options.source(), error);
    let is_standard_input = options.input == Path::new("-");
    let input: Box<dyn BufRead + Send> = if is_standard_input {
        Box::new(BufReader::new(stdin()))
    } else {
        Box::new(BufReader::new(File::open(&options.input).map_err(broken)?))
    };
    match format_of(options.format, Some(&options.input)) {
        Format::Jsonl => Ok(Box::new(json_lines(input, options.kind))),
        Format::Csv => rows(input, options),
    }
}

fn json_lines(
    mut input: Box<dyn BufRead + Send>,
    kind: Kind,
) -> impl Iterator<Item = io::Result<(u64, Result<Record, String>)>> {
    let now = Timestamp::now();
    let mut line = Vec::new();
    let mut number = 0;
    std::iter::from_fn(move || {
        loop {
            line.clear();
            number += 1;
            match input.read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => {
                    let text = str::from_utf8(&line).map_err(|_| "this is not UTF-8".to_owned());
                    let record = text.and_then(|text| kind.read_json(text, now));
                    return Some(Ok((number, record)));
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}

fn rows(input: Box<dyn BufRead + Send>, options: &ImportOptions) -> Result<Lines, TransferError> {
    let kind = options.kind;
    let now = Timestamp::now();
    let mut reader = csv::Reader::from_reader(input);
    let header = reader.headers().ok();
    if header.is_none_or(|header| header != kind.header().split(',').collect::<Vec<_>>()) {
        return Err(TransferError::Header(options.source(), kind.header()));
    }
    let rows = reader.into_records().map(move |row| match row {
        Ok(row) => {
            let number = row.position().map_or(0, csv::Position::line);
            Ok((number, kind.read_row(&row, now)))
        }
        Err(error) if error.is_io_error() => Err(error.into()),
        Err(error) => {
            let number = error.position().map_or(0, csv::Position::line);
            Ok((number, Err(fault::of_csv(&error))))
        }
    });
    Ok(Box::new(rows))
}
