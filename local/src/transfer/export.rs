//! Out of a store: records are written as they are read.

use std::fs::File;
use std::io::{self, BufWriter, Write, stdout};
use std::path::Path;

use backend::dynamodb::patient;
use counter::Hits;
use indicatif::ProgressBar;
use visits::Log;

use super::record::{Format, Record};
use super::{ExportOptions, Kind, TransferError, format_of, progress};
use crate::store::Store;

/// Writes what `options` name, and gives the number of records.
///
/// # Errors
/// The store's and the file's.
pub async fn export(options: ExportOptions) -> Result<u64, TransferError> {
    let table = options.kind.table(&options.target.store);
    let store = Store::find(&options.target, table.name).await?;
    let outcome = write(&options, &store).await;
    store.close().await;
    outcome
}

async fn write(options: &ExportOptions, store: &Store) -> Result<u64, TransferError> {
    let name = options
        .output
        .as_deref()
        .unwrap_or(Path::new("standard output"));
    let broken = |error| TransferError::File(name.to_owned(), error);
    let file: Box<dyn Write> = match &options.output {
        Some(path) => Box::new(File::create(path).map_err(broken)?),
        None => Box::new(stdout()),
    };
    let format = format_of(options.format, options.output.as_deref());
    let mut writer = Writer {
        out: BufWriter::new(file),
        format,
        progress: progress(),
    };
    if format == Format::Csv {
        writeln!(writer.out, "{}", options.kind.header()).map_err(broken)?;
    }
    let client = patient(&store.client);
    match options.kind {
        Kind::Counters => {
            let hits = Hits::new(client, &options.target.store.table);
            let each = |page| writer.write(&Record::Hits(page)).map_err(broken);
            hits.export(each).await?;
        }
        Kind::Visits => {
            let log = Log::new(client, &options.target.store.visits_table);
            let each = |record| writer.write(&Record::Log(record)).map_err(broken);
            log.export(each).await?;
        }
    }
    writer.out.flush().map_err(broken)?;
    writer.progress.finish_and_clear();
    Ok(writer.progress.position())
}

struct Writer {
    out: BufWriter<Box<dyn Write>>,
    format: Format,
    progress: ProgressBar,
}

impl Writer {
    fn write(&mut self, record: &Record) -> io::Result<()> {
        match self.format {
            Format::Jsonl => {
                serde_json::to_writer(&mut self.out, record)?;
                writeln!(self.out)?;
            }
            Format::Csv => {
                let Some(row) = record.row() else {
                    return Ok(());
                };
                csv::Writer::from_writer(&mut self.out).write_record(row)?;
            }
        }
        self.progress.inc(1);
        Ok(())
    }
}
