//! The files that the owner downloads, literally.

use dashboard::export::{Format, file_name};
use shared::visits::Visit;

fn visit(place: &str) -> Visit {
    Visit {
        id: "019aa5d6-0000-7000-8000-000000000001".to_owned(),
        property_id: "example.com/".to_owned(),
        date: "2026-11-21T06:15:00Z".to_owned(),
        place: place.to_owned(),
        source: None,
        link: None,
        local_date: None,
    }
}

/// The last cell of the only row.
fn place_in_csv(place: &str) -> String {
    let file = Format::Csv.write(&[visit(place)]);
    let (_, row) = file.split_once("\r\n").unwrap();
    let cells = row.strip_suffix("\r\n").unwrap();
    let before =
        "\"019aa5d6-0000-7000-8000-000000000001\",\"example.com/\",\"2026-11-21T06:15:00Z\",";
    cells.strip_prefix(before).unwrap().to_owned()
}

#[test]
fn a_csv_file_has_a_header_and_says_that_it_is_utf_8() {
    assert_eq!(
        Format::Csv.write(&[]),
        "\u{feff}id,propertyId,date,place\r\n"
    );
}

#[test]
fn quotes_commas_and_line_breaks_stay_in_their_cell() {
    assert_eq!(place_in_csv("Leeds, GB"), "\"Leeds, GB\"");
    assert_eq!(place_in_csv("\"Leeds\"\nGB"), "\"\"\"Leeds\"\"\nGB\"");
    assert_eq!(place_in_csv("São Paulo"), "\"São Paulo\"");
}

#[test]
fn no_cell_is_a_formula() {
    for place in ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"] {
        assert_eq!(place_in_csv(place), format!("\"'{place}\""));
    }
    for (place, cell) in [
        ("x;=cmd|' /C calc'!A0;", r#""x;'=cmd|' /C calc'!A0;""#),
        ("x; +1;-1", r#""x; '+1;'-1""#),
        (r#"x;"=1";"#, r#""x;""'=1"";""#),
        (r#""=1"#, r#""""'=1""#),
        ("\t=1", "\"\t'=1\""),
        ("a\r=1\n@b\r\n＝1", "\"a\r'=1\n'@b\r\n'＝1\""),
        ("a=1", r#""a=1""#),
        (
            "Stratford-upon-Avon; GB - a+b",
            r#""Stratford-upon-Avon; GB - a+b""#,
        ),
    ] {
        assert_eq!(place_in_csv(place), cell);
    }
}

#[test]
fn a_json_file_is_what_the_api_answers() {
    let file = Format::Json.write(&[visit("Leeds, GB")]);
    let value: serde_json::Value = serde_json::from_str(&file).unwrap();
    assert_eq!(
        value,
        serde_json::json!([{
            "id": "019aa5d6-0000-7000-8000-000000000001",
            "propertyId": "example.com/",
            "date": "2026-11-21T06:15:00Z",
            "place": "Leeds, GB",
        }])
    );
}

#[test]
fn a_file_name_has_nothing_a_file_system_refuses() {
    let name = file_name("example.com:80/a b/../<é>", "30 days", Format::Csv);
    assert_eq!(name, "visits-example.com-80-a-b-..-é-30-days.csv");
}
