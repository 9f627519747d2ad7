//! The outcome of loading files, in lines for the user.

use std::collections::BTreeMap;
use std::fmt;

use jobs::Loaded;

use super::{LoadError, Place};
use crate::number;

/// The outcome of loading files.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    bucket: String,
    files: BTreeMap<String, Loaded>,
    /// The first lines of the reports: file, line, reason.
    reasons: Vec<(String, String, String)>,
    /// Where to find the rows that could not be stored.
    dead_letters: &'static str,
}

/// Reasons that are printed; the reports in the bucket have all.
const MAX_REASONS: usize = 20;
/// Bytes of a report that hold as many.
const REPORT_BYTES: u32 = 16 * 1024;

impl Summary {
    /// Reads the first lines of the reports.
    pub(super) async fn read(
        place: &Place,
        files: BTreeMap<String, Loaded>,
    ) -> Result<Self, LoadError> {
        let mut reasons = Vec::new();
        for loaded in files.values() {
            let (Some(report), None) = (&loaded.report, &loaded.error) else {
                continue;
            };
            let text = place.object(report, Some(REPORT_BYTES)).await?;
            let lines = text.iter().flat_map(|text| text.lines()).skip(1);
            // The last one may be cut.
            let lines = lines.filter_map(|line| line.strip_suffix('"')?.split_once(",\""));
            let lines = lines.take(MAX_REASONS).map(|(line, reason)| {
                let file = loaded.file.rsplit('/').next().unwrap_or_default();
                let reason = reason.replace("\"\"", "\"");
                (file.to_owned(), line.to_owned(), reason)
            });
            reasons.extend(lines);
        }
        Ok(Self {
            bucket: place.bucket().to_owned(),
            files,
            reasons,
            dead_letters: place.dead_letters(),
        })
    }

    /// The fault, unless all is as the user wants it.
    pub fn fault(&self) -> Option<String> {
        let is_useless = |loaded: &Loaded| {
            loaded.error.is_some() || (loaded.refused > 0 && loaded.refused == loaded.read)
        };
        let useless: Vec<_> = self
            .files
            .iter()
            .filter(|(_, file)| is_useless(file))
            .collect();
        let dead = self.sum(|file| file.dead);
        match &useless[..] {
            [] if dead == 0 => None,
            [] => Some(format!("{} could not be stored", number::of(dead, "row"))),
            [(name, _)] => Some(format!("{name} was not loaded")),
            files => Some(format!("{} files were not loaded", files.len())),
        }
    }

    fn sum(&self, number: impl Fn(&Loaded) -> u64) -> u64 {
        self.files.values().map(number).sum()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused = self.sum(|file| file.refused);
        writeln!(
            f,
            "{} read, {} stored, {} already there, {refused} refused, {} dead",
            number::of(self.sum(|file| file.read), "row"),
            self.sum(|file| file.stored),
            self.sum(|file| file.already_there),
            self.sum(|file| file.dead),
        )?;
        for (name, loaded) in &self.files {
            match &loaded.error {
                Some(error) => writeln!(f, "  {name}: {error}")?,
                None if loaded.read == 0 => writeln!(f, "  {name}: there are no rows in it")?,
                None => {}
            }
        }
        for (name, line, reason) in self.reasons.iter().take(MAX_REASONS) {
            match line.as_str() {
                "" => writeln!(f, "  {name}: {reason}")?,
                line => writeln!(f, "  {name}, line {line}: {reason}")?,
            }
        }
        if refused > MAX_REASONS as u64 {
            let (more, bucket) = (refused - MAX_REASONS as u64, &self.bucket);
            let reports = jobs::keys::REPORTS;
            writeln!(f, "  and {more} more, in s3://{bucket}/{reports}")?;
        }
        if self.sum(|file| file.dead) > 0 {
            writeln!(f, "  {}", self.dead_letters)?;
        }
        Ok(())
    }
}
