//! Compressed copies beside the files of the site, so that no server has to
//! compress the same bytes twice, and each can afford the best setting.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};

use super::{PrerenderError, at, write};

/// Kinds of files that shrink; pictures other than drawings do not.
const COMPRESSIBLE: [&str; 7] = ["css", "html", "js", "json", "svg", "txt", "wasm"];

/// Writes `<file>.br` and `<file>.gz` beside every compressible file in
/// `folder` and below, where it is the smaller one.
pub(super) fn folder(folder: &Path) -> Result<(), PrerenderError> {
    for entry in fs::read_dir(folder).map_err(|cause| at(folder, cause))? {
        let path = entry.map_err(|cause| at(folder, cause))?.path();
        if path.is_dir() {
            self::folder(&path)?;
        } else if path
            .extension()
            .is_some_and(|kind| COMPRESSIBLE.iter().any(|&one| kind == one))
        {
            let content = fs::read(&path).map_err(|cause| at(&path, cause))?;
            for (suffix, copy) in [(".br", brotli(&content)), (".gz", gzip(&content))] {
                if copy.len() < content.len() {
                    write(&beside(&path, suffix), copy)?;
                }
            }
        }
    }
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn brotli(content: &[u8]) -> Vec<u8> {
    let best = brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &best)
        .expect("memory takes every write");
    compressed
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .expect("memory takes every write")
}
