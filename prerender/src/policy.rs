//! The page's content security policy: what it may load, and nothing else.

use crate::Place;
use crate::resume::{Image, Resume};

/// The policy of a page with this résumé at `place`.
///
/// Compiling WebAssembly needs a source of its own, `'wasm-unsafe-eval'`, which
/// does not allow JavaScript's `eval`.
pub(crate) fn of_page(resume: &Resume, place: &Place) -> String {
    let images = match &resume.basics.image {
        // A photo may be behind a redirect to any other host, as GitHub's are,
        // and the policy holds for that one, too.
        Some(Image::Remote(url)) if url.as_str().starts_with("https:") => {
            "'self' data: https:".to_owned()
        }
        Some(Image::Remote(url)) => format!("'self' data: https: {}", url.origin()),
        _ => "'self' data:".to_owned(),
    };
    // The page's own origin stays: the WebAssembly is fetched from there.
    let mut calls = vec!["'self'".to_owned()];
    calls.extend(place.origins());
    let calls = calls.join(" ");
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src {images}; connect-src {calls}; base-uri 'none'; form-action 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_only_the_own_origin() {
        assert_eq!(
            of_page(&Resume::default(), &Place::default()),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
        );
    }

    #[test]
    fn an_api_elsewhere_may_be_called() {
        let place = Place::default().with_apis(Some("https://api.example.com/prod"), None);
        let policy = of_page(&Resume::default(), &place.unwrap());
        let calls = "connect-src 'self' https://api.example.com;";
        assert!(policy.contains(calls), "{policy}");
    }

    #[test]
    fn a_picture_elsewhere_may_be_shown() {
        for (image, sources) in [
            ("https://github.com/octocat.png", "https:;"),
            (
                "http://img.example.com/me.jpg",
                "https: http://img.example.com;",
            ),
        ] {
            let file = format!(r#"{{"basics": {{"image": "{image}"}}}}"#);
            let resume = crate::resume::read(file.as_bytes(), None).resume;
            let policy = of_page(&resume.unwrap(), &Place::default());
            let images = format!("img-src 'self' data: {sources}");
            assert!(policy.contains(&images), "{policy}");
        }
    }
}
