//! The rule for page paths, on chosen and on arbitrary strings.

use proptest::prelude::*;
use shared::{PagePath, PagePathError};

#[test]
fn white_space_around_a_path_is_trimmed() {
    let path = PagePath::parse(" example.com/ \n").unwrap();
    assert_eq!(path.as_str(), "example.com/");
}

#[test]
fn a_path_of_1024_bytes_is_the_longest() {
    assert!(PagePath::parse(&"é".repeat(512)).is_ok());
    assert_eq!(
        PagePath::parse(&"é".repeat(513)),
        Err(PagePathError::TooLong { bytes: 1026 })
    );
}

#[test]
fn nothing_but_white_space_is_empty() {
    assert_eq!(PagePath::parse(" \t "), Err(PagePathError::Empty));
}

#[test]
fn control_characters_inside_a_path_are_refused() {
    for control in ['\0', '\n', '\u{7f}', '\u{85}'] {
        assert_eq!(
            PagePath::parse(&format!("a{control}b")),
            Err(PagePathError::ControlCharacter)
        );
    }
}

#[test]
fn a_query_escapes_all_but_the_unreserved_characters() {
    let path = PagePath::parse("example.com/a b&c=d+é~").unwrap();
    assert_eq!(
        path.to_query(),
        "path=example.com%2Fa%20b%26c%3Dd%2B%C3%A9~"
    );
}

proptest! {
    #[test]
    fn parsing_never_panics_and_is_idempotent(raw in any::<String>()) {
        if let Ok(path) = PagePath::parse(&raw) {
            prop_assert_eq!(PagePath::parse(path.as_str()), Ok(path.clone()));
            prop_assert!((1..=PagePath::MAX_BYTES).contains(&path.as_str().len()));
        }
    }
}

#[test]
fn a_page_has_one_name_whichever_address_leads_to_it() {
    for (host, pathname) in [
        ("example.com", "/cv/"),
        ("EXAMPLE.com", "/cv/index.html"),
        ("example.com:443", "//cv//"),
        ("example.com.", "/cv/?utm_source=x"),
        ("example.com:80", "/cv/index.html#work"),
    ] {
        let name = PagePath::from_location(host, pathname).unwrap();
        assert_eq!(name.as_str(), "example.com/cv/", "{host} {pathname}");
    }
    for (host, pathname, expected) in [
        ("example.com", "", "example.com/"),
        ("example.com", "/", "example.com/"),
        ("example.com", "/index.html", "example.com/"),
        ("localhost:3000", "/fr/", "localhost:3000/fr/"),
        ("[::1]:8080", "/", "[::1]:8080/"),
        ("example.com", "/cv", "example.com/cv"),
        ("example.com", "/my-index.html", "example.com/my-index.html"),
    ] {
        let name = PagePath::from_location(host, pathname).unwrap();
        assert_eq!(name.as_str(), expected, "{host} {pathname}");
    }
}

proptest! {
    #[test]
    fn the_name_of_a_name_is_itself(host in "[A-Za-z0-9.-]{1,20}(:[0-9]{1,3})?", path in "(/[^/]{0,6}){0,5}(index.html)?") {
        if let Ok(name) = PagePath::from_location(&host, &path) {
            let (host, path) = name.as_str().split_once('/').unwrap_or((name.as_str(), ""));
            let again = PagePath::from_location(host, &format!("/{path}"));
            prop_assert_eq!(again, Ok(name.clone()));
        }
    }

    #[test]
    fn naming_a_page_never_panics(host in any::<String>(), path in any::<String>()) {
        let _ = PagePath::from_location(&host, &path);
    }
}
