//! Quotes as programs write them that know another rule than RFC 4180.

use crate::csv::{lines, read, with_header};

/// What is read of the rows: each as its line, its company's name and its title, each fault as
/// its line and its reason.
fn names(rows: &str) -> Vec<(u64, String)> {
    let rows = read(with_header(rows).as_bytes(), usize::MAX).0.into_iter();
    rows.map(|row| match row {
        Ok(row) => (
            row.line,
            format!("{}|{}", row.offer.company_name, row.offer.title),
        ),
        Err(rejected) => (rejected.line, rejected.reason),
    })
    .collect()
}

#[test]
fn a_backslash_before_a_quote_is_no_part_of_a_value() {
    for (rows, expected) in [
        // MySQL and Spark: in quotes, with another backslash before a backslash.
        (
            "1,Lyon,\"R\\\\D, x\",\"a \\\"b\\\" c\",,,,,,,\n",
            "R\\D, x|a \"b\" c",
        ),
        // One that stands before something else is a part of the value.
        (
            "1,Lyon,\"R\\D, x\",\"a \\\"b\\\" c\",,,,,,,\n",
            "R\\D, x|a \"b\" c",
        ),
        // At the end of a cell.
        (
            "\"1\",\"Lyon\",\"\",\"Monteur 27\\\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n",
            "|Monteur 27\"",
        ),
        // Python: outside of quotes, too.
        (
            "1,Lyon,C:\\\\Temp,Monteur 27\\\",,,,,,,\n",
            "C:\\Temp|Monteur 27\"",
        ),
        (
            "1,Lyon,Pain\\, Beurre,27\\\" b,,,,,,,\n",
            "Pain, Beurre|27\" b",
        ),
    ] {
        assert_eq!(names(rows), lines(&[(2, expected)]), "{rows}");
    }
    // Behind spaces.
    let rows = "1, Lyon, \"Acme\", \"Say \\\"hi\\\", now\", , CDI, , , , ,\n\
                2, Lyon, \"A ; \"\"B\"\" , C\", \"C:\\\\\",,,,,,,\n";
    let expected = [(2, "Acme|Say \"hi\", now"), (3, "A ; \"B\" , C|C:\\")];
    assert_eq!(names(rows), lines(&expected));
    // The rows before the first that shows it are read likewise.
    let rows = "1,Lyon,\"R\\\\D, x\",,,,,,,,\n2,Lyon,,\"a \\\"b\\\" c\",,,,,,,\n";
    assert_eq!(names(rows), lines(&[(2, "R\\D, x|"), (3, "|a \"b\" c")]));
}

#[test]
fn a_backslash_that_ends_a_value_is_a_part_of_it() {
    let rows = "1,Lyon,\"C:\\\",\"see \\\"\" b\",,,,,,,\n2,Lyon,C:\\\\Temp,\"a\\\",,,,,,,\n";
    let expected = [(2, "C:\\|see \\\" b"), (3, "C:\\\\Temp|a\\")];
    assert_eq!(names(rows), lines(&expected));
    // Nor does a line of a text that ends so, or a space behind it, show anything else.
    let rows = "1,Lyon,A,\"Share \"\"\\\\srv\\data\\\"\"\nsecond line\",,,,,,,\n\
                3,Lyon,\"\\\\srv\\share\",\"C:\\temp\\\" ,,,,,,,\n\
                4, Lyon, \"C:\\temp\\\", \"Dev, senior\", , , , , , ,\n";
    let expected = [
        (2, "A|Share \"\\\\srv\\data\\\"\nsecond line"),
        (4, "\\\\srv\\share|C:\\temp\\"),
        (5, "C:\\temp\\|Dev, senior"),
    ];
    assert_eq!(names(rows), lines(&expected));
    // Before a separator it is one of the value where the row is too long without it.
    let rows = "1,Lyon,C:\\,Dev\\, senior,,,,,,,\n2,Lyon,C:\\,D\\,,,,,,,\n";
    let too_many = "the row has 12 columns instead of 11";
    assert_eq!(names(rows), lines(&[(2, too_many), (3, "C:\\|D\\")]));
    let rows = "1,Lyon,A,Dev\\, senior,,,,,,,\n";
    assert_eq!(names(rows), lines(&[(2, "A|Dev, senior")]));
}

#[test]
fn single_quotes_where_a_cell_needs_them_are_no_part_of_a_value() {
    let rows = "1,Lyon,'L''Or',Chef d'équipe,,,,,,,\n\
                2,Lyon,'Pain, Beurre & \"Cie\"',,,,,,,,\n\
                3,Lyon,'t Hooft,Rock 'n Roll',,,,,,,\n\
                4,Lyon,'a',\"b, 'c', d\",,,,,,,\n";
    let expected = [
        (2, "L'Or|Chef d'équipe"),
        (3, "Pain, Beurre & \"Cie\"|"),
        (4, "'t Hooft|Rock 'n Roll'"),
        (5, "'a'|b, 'c', d"),
    ];
    assert_eq!(names(rows), lines(&expected));
}

#[test]
fn quotes_that_are_not_doubled_are_told() {
    let rows = "1,Lyon,\"Dev \"Rust\" senior\",\"a \"\"b\"\", c\",,,,,,,\n\
                2,Lyon,\"Dev \"Rust\"\",\"a\" ,,,,,,,\n\
                3,Lyon,\"one\ntwo\" three,,,,,,,,\n\
                5,Lyon,27\" screens,b,,,,,,,\n";
    let expected = [
        (2, "Dev \"Rust\" senior|a \"b\", c"),
        (3, "Dev \"Rust\"|a"),
        (4, "one\ntwo three|"),
        (6, "27\" screens|b"),
    ];
    assert_eq!(names(rows), lines(&expected));
    let note = "3 rows have a quote inside of quotes that is not doubled, and may be read wrongly; \
                the first of them is line 2";
    assert_eq!(read(with_header(rows).as_bytes(), 7).1, [note]);
    // Where the cells are more than the header's, nothing is guessed.
    let rows = "1,Lyon,\"Pain \"Paul\", Beurre\",,,,,,,,\n2,Lyon,a,,,,,,,,\n";
    let too_many = "the row has 12 columns instead of 11";
    assert_eq!(names(rows), lines(&[(2, too_many), (3, "a|")]));
}
