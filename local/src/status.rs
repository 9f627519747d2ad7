//! `jobs status`: what is under way, and what came of the files that were loaded.

use jobs::Loaded;

use crate::StatusOptions;
use crate::load::{LoadError, Place};

/// Files of which the numbers are printed, the newest.
const MAX_FILES: usize = 20;

/// The state of the job offers, in lines.
///
/// # Errors
/// Where the bucket or the program cannot be asked.
pub async fn status(options: &StatusOptions) -> Result<Vec<String>, LoadError> {
    let place = Place::find(options.bucket.as_deref(), &options.folder).await?;
    let mut lines: Vec<_> = place.under_way().await?.into_iter().collect();
    let mut files = Vec::new();
    for name in place.names().await? {
        files.extend(place.loaded(&name).await?);
    }
    files.sort_by(|a, b| b.uploaded.cmp(&a.uploaded));
    let more = files.len().saturating_sub(MAX_FILES);
    lines.extend(files.iter().take(MAX_FILES).map(line));
    if more > 0 {
        lines.push(format!("and {more} older"));
    }
    Ok(lines)
}

fn line(loaded: &Loaded) -> String {
    let Loaded {
        file,
        uploaded,
        read,
        stored,
        already_there,
        refused,
        dead,
        error,
        ..
    } = loaded;
    match error {
        Some(error) => format!("{uploaded}  {file}: {error}"),
        None => format!(
            "{uploaded}  {file}: {read} read, {stored} stored, {already_there} already there, \
             {refused} refused, {dead} dead"
        ),
    }
}
