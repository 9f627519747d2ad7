//! Files as people's tools write them: the same twelve offers, however they are encoded,
//! separated and ended.

use jobs::csv::{Rejected, Row};
use proptest::prelude::*;
use shared::jobs::JobOffer;

use crate::csv::{lines, parse, read, with_header};

const CITIES: [&str; 4] = ["Lyon", "Évry", "Saint-Étienne", "Le Havre"];

/// The offers that every file below holds.
fn offers() -> Vec<JobOffer> {
    let offer = |n: usize| JobOffer {
        id: (1_001 + n).to_string(),
        city: CITIES[n % 4].to_owned(),
        company_name: "Société Générale & Cie".to_owned(),
        title: "Développeur, \"expert\"; H/F | senior\tou pas".to_owned(),
        contract_type: "CDI".to_owned(),
        keyword: "forêt".to_owned(),
        created_date: "2026-11-01".to_owned(),
        provider: "site".to_owned(),
        ..JobOffer::default()
    };
    (0..12).map(offer).collect()
}

/// A file of them, header first, as text.
fn written(separator: char, line_end: &str) -> String {
    let separator = separator.to_string();
    let quoted = |value: String| format!("\"{}\"", value.replace('"', "\"\""));
    let mut file = JobOffer::FIELDS.join(&separator) + line_end;
    for mut offer in offers() {
        let values = JobOffer::FIELDS.map(|field| {
            let value = std::mem::take(offer.get_mut(field).unwrap());
            match field {
                "title" => quoted(value),
                _ => value,
            }
        });
        file.push_str(&(values.join(&separator) + line_end));
    }
    file
}

fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

/// All twelve offers, on consecutive lines from `first`.
fn all(first: u64) -> Vec<Result<Row, Rejected>> {
    let offers = (first..).zip(offers());
    offers
        .map(|(line, offer)| Ok(Row { line, offer }))
        .collect()
}

#[test]
fn every_encoding_separator_and_line_end_makes_the_same_twelve_offers() {
    let none: &[&str] = &[];
    for separator in [',', ';', '\t', '|'] {
        for line_end in ["\n", "\r\n", "\r"] {
            let text = written(separator, line_end);
            let unicode = format!("\u{feff}{text}");
            for (name, file, notes) in [
                ("UTF-8", text.clone().into_bytes(), none),
                ("UTF-8 with a mark", unicode.clone().into_bytes(), none),
                (
                    "UTF-16LE",
                    utf_16(&unicode, u16::to_le_bytes),
                    &["the file is read as UTF-16"],
                ),
                (
                    "UTF-16BE",
                    utf_16(&unicode, u16::to_be_bytes),
                    &["the file is read as UTF-16"],
                ),
                (
                    "UTF-16LE without a mark",
                    utf_16(&text, u16::to_le_bytes),
                    &["the file is read as UTF-16"],
                ),
                (
                    "Windows-1252",
                    windows_1252(&text),
                    &[
                        "12 lines are not UTF-8 and are read as Windows-1252, which is a guess; the first of them is line 2",
                    ],
                ),
            ] {
                for step in [1, 7, usize::MAX] {
                    let found = read(&file, step);
                    let notes: Vec<_> = notes.iter().map(|n| (*n).to_owned()).collect();
                    assert_eq!(found, (all(2), notes), "{name} {separator:?} {line_end:?}");
                }
            }
        }
    }
}

#[test]
fn lines_are_counted_whatever_ends_them() {
    let mut file = String::new();
    for (n, line) in written(',', "\n").lines().enumerate() {
        file.push_str(line);
        file.push_str(["\r\n", "\n", "\r"][n % 3]);
    }
    assert_eq!(read(file.as_bytes(), 3).0, all(2));
    let blank = with_header("1,Lyon,,,,,,,,,\r\r\n\n2,Lyon,,,,,,,,,\r\n\r\n");
    assert_eq!(parse(blank), lines(&[(2, "1"), (5, "2")]));
}

#[test]
fn lines_before_the_header_are_no_header() {
    for (before, separator) in [
        ("sep=;\r\n", ';'),
        ("\u{feff}sep=;\r\n", ';'),
        ("\"sep=;\"\r\n", ';'),
        ("SEP=\t\r\n", '\t'),
        ("sep=|\n", '|'),
        ("sep=^\n", '^'),
        ("#TYPE System.Management.Automation.PSCustomObject\r\n", ','),
        ("ORCHESTRA\r\n", ','),
        ("- Offers -\n", ';'),
        ("---\n", ','),
        ("<br />\n", ','),
        ("[2026-11-03] export\n", '\t'),
    ] {
        let file = before.to_owned() + &written(separator, "\r\n");
        assert_eq!(read(file.as_bytes(), 5).0, all(3), "{before:?}");
    }
    let file = "Filter,city,keyword\nAll,Lyon,rust\n".to_owned() + &written(',', "\r\n");
    let note = "the header comes after line 2, and nothing before it is read";
    assert_eq!(read(file.as_bytes(), 5), (all(4), vec![note.to_owned()]));
    // One that is far behind is found whatever pieces the bytes come in, or never.
    let far = "ORCHESTRA\n".to_owned() + &format!("{:120}\n", "a").repeat(40);
    let file = far + &written(',', "\r\n");
    assert_eq!(read(file.as_bytes(), 5), read(file.as_bytes(), usize::MAX));
    let list = format!("Columns: {}\n\n", JobOffer::FIELDS.join(","));
    let file = list + &written(',', "\r\n");
    let note = "the header comes after line 1, and nothing before it is read";
    assert_eq!(read(file.as_bytes(), 5), (all(4), vec![note.to_owned()]));
}

#[test]
fn a_header_may_be_written_as_people_write_it() {
    let plain = written(',', "\n");
    let (header, rows) = plain.split_once('\n').unwrap();
    for header in [
        header.to_uppercase(),
        header.replace('_', " "),
        header.replace(',', " , "),
        format!("\"{}\"", header.replace(',', "\",\"")),
        format!("\u{feff}\"{}\"", header.replace(',', "\",\"")),
        header
            .replace("company_name", "Company Name")
            .replace("url", "URL"),
        format!("{header},,,"),
    ] {
        let file = format!("{header}\n{rows}");
        assert_eq!(
            read(file.as_bytes(), usize::MAX),
            (all(2), vec![]),
            "{header}"
        );
    }
}

#[test]
fn columns_beyond_ours_are_said_once_and_empty_ones_not_at_all() {
    let header = crate::support::HEADER.trim_end();
    let file = format!("salary,{header},remark\n1,1,Lyon,,,,,,,,,,x\n2,2,Oslo,,,,,,,,,,y,,,\n");
    let (rows, notes) = read(file.as_bytes(), usize::MAX);
    assert_eq!(rows.iter().filter(|row| row.is_ok()).count(), 2);
    assert_eq!(notes, ["the columns \"salary\", \"remark\" are not read"]);
    // The index of a data frame has no name.
    let file = format!(",{header}\n0,1,Lyon,,,,,,,,,\n1,2,Oslo,,,,,,,,,\n");
    assert_eq!(parse(&file), lines(&[(2, "1"), (3, "2")]));
    // More cells than names are a row out of step.
    let file = format!("{header},,\n1,Lyon,Pain, Beurre,,,,,,,,,x\n2,Oslo,,,,,,,,,,,\n");
    let out_of_step = "the row has 13 columns instead of 11";
    assert_eq!(parse(&file), lines(&[(2, out_of_step), (3, "2")]));
}

#[test]
fn a_header_again_is_no_offer_and_may_change_the_order() {
    let again = "it is a header again, and no job offer";
    let once = written(';', "\r\n");
    let (rows, _) = read(format!("{once}\u{feff}{once}").as_bytes(), usize::MAX);
    assert_eq!(rows.len(), 25);
    let expected = Rejected {
        line: 14,
        reason: again.to_owned(),
    };
    assert_eq!(rows[12], Err(expected));
    assert_eq!(rows[13..], all(15));
    let other = "city,id,provider,created_date,keyword,user_experience,company_sector,contract_type,url,title,company_name";
    let file = with_header(&format!("1,Lyon,,,,,,,,,\n{other}\nOslo,2,,,,,,,,,\n"));
    assert_eq!(parse(file), lines(&[(2, "1"), (3, again), (4, "2")]));
}

#[test]
fn a_header_again_with_a_fault_is_no_offer_and_no_row_below_it_is_guessed() {
    let header = crate::support::HEADER;
    let fault = "it is a header again, but the header lacks the column \"url\" and has the \
                 column \"link\"";
    let lost = "the header of the row, in line 3, cannot be used";
    let again = "it is a header again, and no job offer";
    let bad = header.replace("url", "link");
    let file = format!("1,Lyon,,,,,,,,,\n{bad}2,Lyon,,,,,,,,,\n{header}3,Lyon,,,,,,,,,\n");
    let expected = [(2, "1"), (3, fault), (4, lost), (5, again), (6, "3")];
    assert_eq!(parse(with_header(&file)), lines(&expected));
    // Columns before ours move all of them.
    let file = format!("1,Lyon,,,,,,,,,\na,b,{header}x,y,2,Lyon,,,,,,,,,\n");
    let expected = [(2, "1"), (3, again), (4, "2")];
    assert_eq!(parse(with_header(&file)), lines(&expected));
    // A few of the names may be values.
    let row = "1,City,title,,,,,,keyword,,provider\n";
    assert_eq!(parse(with_header(row)), lines(&[(2, "1")]));
}

#[test]
fn a_name_with_a_dot_is_ours_only_behind_a_table_that_most_columns_have() {
    let header = crate::support::HEADER.trim_end();
    let file = format!("company.id,{header},provider.id\na,1,Lyon,,,,,,,,,,b\n");
    let (rows, notes) = read(file.as_bytes(), usize::MAX);
    assert_eq!(rows[0].as_ref().unwrap().offer.id, "1");
    let ignored = "the columns \"company.id\", \"provider.id\" are not read";
    assert_eq!(notes, [ignored]);
    let tables = format!(
        "jobs.{},firms.id\n1,Lyon,,,,,,,,,,7\n",
        header.replace(',', ",jobs.")
    );
    assert_eq!(parse(tables), lines(&[(2, "1")]));
    // R writes a dot for a space.
    let dots = format!("{}\n1,Lyon,,,,,,,,,\n", header.replace('_', "."));
    assert_eq!(parse(dots), lines(&[(2, "1")]));
    let other = header.replacen("id", "company.id", 1);
    let missing = "the header lacks the column \"id\" and has the column \"company.id\", so no \
                   row of the file can be read";
    assert_eq!(parse(other), lines(&[(1, missing)]));
}

#[test]
fn ends_of_texts_and_empty_rows_are_nothing() {
    for end in [
        "\u{1a}",
        "\n\u{1a}",
        "\r\n\r\n  \r\n",
        ",,,,,,,,,,\n\"\",,,,,,,,,,\n",
        "\0\0\0\0",
    ] {
        let file = written(',', "\n") + end;
        assert_eq!(read(file.as_bytes(), 11).0, all(2), "{end:?}");
    }
    let last = with_header("1,Lyon,,,,,,,,,site\u{1a}");
    let rows = read(last.as_bytes(), usize::MAX).0;
    assert_eq!(rows[0].as_ref().unwrap().offer.provider, "site");
}

#[test]
fn each_line_is_read_for_what_it_is() {
    let mut file = with_header("1,Évry,,,,,,,,,\n2,Paris,,,,,,,,,\n").into_bytes();
    file.extend(windows_1252("3,Évry,,,,,,,,,\n4,EMPLOYÉ·E,,,,,,,,,\n"));
    // Cut in the middle of a letter, with others before it.
    file.extend(b"5,\xc3\x89vry,caf\xc3,,,,,,,,\n6,Lyon,\x81,,,,,,,,\n");
    let (rows, notes) = read(&file, usize::MAX);
    let cities: Vec<_> = rows.iter().flatten().map(|row| &*row.offer.city).collect();
    assert_eq!(cities, ["Évry", "Paris", "Évry", "EMPLOYÉ·E"]);
    let reasons: Vec<_> = rows.into_iter().filter_map(Result::err).collect();
    let reasons: Vec<_> = reasons.into_iter().map(|r| (r.line, r.reason)).collect();
    let control = "`company_name` contains the control character U+0081";
    let broken = "`company_name` is not UTF-8";
    assert_eq!(reasons, lines(&[(6, broken), (7, control)]));
    assert_eq!(
        notes,
        [
            "3 lines are not UTF-8 and are read as Windows-1252, which is a guess; the first of them is line 4"
        ]
    );
    // A file that says what it is has no other lines.
    let mut file = b"\xef\xbb\xbf".to_vec();
    file.extend(with_header("").into_bytes());
    file.extend(b"1,\xc9vry,,,,,,,,,\n");
    assert_eq!(parse(file), lines(&[(2, "`city` is not UTF-8")]));
}

#[test]
fn a_few_signs_of_windows_1252_are_not_taken_for_letters_of_others() {
    for (bytes, name) in [
        (&b"Sainsbury\x92s"[..], "Sainsbury’s"),
        (b"We\x92re, you\x92ll, don\x92t", "We’re, you’ll, don’t"),
        (b"O\x92Brien", "O’Brien"),
        (b"l\x92eau", "l’eau"),
        (b"qu\x92il, aujourd\x92hui", "qu’il, aujourd’hui"),
        (b"workers\x92 rights", "workers’ rights"),
        (b"\xab Le Bon \xbb", "« Le Bon »"),
        (b"\xc0 Paris", "À Paris"),
        (b"\x8cuvre", "Œuvre"),
        (b"n\xba 3", "nº 3"),
        (b"\xaeBrand", "®Brand"),
        (b"Brand\x99", "Brand™"),
        (b"\xde\xf3r", "Þór"),
    ] {
        for end in ["\n", "\r\n"] {
            let mut file = with_header("1,Lyon,\"").into_bytes();
            file.extend(bytes);
            file.extend(format!("\",,,,,,,,{end}").into_bytes());
            let (rows, notes) = read(&file, usize::MAX);
            let offer = &rows[0].as_ref().unwrap().offer;
            assert_eq!((&*offer.company_name, notes.len()), (name, 1), "{end:?}");
        }
    }
    // Others still win where they explain the letters better.
    for (bytes, name) in [
        (&b"\x8cwit"[..], "Świt"),
        (b"Garc\x92a", "García"),
        (b"yaz\xfdl\xfdm", "yazılım"),
    ] {
        let mut file = with_header("1,Lyon,\"").into_bytes();
        file.extend(bytes);
        file.extend(b"\",,,,,,,,\n");
        let rows = read(&file, usize::MAX).0;
        assert_eq!(rows[0].as_ref().unwrap().offer.company_name, name);
    }
}

#[test]
fn signs_of_an_older_encoding_that_happen_to_be_utf_8_are_not_taken_for_it() {
    for (bytes, name, line_end) in [
        (&b"Chef d\xd5\x8equipe"[..], "Chef d’équipe", "\r"),
        (b"Charg\x8e d\xd5\x8etudes", "Chargé d’études", "\r"),
        (b"\xd2\x83cole\xd3", "“École”", "\r"),
        (b"Vo\xdf\x92 Backstube", "Voß’ Backstube", "\r\n"),
        (b"\x84Wei\xdf\x93", "„Weiß“", "\r\n"),
        (b"NESTL\xc9\xae", "NESTLÉ®", "\n"),
        (b"CAF\xc9\x94 DU CENTRE", "CAFÉ” DU CENTRE", "\r\n"),
    ] {
        let mut file = crate::support::HEADER.trim_end().to_owned().into_bytes();
        file.extend(format!("{line_end}1,Lyon,").bytes());
        file.extend(bytes);
        file.extend(format!(",,,,,,,,{line_end}").bytes());
        let (rows, notes) = read(&file, usize::MAX);
        let offer = &rows[0].as_ref().unwrap().offer;
        assert_eq!((&*offer.company_name, notes.len()), (name, 1));
    }
    let mut file = with_header("1,Lyon,").into_bytes();
    file.extend(b"\xb1\xb1\xbe\xa9\xc8\xed\xbc\xfe\xd3\xd0\xcf\xde\xb9\xab\xcb\xbe,,,,,,,,\n");
    file.extend(b"2,Lyon,\xcc\xab\xd4\xad,,,,,,,,\n");
    let rows = read(&file, usize::MAX).0;
    let names: Vec<_> = rows
        .iter()
        .flatten()
        .map(|row| &*row.offer.company_name)
        .collect();
    assert_eq!(names, ["北京软件有限公司", "太原"]);
    // Languages that have such letters keep them.
    for name in [
        "Gəncə",
        "Ɔkɔmfɔ",
        "Կառավարիչ",
        "ב-Python",
        "Сlass",
        "e\u{323}\u{302}",
        "10 kΩ",
        "Café ʜɪʀɪɴɢ",
    ] {
        let file = with_header(&format!("1,Lyon,{name},,,,,,,,\n"));
        let (rows, notes) = read(file.as_bytes(), usize::MAX);
        assert_eq!((rows[0].is_ok(), notes), (true, vec![]), "{name}");
    }
}

#[test]
fn letters_in_two_parts_become_one() {
    let rows = read(
        with_header("1,E\u{301}vry,,,,,,,fore\u{302}t,,\n").as_bytes(),
        9,
    )
    .0;
    let offer = &rows[0].as_ref().unwrap().offer;
    assert_eq!((&*offer.city, &*offer.keyword), ("Évry", "forêt"));
}

#[test]
fn characters_that_were_lost_before_are_told() {
    let rows = "1,\u{fffd}vry,,,,,,,,,\n2,Évry,,,,,,,,,\n3,Ly\u{fffd}n,,,,,,,,,\n";
    let (rows, notes) = read(with_header(rows).as_bytes(), usize::MAX);
    assert_eq!(rows.iter().flatten().count(), 3);
    let note = "2 rows hold U+FFFD, the sign for a character that was lost before; the first of \
                them is line 2";
    assert_eq!(notes, [note]);
}

#[test]
fn signs_that_nobody_sees_are_no_part_of_a_value() {
    let file = with_header(
        "\u{200b}1\u{200e},\u{202a}Le\u{a0}Havre\u{202c},\u{2060}a\u{a0}b\u{feff},,,,,,chef\u{202f}de,,\n",
    );
    let rows = read(file.as_bytes(), 9).0;
    let offer = &rows[0].as_ref().unwrap().offer;
    assert_eq!((&*offer.id, &*offer.city), ("1", "Le Havre"));
    assert_eq!(
        (&*offer.company_name, &*offer.keyword),
        ("a\u{a0}b", "chef de")
    );
    let unseen = with_header("\u{200b},Lyon,,,,,,,,,\n");
    assert_eq!(parse(unseen), lines(&[(2, "`id` is missing")]));
}

#[test]
fn what_is_no_csv_is_named() {
    for (start, kind) in [
        (
            &b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml"[..],
            "an Excel workbook (XLSX)",
        ),
        (
            b"PK\x03\x04\x14\0\0\x08mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
            "a LibreOffice workbook (ODS)",
        ),
        (
            b"PK\x03\x04\x14\0\0\0\0\0Index/Document.iwa",
            "a Numbers document",
        ),
        (b"PK\x03\x04\x14\0\0\0offers.csv", "a ZIP archive"),
        (b"\x1f\x8b\x08\0", "a gzip archive"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "an Excel workbook (XLS)",
        ),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\n<!DOCTYPE html>\n<html>", "an HTML page"),
        (
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml word/document.xml",
            "a Word document (DOCX)",
        ),
        (b"<table><tr><td>id</td></tr></table>", "an HTML page"),
        (b"<?xml version=\"1.0\"?><Workbook>", "an XML document"),
        (b"<rows><row id=\"1\"/></rows>", "an XML document"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"INSERT INTO offers VALUES (1);\n", "a script in SQL"),
        (
            b"USE jobs;\nGO\nINSERT INTO t\n(id,city,company_name,title,url,contract_type,\
              company_sector,user_experience,keyword,created_date,provider)\nVALUES\n",
            "a script in SQL",
        ),
        (
            b"COPY t (id, city, company_name, title, url, contract_type, keyword) FROM stdin;\n",
            "a script in SQL",
        ),
        (b"{\\rtf1\\ansi", "an RTF document"),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "a pointer of Git LFS",
        ),
        (b"[{\"id\": 1}]", "JSON"),
        (b"{\"columns\":[\"id\",\"city\",\"title\",\"url\",\"keyword\",\"provider\",\"company_name\"]}", "JSON"),
        (b"\xef\xbb\xbf{\"id\": 1}\n{\"id\": 2}\n", "JSON"),
        (b"\xff\xfe[\0{\0\"\0i\0d\0\"\0", "JSON"),
        (b"\xff\xfe\0\0i\0\0\0", "text in UTF-32"),
    ] {
        let mut file = start.to_vec();
        file.extend([0; 2_000]);
        let reason = format!("the file is {kind} and not CSV, so no row of it can be read");
        assert_eq!(parse(&file), lines(&[(1, &reason)]));
        assert_eq!(parse(start), lines(&[(1, &reason)]));
    }
}

proptest! {
    /// Each line of a file is an offer or a line of the report.
    #[test]
    fn as_many_rows_come_out_as_go_in(
        values in prop::collection::vec(("[1-9]{0,3}", " {0,2}(|Lyon|Évry|Nîmes|Orléans|L’Haÿ) {0,2}"), 1..30),
        separator in prop::sample::select(vec![',', ';', '\t', '|']),
        line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
        encoding in 0..5,
        step in 1_usize..900,
    ) {
        let mut text = JobOffer::FIELDS.join(&separator.to_string()) + line_end;
        for (id, city) in &values {
            let rest = [separator; 9].iter().collect::<String>();
            text.push_str(&format!("{id}{separator}{city}{rest}x{line_end}"));
        }
        let file = match encoding {
            0 => text.into_bytes(),
            1 => format!("\u{feff}{text}").into_bytes(),
            2 => utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes),
            3 => utf_16(&format!("\u{feff}{text}"), u16::to_be_bytes),
            _ => windows_1252(&text),
        };
        let (rows, _) = read(&file, step);
        prop_assert_eq!(rows.len(), values.len());
        for (n, (row, (id, city))) in rows.iter().zip(&values).enumerate() {
            let line = n as u64 + 2;
            match row {
                Ok(row) => {
                    prop_assert_eq!((row.line, &row.offer.id), (line, id));
                    prop_assert_eq!(&row.offer.city, city.trim());
                }
                Err(rejected) => {
                    prop_assert_eq!(rejected.line, line);
                    prop_assert!(id.is_empty() || city.trim().is_empty());
                }
            }
        }
    }
}
