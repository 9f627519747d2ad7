//! Files and folders that one user alone reads and writes.
//!
//! On Unix they get modes that keep everybody else out. On Windows a file has
//! the access rules of its folder, and a user's own folders let nobody else in.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::Path;

pub use file_id::FileId;

/// Makes a folder and those above it, for this user alone, if they are not there.
///
/// # Errors
/// The disk's.
pub fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut folder = DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(path)
}

/// Options with which a file that is made is this user's alone.
pub fn private() -> OpenOptions {
    #[allow(unused_mut)]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Returns true if every user of the machine may write the file or folder.
///
/// # Errors
/// The disk's.
#[cfg(unix)]
pub fn is_writable_by_all(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    Ok(fs::metadata(path)?.mode() & 0o002 != 0)
}

/// Returns false: a folder's access rules are not looked at.
///
/// # Errors
/// The disk's.
#[cfg(windows)]
pub fn is_writable_by_all(path: &Path) -> io::Result<bool> {
    fs::metadata(path).map(|_| false)
}

/// Makes the names in a folder outlast a power loss. Windows journals them, and
/// opens no folder as a file.
///
/// # Errors
/// The disk's.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        fs::File::open(path)?.sync_all()?;
    }
    Ok(())
}

/// The identity of a file, which another one at the same path does not have.
///
/// # Errors
/// The disk's.
pub fn identity(path: &Path) -> io::Result<FileId> {
    file_id::get_file_id(path)
}
