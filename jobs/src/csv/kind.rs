//! Files that are put into the bucket by mistake: a workbook or an archive shows in the
//! first bytes, so the report can name it.

/// Bytes of the file's start that tell its kind: an archive names its first
/// entries there, and a tar file its format.
pub(super) const BYTES: usize = 512;

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
    let known = SIGNATURES.iter().find(|(sign, _)| start.starts_with(sign));
    known.map(|(_, name)| *name).or_else(|| of_text(start))
}

const SIGNATURES: [(&[u8], &str); 16] = [
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
    (b"SQLite format 3", "an SQLite database"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"\x00\x05\x16\x07", "a companion file of macOS"),
    (b"\xff\xfe\x00\x00", "text in UTF-32"),
    (b"\x00\x00\xfe\xff", "text in UTF-32"),
];

/// Names the kind of a ZIP archive, as today's workbooks are, by its entries.
fn of_zip(start: &[u8]) -> &'static str {
    let has = |name: &[u8]| start.windows(name.len()).any(|window| window == name);
    if has(b"opendocument.spreadsheet") {
        "a LibreOffice workbook (ODS)"
    } else if has(b"[Content_Types].xml") || has(b"_rels/") || has(b"xl/") || has(b"docProps/") {
        "an Excel workbook (XLSX)"
    } else if has(b"Index/") {
        "a Numbers document"
    } else {
        "a ZIP archive"
    }
}

/// Names the kind of a text that starts as no header can.
fn of_text(start: &[u8]) -> Option<&'static str> {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let text = text.trim_ascii_start();
    let opens = |word: &[u8]| {
        let start = text.get(..word.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    if opens(b"<!doctype html") || opens(b"<html") {
        Some("an HTML page")
    } else if opens(b"<?xml") {
        Some("an XML document")
    } else if opens(b"{") || opens(b"[") {
        Some("JSON")
    } else {
        None
    }
}
