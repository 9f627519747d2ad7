//! The room that a disk has left, and where it is.

use std::io;
use std::path::Path;

/// The room for this user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// The bytes that are left.
    pub bytes: u64,
    /// False if the file system counts its files and takes no more.
    pub takes_files: bool,
}

/// The room on the disk of `path`.
///
/// # Errors
/// The disk's.
#[cfg(unix)]
pub fn room(path: &Path) -> io::Result<Room> {
    let disk = nix::sys::statvfs::statvfs(path)?;
    // Types differ between systems.
    #[allow(clippy::unnecessary_cast)]
    let bytes = disk.blocks_available() as u64 * disk.fragment_size() as u64;
    Ok(Room {
        bytes,
        takes_files: disk.files() == 0 || disk.files_available() > 0,
    })
}

/// The room on the disk of `path`.
///
/// # Errors
/// The disk's.
#[cfg(windows)]
pub fn room(path: &Path) -> io::Result<Room> {
    Ok(Room {
        bytes: fs4::available_space(path)?,
        takes_files: true,
    })
}

/// Numbers of file systems that another machine, or a program, keeps: NFS, SMB in three
/// versions, 9P (a Windows drive in WSL), Ceph, AFS, Coda and FUSE (sshfs, rclone). They
/// are those of statfs(2).
#[cfg(target_os = "linux")]
const REMOTE: [u32; 9] = [
    0x6969,
    0x517B,
    0xFF53_4D42,
    0xFE53_4D42,
    0x0102_1997,
    0x00C3_6400,
    0x5346_414F,
    0x7375_7245,
    0x6573_5546,
];

/// Tells whether `path` is on a disk that another machine or a program keeps, where
/// the locks and the shared memory of a database may not hold.
#[cfg(target_os = "linux")]
pub fn is_remote(path: &Path) -> bool {
    nix::sys::statfs::statfs(path).is_ok_and(|disk| {
        // The type has another width and sign on other processors; the numbers have 32 bits.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let number = disk.filesystem_type().0 as u32;
        REMOTE.contains(&number)
    })
}

/// Tells whether `path` is on a disk that another machine or a program keeps, where
/// the locks and the shared memory of a database may not hold.
#[cfg(target_os = "macos")]
pub fn is_remote(path: &Path) -> bool {
    let is_local = nix::mount::MntFlags::MNT_LOCAL;
    nix::sys::statfs::statfs(path).is_ok_and(|disk| !disk.flags().contains(is_local))
}

/// Tells whether `path` is on a disk that another machine or a program keeps, where
/// the locks and the shared memory of a database may not hold.
#[cfg(windows)]
pub fn is_remote(path: &Path) -> bool {
    use std::path::{Component, Prefix};

    // The whole name of a network drive is that of its share.
    let Ok(whole) = path.canonicalize() else {
        return false;
    };
    matches!(
        whole.components().next(),
        Some(Component::Prefix(prefix))
            if matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
    )
}
