//! Reading `resume.json`: what is accepted, and what the fault of the rest is
//! called.

use prerender::resume::Resume;

/// The one line a document is refused with.
fn fault_of(json: &str) -> String {
    Resume::parse(json).expect_err(json).to_string()
}

#[test]
fn the_sample_is_a_resume() {
    Resume::parse(include_str!("../../../site/resume.json")).unwrap();
}

#[test]
fn nothing_is_required() {
    Resume::parse("{}").unwrap();
}

#[test]
fn what_is_blank_counts_as_absent() {
    let blanks = r#"{"basics": {"name": null, "url": "", "email": " ", "location": {}},
        "work": [{"position": "Clerk", "endDate": "", "highlights": []}], "skills": []}"#;
    Resume::parse(blanks).unwrap();
}

#[test]
fn a_date_that_is_none_is_named_by_its_path() {
    assert_eq!(
        fault_of(r#"{"work": [{}, {}, {"startDate": "March 2020"}]}"#),
        r#"work[2].startDate: expected YYYY, YYYY-MM or YYYY-MM-DD, found "March 2020""#
    );
}

#[test]
fn dates_have_to_be_in_the_calendar() {
    for date in [
        "2023-02-29",
        "2023-13",
        "2023-00",
        "2023-04-31",
        "23",
        "0999",
        "2023-4",
        "2023-04-01-05",
    ] {
        let fault = fault_of(&format!(r#"{{"awards": [{{"date": "{date}"}}]}}"#));
        assert!(
            fault.starts_with("awards[0].date: expected YYYY"),
            "{fault}"
        );
    }
    for date in ["2024-02-29", "2023-12-31", "2023-04", "2023"] {
        Resume::parse(&format!(r#"{{"awards": [{{"date": "{date}"}}]}}"#)).unwrap();
    }
}

#[test]
fn the_last_change_may_have_a_time() {
    for moment in [
        "2026-11-02",
        "2026-11-02T09:30:00",
        "2026-11-02T09:30:00.5Z",
    ] {
        Resume::parse(&format!(r#"{{"meta": {{"lastModified": "{moment}"}}}}"#)).unwrap();
    }
    for moment in ["yesterday", "2026-11-02T9:30", "2026-11-02T24:00:00"] {
        let fault = fault_of(&format!(r#"{{"meta": {{"lastModified": "{moment}"}}}}"#));
        assert!(fault.starts_with("meta.lastModified: "), "{fault}");
    }
}

#[test]
fn a_link_that_would_run_code_is_refused() {
    assert_eq!(
        fault_of(r#"{"basics": {"profiles": [{"url": "javascript:alert(1)"}]}}"#),
        "basics.profiles[0].url: expected a web address such as https://example.com/, \
         found \"javascript:alert(1)\""
    );
}

#[test]
fn an_email_address_needs_a_domain() {
    for email in [
        "maren",
        "maren@",
        "@example.com",
        "maren@localhost",
        "a@b@example.com",
        "a b@example.com",
    ] {
        let fault = fault_of(&format!(r#"{{"basics": {{"email": "{email}"}}}}"#));
        assert!(
            fault.starts_with("basics.email: expected an e-mail address"),
            "{fault}"
        );
    }
}

#[test]
fn a_picture_is_on_the_web_or_beside_the_page() {
    for image in ["https://example.com/me.jpg", "images/me.jpg", "me.png"] {
        Resume::parse(&format!(r#"{{"basics": {{"image": "{image}"}}}}"#)).unwrap();
    }
    for image in [
        "/etc/passwd",
        "../me.png",
        "file:///me.png",
        "javascript:alert(1)",
    ] {
        let fault = fault_of(&format!(r#"{{"basics": {{"image": "{image}"}}}}"#));
        assert!(
            fault.starts_with("basics.image: expected a web address"),
            "{fault}"
        );
    }
}

#[test]
fn an_unknown_section_is_refused_and_an_unknown_property_of_an_item_is_not() {
    let fault = fault_of(r#"{"hobbies": ["chess"]}"#);
    assert!(fault.contains("unknown field `hobbies`"), "{fault}");
    Resume::parse(r#"{"work": [{"position": "Clerk", "salary": 1}], "meta": {"theme": "plain"}}"#)
        .unwrap();
}

#[test]
fn a_wrong_type_is_named_by_its_path() {
    let fault = fault_of(r#"{"skills": [{"keywords": "Rust"}]}"#);
    assert!(
        fault.starts_with("skills[0].keywords: invalid type: string \"Rust\""),
        "{fault}"
    );
}

#[test]
fn text_that_is_not_json_says_where_it_breaks() {
    assert_eq!(
        fault_of("{\n  \"basics\": }"),
        "not JSON: expected value at line 2 column 13"
    );
}
