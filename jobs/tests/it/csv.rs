//! The offers of a CSV file, however it is written and however its bytes come.

use jobs::csv::{Parser, Rejected, Row};
use proptest::prelude::*;
use shared::jobs::JobOffer;

const HEADER: &str = "id,city,company_name,title,url,contract_type,company_sector,user_experience,keyword,created_date,provider\n";

/// The rows and the faults of `file`, whose bytes come `step` at a time, and what
/// is said of it as a whole.
pub(crate) fn read(file: &[u8], step: usize) -> (Vec<Result<Row, Rejected>>, Vec<String>) {
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
    (rows, parser.notes())
}

/// The rows and the faults alone.
pub(crate) fn parse_in_steps(file: &[u8], step: usize) -> Vec<Result<Row, Rejected>> {
    read(file, step).0
}

/// Each row as its line and its id, each fault as its line and its reason.
pub(crate) fn parse(file: impl AsRef<[u8]>) -> Vec<(u64, String)> {
    let rows = parse_in_steps(file.as_ref(), usize::MAX).into_iter();
    rows.map(|row| match row {
        Ok(row) => (row.line, row.offer.id),
        Err(rejected) => (rejected.line, rejected.reason),
    })
    .collect()
}

pub(crate) fn lines(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    let expected = expected.iter();
    expected.map(|(n, text)| (*n, (*text).to_owned())).collect()
}

pub(crate) fn with_header(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

#[test]
fn a_row_is_an_offer_and_null_and_nothing_are_missing() {
    let file = with_header(
        "7, Lyon ,\"Pain, Beurre & Cie\",Boulanger,NULL,CDI,,NULL,pain,2026-11-01,site\n",
    );
    let offer = JobOffer {
        id: "7".to_owned(),
        city: "Lyon".to_owned(),
        company_name: "Pain, Beurre & Cie".to_owned(),
        title: "Boulanger".to_owned(),
        contract_type: "CDI".to_owned(),
        keyword: "pain".to_owned(),
        created_date: "2026-11-01".to_owned(),
        provider: "site".to_owned(),
        ..JobOffer::default()
    };
    assert_eq!(
        parse_in_steps(file.as_bytes(), usize::MAX),
        [Ok(Row { line: 2, offer })]
    );
}

#[test]
fn columns_may_come_in_any_order() {
    let file = "provider,created_date,keyword,user_experience,company_sector,contract_type,url,title,company_name,city,id\np,d,k,u,s,c,http,t,n,Oslo,9\n";
    let rows = parse_in_steps(file.as_bytes(), usize::MAX);
    let [Ok(row)] = &rows[..] else {
        panic!("{rows:?}")
    };
    assert_eq!((&*row.offer.id, &*row.offer.city), ("9", "Oslo"));
    assert_eq!((&*row.offer.url, &*row.offer.provider), ("http", "p"));
}

#[test]
fn byte_order_marks_windows_line_ends_and_a_missing_last_one_change_nothing() {
    let expected = lines(&[(2, "1"), (3, "2")]);
    let unix = with_header("1,Lyon,,,,,,,,,\n2,Lyon,,,,,,,,,\n");
    for file in [
        unix.clone(),
        unix.trim_end().to_owned(),
        unix.replace('\n', "\r\n"),
        format!("\u{feff}{unix}"),
        format!("\u{feff}{}", unix.replace("id,", "\"id\",")),
    ] {
        assert_eq!(parse(&file), expected, "{file:?}");
    }
}

#[test]
fn a_bad_row_is_told_with_its_line_and_the_rows_around_it_are_read() {
    let file = with_header(
        "1,Lyon,,,,,,,,,\n\
         ,Lyon,,,,,,,,,\n\
         3,NULL,,,,,,,,,\n\
         4,Lyon,,,,,,,,\n\
         5,Lyon,,,,,,,,,,x\n\
         \n\
         8,\"Aix\n-en-Provence\",,,,,,,,,\n\
         10,Lyon,,\"a \"\"quoted\"\" title\",,,,,,,\n\
         11,Lyon,,,,,,,,,,,\n\
         no row\n\
         ,,,,,,,,,,\n",
    );
    assert_eq!(
        parse(file),
        lines(&[
            (2, "1"),
            (3, "`id` is missing"),
            (4, "`city` is missing"),
            (5, "the row has 10 columns instead of 11"),
            (6, "the row has 12 columns instead of 11"),
            (8, "8"),
            (10, "10"),
            (11, "11"),
            (12, "the row has 1 column instead of 11"),
        ])
    );
}

#[test]
fn a_row_with_one_separator_too_many_is_not_read_out_of_step() {
    let shifted = "z1,Lyon,Pain, Beurre,Boulanger,,CDI,,,pain,2026-11-02,\n";
    let too_many = "the row has 12 columns instead of 11";
    let file = with_header(&format!("1,Lyon,,,,,,,,,\n{shifted}2,Lyon,,,,,,,,,\n"));
    assert_eq!(parse(file), lines(&[(2, "1"), (3, too_many), (4, "2")]));
    let file = with_header(&format!("{shifted}2,Lyon,,,,,,,,,\n"));
    assert_eq!(parse(file), lines(&[(2, too_many), (3, "2")]));
    let late = "1,Lyon,Pain,Boulanger,https://jobs.example/1,CDI,,,pain, beurre,2026-11-02,\n";
    assert_eq!(parse(with_header(late)), lines(&[(2, too_many)]));
    // Where all rows end in a separator, they are in step.
    let file = with_header("1,Lyon,,,NULL,,,,,NULL,,\n2,Lyon,,,,,,,,,,\n");
    assert_eq!(parse(file), lines(&[(2, "1"), (3, "2")]));
    let header = HEADER.replace('\n', ",\n");
    let file = format!("{header}1,Lyon,,,,,,,,,\n2,Lyon,,,,,,,,,,\n");
    assert_eq!(parse(file), lines(&[(2, "1"), (3, "2")]));
}

#[test]
fn what_is_too_long_or_holds_control_characters_is_told() {
    let long = "x".repeat(2_000_000);
    let mut file = with_header("1,Lyon,");
    file.push_str(&format!("{},,,,,,,,\n", &long[..2049]));
    file.push_str(&format!("2,Lyon,{long},,,,,,,,\n3,Lyon,,,,,,,,,\n"));
    file.push_str(&format!("4{},Lyon,,,,,,,,,\n", ",".repeat(1_100)));
    file.push_str("5,Lyon,\u{ffff},,,,,,,,\n6,Ly\u{7}on,,,,,,,,,\n7,Lyon,,a\0b,,,,,,,\n");
    file.push_str("8,Lyon,,\"one\tline\r\nand another\",,,,,,,\n9,Lyon,,,,,,,,,");
    assert_eq!(
        parse(file),
        lines(&[
            (
                2,
                "`company_name` is 2049 bytes long: at most 2048 are allowed"
            ),
            (3, "the row is longer than 65536 bytes"),
            (4, "3"),
            (5, "the row has 1111 columns instead of 11"),
            (6, "`company_name` contains the control character U+FFFF"),
            (7, "`city` contains the control character U+0007"),
            (8, "`title` contains the control character U+0000"),
            (9, "8"),
            (11, "9"),
        ])
    );
}

#[test]
fn a_quote_that_is_not_closed_costs_its_own_row_and_no_other() {
    let open = "a quote is opened and not closed";
    let rows = "1,Lyon,,,,,,,,,\n2,Lyon,,,,,,,,,\"oops\n3,Lyon,,,,,,,,,\n4,Lyon,,,,,,,,,\n";
    for file in [rows, rows.trim_end()] {
        let expected = lines(&[(2, "1"), (3, open), (4, "3"), (5, "4")]);
        assert_eq!(parse(with_header(file)), expected);
    }
    // Another quote, further down, closes it.
    for (n, closed) in [
        "2,Lyon,,\"oops,,,,,,,\n3,Lyon,,\"Pain, Beurre\",,,,,,,\n4,Lyon,,,,,,,,,\n",
        "2,Lyon,,,,,,,,,\"oops\n3,Lyon,,,,,,,,,\"x\"\n4,Lyon,,,,,,,,,\n",
        "2,Lyon,,,,,,,,,\"oops\n3,Lyon,,,,,,,,,\n4,Lyon,,,,,,,,,oops\"\n",
    ]
    .into_iter()
    .enumerate()
    {
        let expected = lines(&[(2, open), (3, "3"), (4, "4")]);
        assert_eq!(parse(with_header(closed)), expected, "{n}");
    }
    let inside = "1,Lyon,,27\" screens,,,,,,,\n2,Lyon,,a; b\t\"c\" | d,,,,,,,\n";
    assert_eq!(parse(with_header(inside)), lines(&[(2, "1"), (3, "2")]));
    // One that goes on for ever does not take the rest of a large file with it.
    let many: String = (2..9_000)
        .map(|id| format!("{id},Lyon,,,,,,,,,\n"))
        .collect();
    let rows = parse(with_header(&format!("1,Lyon,\"oops,,,,,,,,\n{many}")));
    assert_eq!(rows.len(), 8_999);
    assert_eq!(rows[..2], lines(&[(2, open), (3, "2")]));
}

#[test]
fn a_text_of_several_lines_in_quotes_is_never_taken_for_rows() {
    let header = HEADER.replace("provider", "provider,description");
    let list = "Java,Kotlin,Scala,Go,Rust,C,C++,Python,Perl,Ruby,PHP,SQL";
    let next = "z4,Lyon,,,,,,,,,,\n";
    for text in [
        format!("Profil:\n{list}\nMerci"),
        format!("Profil:\n{list}"),
        format!("{list}\n{list}\n{list}"),
    ] {
        let file = format!("{header}z3,Lyon,,,,,,,,,,\"{text}\"\n{next}");
        let line = 3 + text.matches('\n').count() as u64;
        assert_eq!(parse(file), lines(&[(2, "z3"), (line, "z4")]), "{text}");
    }
    // It looks just like rows, but in a column that is not ours.
    let rows = "Profil:\nz5,Lyon,,,,,,,,,,\nz6,Lyon,,,,,,,,,,";
    let file = format!("{header}z3,Lyon,,,,,,,,,,\"{rows}\"\n{next}");
    assert_eq!(parse(&file), lines(&[(2, "z3"), (5, "z4")]));
    let note = "the row in line 2 has lines in quotes that look like rows, and are not read";
    assert_eq!(read(file.as_bytes(), usize::MAX).1[0], note);
    // Nor where the row has one cell too many.
    let file = format!("{header}z3,Lyon,a,b,,,,,,,,,\"Profil:\n{list}\nMerci\"\n{next}");
    let too_many = "the row has 13 columns instead of 12";
    assert_eq!(parse(file), lines(&[(2, too_many), (5, "z4")]));
    // In a column of ours, the lines have another number of cells, or no id like the others.
    let file =
        with_header("3,Lyon,,,,,,,,,\"Stack\na,b,c,d,e,f,g,h,i,j,k\n5,x\"\n4,Lyon,,,,,,,,,\n");
    assert_eq!(parse(file), lines(&[(2, "3"), (5, "4")]));
}

#[test]
fn a_text_of_several_lines_that_is_too_long_is_one_row() {
    let header = HEADER.replace("provider", "provider,description");
    let text = "a line, with \"\"quotes\"\" and a comma\r\n\r\n".repeat(5_000);
    let too_long = "the row is longer than 65536 bytes";
    for end in ["end\"\r\n", "end\",\"\r\n x \r\n\"\r\n", ""] {
        let file = format!("{header}1,Lyon,,,,,,,,,,\"{text}{end}2,Lyon,,,,,,,,,,\r\n");
        let next = 10_002 + end.matches('\n').count() as u64;
        assert_eq!(parse(&file), lines(&[(2, too_long), (next, "2")]), "{end}");
        let rows = parse_in_steps(file.as_bytes(), usize::MAX);
        for step in [7, 65_537] {
            assert_eq!(parse_in_steps(file.as_bytes(), step), rows, "{end} {step}");
        }
    }
}

#[test]
fn a_bad_header_is_told_once_and_no_row_is_guessed() {
    let row = "1,Lyon,,,,,,,,,\n2,Lyon,,,,,,,,,\n";
    for (header, reason) in [
        (
            HEADER.replace("city,", ""),
            "the header lacks the column \"city\"",
        ),
        (
            HEADER.replace("url,", "").replace("title,", ""),
            "the header lacks the columns \"title\", \"url\"",
        ),
        (
            HEADER.replace("url,", "url,url,"),
            "the header has the column \"url\" twice",
        ),
        (
            HEADER.replace("url", "link"),
            "the header lacks the column \"url\" and has the column \"link\"",
        ),
        (
            row.to_owned(),
            "the first line is no header: it has to name the columns id, city, company_name, \
             title, url, contract_type, company_sector, user_experience, keyword, created_date, \
             provider",
        ),
    ] {
        let expected = format!("{reason}, so no row of the file can be read");
        assert_eq!(parse(format!("{header}{row}")), lines(&[(1, &expected)]));
    }
}

#[test]
fn an_empty_file_is_told_and_a_header_alone_is_a_file_without_rows() {
    let empty = lines(&[(1, "the file is empty: it has no header")]);
    assert_eq!(parse(""), empty);
    assert_eq!(parse("\u{feff}\r\n\n"), empty);
    assert_eq!(parse(HEADER), []);
    assert_eq!(parse(HEADER.trim_end()), []);
}

proptest! {
    #[test]
    fn it_does_not_matter_in_which_pieces_the_bytes_come(
        rows in "(\u{feff})?([0-9]{0,3},[A-Za-zé]{0,5},(\"[a-z,\n]{0,4}\"?)?,,,,,,,,[\",x]{0,2}(\r\n|\n)){0,8}.{0,9}",
        step in 1_usize..40,
        has_header: bool,
    ) {
        let file = if has_header { with_header(&rows) } else { rows };
        prop_assert_eq!(
            parse_in_steps(file.as_bytes(), step),
            parse_in_steps(file.as_bytes(), usize::MAX)
        );
    }

    #[test]
    fn a_written_offer_is_read_as_it_was(
        values in prop::collection::vec("[a-zé0-9,\"\n]{0,12}", 9),
        id in "[a-z0-9]{1,9}",
    ) {
        let cell = |value: &String| format!("\"{}\"", value.replace('"', "\"\""));
        let cells: Vec<_> = values.iter().map(cell).collect();
        let file = with_header(&format!("{id},Lyon,{}\r\n", cells.join(",")));
        let rows = parse_in_steps(file.as_bytes(), 7);
        let [Ok(row)] = &rows[..] else { panic!("{rows:?}") };
        let mut expected = JobOffer { id, city: "Lyon".to_owned(), ..JobOffer::default() };
        for (name, value) in JobOffer::FIELDS[2..].iter().zip(&values) {
            let value = value.trim();
            // What offers are found by is one line.
            *expected.get_mut(name).unwrap() = match *name {
                "keyword" => value.replace('\n', " "),
                _ => value.to_owned(),
            };
        }
        prop_assert_eq!(&row.offer, &expected);
    }
}
