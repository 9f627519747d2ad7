//! A database's write-ahead log, checked before SQLite reads it: SQLite takes
//! the whole frames of it and ignores the rest in silence.
//! <https://www.sqlite.org/walformat.html>

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The bytes of the log's index that are read.
const INDEX_HEADER: usize = 48;

/// A log's frames, from its start to the first broken one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Frames {
    salts: [u8; 8],
    /// The number of frames up to the last commit that SQLite would take.
    committed: u32,
    /// True if a commit of the same log comes after a broken frame. A killed
    /// process leaves a broken frame, and no commit after it.
    broken: bool,
}

/// True if commits are missing that a process of this boot wrote. The process
/// may have been killed, but the system had taken its writes.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn is_damaged(log: &Path, index: &Path) -> io::Result<bool> {
    let frames = read(log)?;
    // The index is written last, so it never promises too much.
    Ok(expected(index)?.map_or(frames.broken, |index| !index.is_met(frames)))
}

/// True if a commit comes after a broken frame.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn is_broken(log: &Path) -> io::Result<bool> {
    Ok(read(log)?.broken)
}

/// The end of the log, as the index tells it. Processes share the index in
/// memory, and the system keeps it when they end.
struct Expected {
    salts: [u8; 8],
    frames: u32,
}

impl Expected {
    fn is_met(&self, found: Frames) -> bool {
        self.frames == 0 || (self.salts == found.salts && self.frames <= found.committed)
    }
}

fn expected(index: &Path) -> io::Result<Option<Expected>> {
    let mut header = [0; 2 * INDEX_HEADER];
    let read = File::open(index).and_then(|mut file| file.read_exact(&mut header));
    match read {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let (first, second) = header.split_at(INDEX_HEADER);
    let is_initialised = first[12] == 1;
    // The copies differ while a commit is being written; it does not count yet.
    if first != second || !is_initialised {
        return Ok(None);
    }
    Ok(Some(Expected {
        salts: array(&first[32..40]),
        frames: u32::from_ne_bytes(array(&first[16..20])),
    }))
}

fn read(log: &Path) -> io::Result<Frames> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(log)?);
    let mut header = [0; HEADER];
    if fill(&mut file, &mut header)? < HEADER {
        return Ok(Frames::default());
    }
    let mut frames = Frames {
        salts: array(&header[16..24]),
        ..Frames::default()
    };
    let words = match u32::from_be_bytes(array(&header[..4])) {
        0x377f_0682 => u32::from_le_bytes,
        0x377f_0683 => u32::from_be_bytes,
        _ => {
            return Ok(Frames {
                broken: true,
                ..frames
            });
        }
    };
    let sum = checksum(words, [0, 0], &header[..24]);
    if sum != stored(&header[24..]) {
        return Ok(Frames {
            broken: true,
            ..frames
        });
    }
    let page = u32::from_be_bytes(array(&header[8..12])) as usize;
    if !page.is_power_of_two() || !(512..=65_536).contains(&page) {
        return Ok(Frames {
            broken: true,
            ..frames
        });
    }
    let mut sum = Some(sum);
    let mut frame = vec![0; FRAME_HEADER + page];
    let mut number = 0;
    while fill(&mut file, &mut frame)? == frame.len() {
        let is_of_this_log = frame[8..16] == frames.salts;
        let is_commit = is_of_this_log && frame[4..8] != [0; 4];
        let Some(before) = sum else {
            // Frames that an earlier log left have other salts.
            frames.broken |= is_commit;
            continue;
        };
        let after = checksum(words, before, &frame[..8]);
        let after = checksum(words, after, &frame[FRAME_HEADER..]);
        number += 1;
        if !is_of_this_log || after != stored(&frame[16..24]) {
            sum = None;
        } else {
            sum = Some(after);
            if is_commit {
                frames.committed = number;
            }
        }
    }
    Ok(frames)
}

fn checksum(words: fn([u8; 4]) -> u32, [mut a, mut b]: [u32; 2], bytes: &[u8]) -> [u32; 2] {
    for pair in bytes.chunks_exact(8) {
        a = a.wrapping_add(words(array(&pair[..4]))).wrapping_add(b);
        b = b.wrapping_add(words(array(&pair[4..]))).wrapping_add(a);
    }
    [a, b]
}

fn stored(bytes: &[u8]) -> [u32; 2] {
    [
        u32::from_be_bytes(array(&bytes[..4])),
        u32::from_be_bytes(array(&bytes[4..8])),
    ]
}

/// The first bytes; the callers have as many.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(&bytes[..N]);
    array
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}
