//! Any string at all is parsed without a panic, and what is accepted stays what
//! it is: parsed again, and sent through a query string.

#![no_main]

use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use shared::PagePath;

fuzz_target!(|raw: &str| {
    let Ok(path) = PagePath::parse(raw) else {
        return;
    };
    assert_eq!(PagePath::parse(path.as_str()), Ok(path.clone()));

    let query = path.to_query();
    let value = query.strip_prefix("path=").expect("one parameter, `path`");
    assert!(!value.contains(['&', '=', '+', '#', ' ']));
    let decoded = percent_decode_str(value).decode_utf8().expect("UTF-8");
    assert_eq!(PagePath::parse(&decoded), Ok(path));
});
