//! Files as people's programs write them, each beside what is to come of it: the
//! rows with their lines, the report, and the notes on the file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::csv::read;

#[test]
fn every_file_of_every_program_is_read_as_it_was_meant() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|suffix| suffix != "json") {
            files.insert(path.with_extension("json"), fs::read(path).unwrap());
        }
    }
    assert!(files.len() >= 28, "{}", files.len());
    for (expected, file) in files {
        let name = expected.display();
        let text = fs::read_to_string(&expected).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        for step in [1, 700, usize::MAX] {
            assert_eq!(outcome(&file, step), expected, "{name}");
        }
    }
}

/// Reads a file whose bytes come so many at a time.
fn outcome(file: &[u8], step: usize) -> Value {
    let (rows, notes) = read(file, step);
    let mut offers = Vec::new();
    let mut report = Vec::new();
    for row in rows {
        match row {
            Ok(row) => {
                let mut offer = json!(row.offer);
                offer["line"] = row.line.into();
                offers.push(offer);
            }
            Err(bad) => report.push(json!({ "line": bad.line, "reason": bad.reason })),
        }
    }
    json!({ "rows": offers, "report": report, "notes": notes })
}
