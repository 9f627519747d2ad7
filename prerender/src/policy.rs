//! The page's content security policy: what it may load, and nothing else.

use url::Url;

use crate::resume::{Image, Resume};

/// The policy of a page with this résumé and APIs at `api_bases`; none where
/// one of them is not an address.
///
/// Compiling WebAssembly needs a source of its own, `'wasm-unsafe-eval'`, which
/// does not allow JavaScript's `eval`.
pub(super) fn of_page(resume: &Resume, api_bases: &[&str]) -> Option<String> {
    let images = match &resume.basics.image {
        Some(Image::Remote(url)) => format!("'self' data: {}", url.origin()),
        _ => "'self' data:".to_owned(),
    };
    // The page's own origin stays: the WebAssembly is fetched from there.
    let mut calls = vec!["'self'".to_owned()];
    for base in api_bases {
        calls.extend(api_origin(base)?);
    }
    calls.dedup();
    let calls = calls.join(" ");
    Some(format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src {images}; connect-src {calls}; base-uri 'none'; form-action 'none'"
    ))
}

/// The origin of `api_base`, or `Some(None)` where it is the page's own.
fn api_origin(api_base: &str) -> Option<Option<String>> {
    if api_base.is_empty() || (api_base.starts_with('/') && !api_base.starts_with("//")) {
        return Some(None);
    }
    let url = Url::parse(api_base)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(Some(url.origin().ascii_serialization()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_only_the_own_origin() {
        assert_eq!(
            of_page(&Resume::default(), &["", ""]).unwrap(),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
        );
    }

    #[test]
    fn an_api_elsewhere_may_be_called() {
        for (bases, origins) in [
            (
                ["https://api.example.com:8443/prod"; 2],
                "https://api.example.com:8443",
            ),
            (
                ["https://a.example.com", "https://b.example.com/x"],
                "https://a.example.com https://b.example.com",
            ),
        ] {
            let policy = of_page(&Resume::default(), &bases).unwrap();
            let calls = format!("connect-src 'self' {origins};");
            assert!(policy.contains(&calls), "{policy}");
        }
    }

    #[test]
    fn a_picture_elsewhere_may_be_shown() {
        let resume = Resume::parse(r#"{"basics": {"image": "https://img.example.com/me.jpg"}}"#);
        let policy = of_page(&resume.unwrap(), &[""]).unwrap();
        assert!(
            policy.contains("img-src 'self' data: https://img.example.com;"),
            "{policy}"
        );
    }

    #[test]
    fn an_api_base_that_is_no_address_is_refused() {
        for base in [
            "api.example.com",
            "ftp://api.example.com",
            "//api.example.com",
        ] {
            assert_eq!(of_page(&Resume::default(), &["", base]), None, "{base}");
        }
    }
}
