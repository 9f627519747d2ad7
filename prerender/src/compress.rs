//! Compressed copies beside the files of the site, so that no server has to
//! compress the same bytes twice, and each can afford the best setting.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::Files;

/// Kinds of files that shrink; pictures other than drawings do not.
const COMPRESSIBLE: [&str; 7] = ["css", "html", "js", "json", "svg", "txt", "wasm"];

/// Adds `<file>.br` and `<file>.gz` beside every compressible file, where it is
/// the smaller one.
pub(crate) fn add_copies(files: &mut Files) {
    let mut copies = Files::new();
    for (name, content) in files.iter() {
        let kind = name.rsplit_once('.').map(|(_, kind)| kind);
        if !kind.is_some_and(|kind| COMPRESSIBLE.contains(&kind)) {
            continue;
        }
        for (suffix, copy) in [(".br", brotli(content)), (".gz", gzip(content))] {
            if copy.len() < content.len() {
                copies.insert(format!("{name}{suffix}"), copy.into());
            }
        }
    }
    files.append(&mut copies);
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
