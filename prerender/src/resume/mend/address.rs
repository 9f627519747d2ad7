//! Addresses of pages, pictures and people.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use url::Url;

use super::{Mender, is_blank, join};
use crate::resume::web::{self, Image, WebUrl, is_email};

impl<'t> Mender<'t> {
    pub(super) fn url(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let value = self.member(value, &["url", "href", "link"], path);
        let text = self.text(value, " ", path)?;
        if let Some(url) = WebUrl::parse(&text) {
            return Some(url.as_str().to_owned());
        }
        if let Some(url) = web::with_scheme(&text) {
            let sentence = format!(
                "\"{text}\" lacks https:// in front; it is read as \"{}\".",
                url.as_str()
            );
            self.found.note(value.start(), path, sentence);
            return Some(url.as_str().to_owned());
        }
        if runs_code(&text) {
            let sentence = format!(
                "\"{text}\" is code or a file, and cannot be a link: write a web address such as https://example.com/."
            );
            self.found.error(value.start(), path, sentence);
        } else {
            self.unusable(
                value,
                "is no web address such as https://example.com/",
                path,
            );
        }
        None
    }

    /// The address in an object such as `{"label": "Blog", "href": "https://…"}`;
    /// any other value is returned as it is.
    fn member<'v>(
        &mut self,
        value: &'v ast::Value<'t>,
        names: &[&str],
        path: &str,
    ) -> &'v ast::Value<'t> {
        let ast::Value::Object(object) = value else {
            return value;
        };
        let has = |name: &&str| object.get(name).filter(|one| !is_blank(&one.value));
        let Some(chosen) = names.iter().find_map(has) else {
            return value;
        };
        let name = chosen.name.as_str();
        let sentence = format!("A text is expected here; the \"{name}\" of this object is read.");
        self.found.note(object.start(), path, sentence);
        for other in object
            .properties
            .iter()
            .filter(|one| one.name.as_str() != name)
        {
            if !is_blank(&other.value) {
                self.unusable(
                    &other.value,
                    "has no place here",
                    &join(path, other.name.as_str()),
                );
            }
        }
        &chosen.value
    }

    pub(super) fn email(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let text = self.text(value, ", ", path)?;
        if let Some(address) = text
            .strip_prefix("mailto:")
            .filter(|address| is_email(address))
        {
            let sentence = format!("\"{text}\" is read as \"{address}\".");
            self.found.note(value.start(), path, sentence);
            return Some(address.to_owned());
        }
        if !is_email(&text) {
            let sentence = format!(
                "\"{text}\" is no e-mail address, so it is shown as it stands, without a link."
            );
            self.found.note(value.start(), path, sentence);
        }
        Some(text)
    }

    pub(super) fn image(&mut self, value: &ast::Value<'t>, path: &str) -> Option<String> {
        let value = self.member(value, &["url", "src", "href"], path);
        let text = self.text(value, " ", path)?;
        let plain = text.trim_start_matches("./").replace('\\', "/");
        let path_of_site = plain
            .strip_prefix('/')
            .filter(|rest| !rest.starts_with('/'));
        let first = plain.split('/').next().unwrap_or_default();
        let elsewhere = plain.contains('/') && first.contains('.') || plain.starts_with("//");
        let read = match web::with_scheme(&plain).filter(|_| elsewhere) {
            Some(url) => url.as_str().to_owned(),
            None => path_of_site.unwrap_or(&plain).to_owned(),
        };
        if Image::parse(&read).is_none() {
            if runs_code(&text) || read.split('/').any(|part| part == "..") {
                let sentence = format!(
                    "Expected a picture's web address, or its path beside this file such as images/me.jpg; found \"{text}\"."
                );
                self.found.error(value.start(), path, sentence);
            } else {
                self.unusable(value, "is no picture's address", path);
            }
            return None;
        }
        if read != text && !text.starts_with("./") {
            let sentence = format!("\"{text}\" is read as \"{read}\".");
            self.found.note(value.start(), path, sentence);
        }
        Some(read)
    }
}

fn runs_code(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        matches!(
            url.scheme(),
            "javascript" | "vbscript" | "data" | "file" | "blob"
        )
    })
}
