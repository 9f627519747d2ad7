//! Files that are put into the bucket by mistake: a workbook, an archive or a text of
//! another kind shows in the first bytes, so the report can name it.

use super::{encoding, separator};

/// Bytes of the file's start that tell its kind: an archive names its first
/// entries there, and a tar file its format.
pub(super) const BYTES: usize = 4 * 1024;

/// The bytes at which a tar file has its mark.
const TAR: std::ops::Range<usize> = 257..262;

/// The kind of a file that is no CSV, with its article.
pub(super) fn name(start: &[u8]) -> Option<&'static str> {
    if start.starts_with(b"PK\x03\x04") {
        return Some(of_zip(start));
    }
    if start.get(TAR) == Some(b"ustar") {
        return Some("a tar archive");
    }
    // No more, however many bytes came at once.
    let first = &start[..start.len().min(BYTES)];
    let text = text(first);
    let is_text = !first.contains(&0) || encoding::utf_16(first).is_some();
    if is_header(start) || (is_text && separator::is_before_header(&text)) {
        return None;
    }
    let known = SIGNATURES.iter().find(|(sign, _)| start.starts_with(sign));
    known.map(|(_, name)| *name).or_else(|| of_text(&text))
}

const SIGNATURES: [(&[u8], &str); 28] = [
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook (XLS)"),
    (b"%PDF", "a PDF document"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"PAR1", "a Parquet file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x00\x01\x00\x00Standard", "an Access database"),
    (b"PGDMP", "a dump of PostgreSQL"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"\x00\x05\x16\x07", "a companion file of macOS"),
    (b"bplist00", "a property list of macOS"),
    (b"{\\rtf", "an RTF document"),
    (b"version https://git-lfs", "a pointer of Git LFS"),
    (b"-----BEGIN PGP", "an encrypted file (PGP)"),
    (b"MZ\x90\x00", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xff\xfe\x00\x00", "text in UTF-32"),
    (b"\x00\x00\xfe\xff", "text in UTF-32"),
];

/// Names the kind of a ZIP archive, as today's workbooks are, by its entries.
fn of_zip(start: &[u8]) -> &'static str {
    let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    if has(b"opendocument.spreadsheet") {
        "a LibreOffice workbook (ODS)"
    } else if has(b"opendocument.") {
        "a LibreOffice document"
    } else if has(b"word/") {
        "a Word document (DOCX)"
    } else if has(b"[Content_Types].xml") || has(b"_rels/") || has(b"xl/") || has(b"docProps/") {
        "an Excel workbook (XLSX)"
    } else if has(b"Index/") {
        "a Numbers document"
    } else {
        "a ZIP archive"
    }
}

/// Words that no header starts with, in small letters.
const STARTS: [(&[u8], &str); 10] = [
    (b"<!doctype html", "an HTML page"),
    (b"<html", "an HTML page"),
    (b"<head", "an HTML page"),
    (b"<table", "an HTML page"),
    (b"<meta", "an HTML page"),
    (b"<", "an XML document"),
    (b"-- mysql dump", "a script in SQL"),
    (b"--\n-- postgresql", "a script in SQL"),
    (b"---\n", "a YAML document"),
    (b"- ", "a YAML document"),
];

/// Returns true for a header, whatever its first name looks like.
fn is_header(start: &[u8]) -> bool {
    let mut lines = start.split(|byte| matches!(byte, b'\r' | b'\n'));
    let line = lines.next().filter(|line| !line.contains(&0));
    line.and_then(separator::of_header).is_some()
}

/// The start of a text in small letters; in UTF-16, as far as it is ASCII.
fn text(start: &[u8]) -> Vec<u8> {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let letters = text.iter().filter(|byte| !matches!(byte, 0 | 0xfe | 0xff));
    letters.map(u8::to_ascii_lowercase).collect()
}

/// Names the kind of a text that starts as no header can.
fn of_text(text: &[u8]) -> Option<&'static str> {
    let text = text.trim_ascii_start();
    if is_json(text) {
        return Some("JSON");
    }
    let mut lines = text.split(|byte| matches!(byte, b'\r' | b'\n'));
    if lines.any(separator::is_sql) {
        return Some("a script in SQL");
    }
    let known = STARTS.iter().find(|(start, _)| text.starts_with(start));
    known.map(|(_, name)| *name)
}

/// Returns true if a bracket is followed by what JSON has there: SQL Server's tools write
/// brackets around names, too.
fn is_json(text: &[u8]) -> bool {
    let Some((bracket @ (b'{' | b'['), rest)) = text.split_first() else {
        return false;
    };
    match (bracket, rest.trim_ascii_start().first()) {
        (_, None) => true,
        (b'{', Some(next)) => b"\"}".contains(next),
        (_, Some(next)) => b"\"{[]-0123456789".contains(next),
    }
}
