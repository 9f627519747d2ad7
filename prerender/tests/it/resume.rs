//! Reading `resume.json`: what is right, what is mended with a note, and what
//! is an error.

use prerender::resume::{Reading, read};

/// The sentences of a list of findings, each after its path.
fn said(findings: &[prerender::resume::Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{}: {}", finding.path, finding.sentence))
        .collect()
}

fn reading(json: &str) -> Reading {
    read(json.as_bytes(), None)
}

/// The notes on a document that is understood.
fn notes(json: &str) -> Vec<String> {
    let reading = reading(json);
    assert!(reading.resume.is_some(), "{json}: {:?}", reading.errors);
    said(&reading.notes)
}

/// The errors of a document that is not.
fn errors(json: &str) -> Vec<String> {
    let reading = reading(json);
    assert!(reading.resume.is_none(), "{json} is accepted");
    said(&reading.errors)
}

#[test]
fn the_sample_is_a_resume_without_a_fault() {
    let sample = include_str!("../../../site/resume.json");
    assert_eq!(notes(sample), Vec::<String>::new());
}

#[test]
fn half_a_character_is_shown_as_one_that_is_missing() {
    let json = r#"{"basics": {"name": "Zo\ud83d", "summary": "\\ud83d \uD83D\uDE00 \ude00!"}}"#;
    let reading = reading(json);
    let half = "This escape is half of a character; \"\u{fffd}\" stands for it.";
    assert_eq!(
        reading
            .notes
            .iter()
            .map(|note| (note.column, note.sentence.as_str()))
            .collect::<Vec<_>>(),
        [(24, half), (66, half)]
    );
    assert!(reading.resume.is_some());
}

#[test]
fn nothing_is_required_and_what_is_blank_counts_as_absent() {
    for json in [
        "{}",
        r#"{"basics": {"name": null, "url": "", "email": " ", "location": {}},
            "work": [{"position": "Clerk", "endDate": "", "highlights": ["a", null, ""]}, {}],
            "skills": [null]}"#,
    ] {
        assert_eq!(notes(json), Vec::<String>::new());
    }
}

#[test]
fn a_file_is_read_in_whichever_encoding_it_was_saved() {
    let json = r#"{"basics": {"name": "Zoë"}}"#;
    let utf16 = |mark: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{json}")
            .encode_utf16()
            .flat_map(unit)
            .collect()
    };
    let cases = [
        (format!("\u{feff}{json}").into_bytes(), 0),
        (utf16("\u{feff}", u16::to_le_bytes), 1),
        (utf16("\u{feff}", u16::to_be_bytes), 1),
        (utf16("", u16::to_le_bytes), 1),
        (utf16("", u16::to_be_bytes), 1),
        (b"{\"basics\": {\"name\": \"Zo\xeb\"}}".to_vec(), 1),
    ];
    for (bytes, notes) in cases {
        let reading = read(&bytes, None);
        let resume = format!("{:?}", reading.resume.unwrap());
        assert!(resume.contains("Zoë"), "{resume}");
        assert_eq!(reading.notes.len(), notes, "{:?}", reading.notes);
    }
}

#[test]
fn the_names_of_before_are_read_with_a_note() {
    let notes = notes(
        r#"{"basics": {"picture": "https://img.example.com/me.jpg", "website": "https://ada.example.com"},
            "work": [{"company": "AE", "website": "https://ae.example.com"}],
            "education": [{"institution": "Home", "gpa": "4.0"}]}"#,
    );
    assert_eq!(
        notes,
        [
            r#"basics.picture: "picture" is an older name; it is read as "image"."#,
            r#"basics.website: "website" is an older name; it is read as "url"."#,
            r#"work[0].company: "company" is an older name; it is read as "name"."#,
            r#"work[0].website: "website" is an older name; it is read as "url"."#,
            r#"education[0].gpa: "gpa" is an older name; it is read as "score"."#,
        ]
    );
}

#[test]
fn a_misspelled_name_is_read_as_the_likely_one() {
    let notes = notes(
        r#"{"work": [{"startdate": "1842-01", "end_date": "1843-01", "Summary": "kept", "hihglights": ["too"]}]}"#,
    );
    assert_eq!(
        notes,
        [
            r#"work[0].startdate: JSON Resume has no "startdate" here; it is read as "startDate"."#,
            r#"work[0].end_date: JSON Resume has no "end_date" here; it is read as "endDate"."#,
            r#"work[0].Summary: JSON Resume has no "Summary" here; it is read as "summary"."#,
            r#"work[0].hihglights: JSON Resume has no "hihglights" here; it is read as "highlights"."#,
        ]
    );
}

#[test]
fn what_has_no_place_is_named_with_what_it_says() {
    assert_eq!(
        notes(r#"{"volunteer": [{"organization": "X", "flavor": "Coding"}]}"#),
        [r#"volunteer[0].flavor: The page has no place for "flavor", so "Coding" is left out."#]
    );
}

#[test]
fn an_open_end_has_many_names() {
    for end in [
        "Present",
        "present",
        "NOW",
        "heute",
        "aujourd'hui",
        "至今",
        "حتى الآن",
        "-",
    ] {
        let notes = notes(&format!(
            r#"{{"work": [{{"startDate": "2020-01", "endDate": "{end}"}}]}}"#
        ));
        assert_eq!(
            notes,
            [format!(
                r#"work[0].endDate: "{end}" is read as "until now"; to say that, leave endDate out."#
            )]
        );
    }
}

#[test]
fn dates_are_read_in_the_forms_that_people_write() {
    for (written, iso) in [
        ("2020/03", "2020-03"),
        ("03/2020", "2020-03"),
        ("3.2020", "2020-03"),
        ("2020.03", "2020-03"),
        ("2020-3-9", "2020-03-09"),
        ("15.3.2020", "2020-03-15"),
        ("03/15/2020", "2020-03-15"),
        ("15/03/2020", "2020-03-15"),
        ("2020-03-15T00:00:00.000Z", "2020-03-15"),
        ("2020-03-15 12:30", "2020-03-15"),
        ("Mar 2020", "2020-03"),
        ("March, 2020", "2020-03"),
        ("Sept. 2020", "2020-09"),
        ("March 15th, 2020", "2020-03-15"),
        ("15 March 2020", "2020-03-15"),
        ("2020年3月", "2020-03"),
    ] {
        assert_eq!(
            notes(&format!(r#"{{"awards": [{{"date": "{written}"}}]}}"#)),
            [format!(r#"awards[0].date: "{written}" is read as {iso}."#)]
        );
    }
    let french = r#"{"meta": {"language": "fr"}, "awards": [{"date": "août 2020"}]}"#;
    assert_eq!(
        notes(french),
        [r#"awards[0].date: "août 2020" is read as 2020-08."#]
    );
}

#[test]
fn words_in_place_of_a_date_are_shown_as_they_stand() {
    for words in [
        "Summer 2019",
        "2018 - 2020",
        "Expected",
        "03/04/2020",
        "'19",
    ] {
        let notes = notes(&format!(r#"{{"awards": [{{"date": "{words}"}}]}}"#));
        assert!(
            notes[0].contains(words) && notes[0].contains("as it stands"),
            "{notes:?}"
        );
    }
}

#[test]
fn a_day_that_no_calendar_has_is_an_error() {
    for date in [
        "2023-02-29",
        "2023-13",
        "2023-00",
        "2023-04-31",
        "31/31/2020",
        "0000-00-00",
    ] {
        assert_eq!(
            errors(&format!(r#"{{"work": [{{}}, {{"startDate": "{date}"}}]}}"#)),
            [format!(
                r#"work[1].startDate: There is no day "{date}" in the calendar. Write YYYY, YYYY-MM or YYYY-MM-DD."#
            )]
        );
    }
    assert!(notes(r#"{"work": [{"startDate": "2024-02-29"}]}"#).is_empty());
}

#[test]
fn two_values_for_one_thing_are_an_error() {
    assert_eq!(
        errors(r#"{"work": [{"name": "A", "company": "B"}]}"#),
        [
            r#"work[0].company: There are two values for "name": "A" as "name", and "B" as "company". Keep one of them."#
        ]
    );
    assert_eq!(
        errors(r#"{"basics": {"name": "A", "name": "B"}}"#),
        [
            r#"basics.name: There are two values for "name": "A" as "name", and "B" as "name". Keep one of them."#
        ]
    );
    assert_eq!(
        notes(r#"{"work": [{"name": "A", "company": "A", "url": "", "website": "https://a.example"}]}"#).len(),
        2
    );
}

#[test]
fn all_findings_come_at_once_with_their_places() {
    let reading = reading(
        "{\n  \"work\": [\n    {\"startDate\": \"2023-13\", \"endDate\": \"Now\"},\n    {\"endDate\": \"2023-02-30\"}\n  ]\n}",
    );
    let places = |findings: &[prerender::resume::Finding]| -> Vec<(usize, usize, String)> {
        let place = |one: &prerender::resume::Finding| (one.line, one.column, one.path.clone());
        findings.iter().map(place).collect()
    };
    assert_eq!(
        places(&reading.errors),
        [
            (3, 19, "work[0].startDate".to_owned()),
            (4, 17, "work[1].endDate".to_owned())
        ]
    );
    assert_eq!(
        places(&reading.notes),
        [(3, 41, "work[0].endDate".to_owned())]
    );
    assert!(
        reading.errors[0]
            .to_string()
            .starts_with("line 3, column 19: work[0].startDate: There is no day")
    );
}

#[test]
fn values_of_another_kind_are_read_as_the_kind_that_is_meant() {
    for (json, count) in [
        (
            r#"{"education": [{"score": 3.9}], "work": [{"startDate": 2020}]}"#,
            2,
        ),
        (r#"{"skills": [{"keywords": "Rust, Go"}]}"#, 1),
        (r#"{"skills": ["Rust", "Go"]}"#, 2),
        (r#"{"skills": {"Languages": ["Rust", "Go"]}}"#, 1),
        (r#"{"basics": {"location": "Berlin"}}"#, 1),
        (
            r#"{"work": [{"location": {"city": "Berlin", "countryCode": "DE"}}]}"#,
            1,
        ),
        (r#"{"languages": {"English": "Native"}}"#, 1),
        (
            r#"{"basics": {"profiles": {"network": "GitHub", "username": "ada"}}}"#,
            1,
        ),
        (r#"{"basics": {"summary": ["One.", "Two."]}}"#, 1),
    ] {
        assert_eq!(notes(json).len(), count, "{json}: {:?}", notes(json));
    }
}

#[test]
fn an_address_without_a_scheme_is_one_and_code_is_none() {
    assert_eq!(
        notes(r#"{"basics": {"url": "example.com/me"}}"#),
        [
            r#"basics.url: "example.com/me" lacks https:// in front; it is read as "https://example.com/me"."#
        ]
    );
    assert_eq!(
        notes(r#"{"basics": {"url": "Upon request"}}"#),
        [
            r#"basics.url: "Upon request" is no web address such as https://example.com/, so it is left out."#
        ]
    );
    assert_eq!(
        errors(r#"{"basics": {"profiles": [{"url": "javascript:alert(1)"}]}}"#),
        [
            r#"basics.profiles[0].url: "javascript:alert(1)" is code or a file, and cannot be a link: write a web address such as https://example.com/."#
        ]
    );
}

#[test]
fn a_picture_is_on_the_web_beside_the_page_or_in_the_file() {
    for image in [
        "https://example.com/me.jpg",
        "images/me.jpg",
        "images/my photo é.png",
        "./me.png",
        "data:image/png;base64,iVBORw0KGgo=",
    ] {
        assert!(notes(&format!(r#"{{"basics": {{"image": "{image}"}}}}"#)).is_empty());
    }
    for image in [
        "../me.png",
        "file:///me.png",
        "javascript:alert(1)",
        "data:text/html,x",
    ] {
        let errors = errors(&format!(r#"{{"basics": {{"image": "{image}"}}}}"#));
        assert!(
            errors[0].starts_with("basics.image: Expected a picture's"),
            "{errors:?}"
        );
    }
}

#[test]
fn comments_and_commas_too_many_are_read_over() {
    assert_eq!(
        notes("{ // me\n \"basics\": {\"name\": \"Ada\",},}"),
        [r#": JSON has no comments; "me" is left out."#]
    );
    assert_eq!(
        notes("{\"basics\": {\"name\": \"Ada\",}}"),
        [": This is not quite JSON (line 1, column 27); it is understood all the same."]
    );
}

#[test]
fn what_is_no_json_or_no_object_is_an_error() {
    assert_eq!(errors("{\n  \"basics\": }").len(), 1);
    assert_eq!(errors(""), [": The file is empty."]);
    assert_eq!(
        errors("[]"),
        [": A résumé is an object: it starts with \"{\"."]
    );
    assert_eq!(errors(&"[".repeat(100_000)).len(), 1);
}

#[test]
fn the_counter_counts_views_or_days_and_nothing_else() {
    assert!(notes(r#"{"meta": {"counter": "daily"}}"#).is_empty());
    assert_eq!(
        errors(r#"{"meta": {"counter": "weekly"}}"#),
        [r#"meta.counter: The counter counts "views" or "daily"; found "weekly"."#]
    );
}

#[test]
fn a_section_of_ones_own_is_shown_and_a_remark_is_not() {
    assert_eq!(
        notes(
            r#"{"basics": {"name": "Ada"}, "courses": [{"name": "Rust"}], "sideProjects": [], "_comment": "mine"}"#
        ),
        [
            r#"courses: JSON Resume has no section "courses"; it is shown as "Courses"."#,
            "sideProjects: This section of your own is empty, so it is left out.",
            r#"_comment: This is taken for a remark, so "mine" is left out."#,
        ]
    );
}
