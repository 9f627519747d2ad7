//! Any bytes at all are rows or faults, the same in whatever pieces they come,
//! and what is read of a row fits where it goes.

#![no_main]

use jobs::csv::{Parser, Rejected, Row};
use libfuzzer_sys::fuzz_target;
use shared::jobs::JobOffer;

const HEADER: &[u8] = b"id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider\n";

fuzz_target!(|input: (bool, u8, &[u8])| {
    let (with_header, step, bytes) = input;
    let mut file = Vec::new();
    if with_header {
        file.extend_from_slice(HEADER);
    }
    file.extend_from_slice(bytes);

    let rows = parse(&file, file.len().max(1));
    assert_eq!(rows, parse(&file, usize::from(step).max(1)));
    let mut line = 0;
    for row in rows {
        let (start, offer) = match row {
            Ok(Row { line, offer }) => (line, offer),
            Err(Rejected { line, reason }) => {
                assert!(!reason.is_empty());
                (line, JobOffer::default())
            }
        };
        // A file whose lines end as those of old Macs do is one line.
        assert!(start >= line, "line {start} comes after line {line}");
        line = start;
        for (field, value) in offer.into_values() {
            assert!(value.len() <= JobOffer::max_bytes(field));
        }
    }
});

fn parse(file: &[u8], step: usize) -> Vec<Result<Row, Rejected>> {
    let mut parser = Parser::default();
    let mut rows = Vec::new();
    for mut bytes in file.chunks(step) {
        while let Some(row) = parser.next(&mut bytes) {
            rows.push(row);
        }
    }
    while let Some(row) = parser.finish() {
        rows.push(row);
    }
    rows
}
