//! `check-data`: the databases of a folder, looked through from end to end.

use emulator::FileError;

use crate::CheckOptions;
use crate::data_dir::{DataDir, DataDirError};
use crate::number;

/// The reason why data is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The folder is in use, or unusable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// Something is wrong, which has been said.
    #[error("{} cannot be used: the lines above say why", number::of(*.0 as u64, "database"))]
    Faults(usize),
}

/// The outcome for one database.
type Finding = Result<String, FileError>;

/// Looks through each database of the folder, which may not be in use.
///
/// # Errors
/// When the folder cannot be looked at.
pub fn check_data(options: &CheckOptions) -> Result<Vec<Finding>, CheckError> {
    let data_dir = DataDir::open_existing(options.folder.find()?)?;
    data_dir.refuse_lost_tables().map_err(DataDirError::from)?;
    let findings = data_dir.databases().into_iter().map(|database| {
        let path = database.path().display().to_string();
        let looked_at = match options.accept {
            true => database.accept(),
            false => database.check(),
        };
        let there = database.path().exists();
        looked_at.map(|()| match there {
            true => format!("{path}: undamaged"),
            false => format!("{path}: never used"),
        })
    });
    Ok(findings.collect())
}
