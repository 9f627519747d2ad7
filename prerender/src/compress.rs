//! Compressed copies beside the files of the site, so that no server has to
//! compress the same bytes twice, and each can afford a good setting.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};

use crate::Files;

/// Kinds of files that shrink; pictures other than drawings do not.
const COMPRESSIBLE: [&str; 7] = ["css", "html", "js", "json", "svg", "txt", "wasm"];

/// Bytes from which brotli's best setting takes longer than whoever saves a résumé
/// waits for: a second for a page of 600 kB. The one below takes a fortieth of the time
/// and leaves a tenth more.
const LONG: usize = 32 * 1024;

/// Adds `<file>.br` and `<file>.gz` beside every compressible file, where it is
/// the smaller one.
pub(crate) fn add_copies(files: &mut Files) {
    let mut copies = Files::new();
    for (name, content) in files.iter() {
        let kind = name.rsplit_once('.').map(|(_, kind)| kind);
        if !kind.is_some_and(|kind| COMPRESSIBLE.contains(&kind)) {
            continue;
        }
        // A page is written anew at each save, and its program once.
        let is_long_page = kind == Some("html") && content.len() > LONG;
        let quality = if is_long_page { 9 } else { 11 };
        for (suffix, copy) in [(".br", brotli(content, quality)), (".gz", gzip(content))] {
            if copy.len() < content.len() {
                copies.insert(format!("{name}{suffix}"), copy.into());
            }
        }
    }
    files.append(&mut copies);
}

fn brotli(content: &[u8], quality: i32) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)
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
