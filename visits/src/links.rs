//! The owner's links: each is given to somebody, and tells the visits that came by it
//! from the others. They are in a partition of their own, each with an item by its
//! code and one by its label, and one item counts them.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::builders::UpdateBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use backend::Error;
use backend::transaction::{Failed, Pause, delete, put, transact, update};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use shared::visits::{Link, MadeLink};

use crate::log::{self, Item, Log, string, text};
use crate::qr::Code;
use crate::range;

/// The partition of all links.
const LINKS: &str = "#links";
const BY_CODE: &str = "link#";
const BY_LABEL: &str = "label#";
const COUNT: &str = "count";
const LABEL: &str = "label";
const CREATED: &str = "created";
const CODE: &str = "link";

/// The most links: each may be counted in every day's item.
const MAX_LINKS: u64 = 200;
const MAX_LABEL_BYTES: usize = 100;
/// A property's longest name, and room for `https://`: short enough for a QR code.
const MAX_PAGE_BYTES: usize = 1_100;
/// What an address may not have, beside what is no ASCII.
const NOT_IN_ADDRESSES: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');

/// The label, or the sentence that says what is wrong with it.
pub(crate) fn check_label(label: &str) -> Result<&str, String> {
    let label = label.trim();
    if label.is_empty() {
        return Err("`label` is empty: name whom the link is for.".to_owned());
    }
    if label.len() > MAX_LABEL_BYTES {
        return Err(format!(
            "`label` is {} bytes long: at most {MAX_LABEL_BYTES} are allowed.",
            label.len()
        ));
    }
    if label.contains(char::is_control) {
        return Err("`label` contains a control character.".to_owned());
    }
    if label.contains(is_bidi_control) {
        return Err(
            "`label` contains a character that turns the text around it: leave it out.".to_owned(),
        );
    }
    if label.chars().all(is_unseen) {
        return Err("`label` has nothing to see: name whom the link is for.".to_owned());
    }
    if label.contains(is_hidden) {
        return Err(
            "`label` contains a line break or a character without width: leave it out.".to_owned(),
        );
    }
    Ok(label)
}

/// Embeddings, overrides and isolates. Text without them is in order, too.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Breaks of lines and words, which make a label look like another. Joiners are not
/// among them: emoji and Persian need them.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}' | '\u{feff}'
    )
}

/// Blanks, and characters that are drawn with others or not at all: those that Unicode
/// lets be ignored, and the empty pattern of Braille.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fff8}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A page's address in its one form, or the sentence that says what is wrong with it.
pub(crate) fn check_page(page: &str) -> Result<String, String> {
    let has_host = ["https://", "http://"].iter().any(|scheme| {
        let rest = page.strip_prefix(scheme);
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?']))
    });
    let written = utf8_percent_encode(page, NOT_IN_ADDRESSES).to_string();
    if !has_host || page.contains('#') || written.len() > MAX_PAGE_BYTES {
        return Err(format!(
            "`page` has to be an address such as https://example.com/, without `#`, of at most {MAX_PAGE_BYTES} bytes."
        ));
    }
    Ok(written)
}

/// The answer with a link, and with its address and its pictures where `page` is known.
pub(crate) fn with_code(link: Link, page: Option<&str>) -> Result<MadeLink, Error> {
    let address = page.map(|page| Link::address(page, &link.link));
    let code = address.as_deref().and_then(Code::of);
    let png = code.as_ref().map(Code::png).transpose();
    let png = png.map_err(Error::internal)?;
    let url = |kind, file: &[u8]| format!("data:image/{kind};base64,{}", STANDARD.encode(file));
    Ok(MadeLink {
        link: link.link,
        label: link.label,
        created: link.created,
        address,
        svg: code.map(|code| url("svg+xml", code.svg().as_bytes())),
        png: png.map(|png| url("png", &png)),
    })
}

impl Log {
    /// Every link, the newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn links(&self) -> Result<Vec<Link>, Error> {
        let all = self.between(LINKS, BY_CODE.to_owned(), format!("{BY_CODE}~"));
        let all = all.consistent_read(true).into_paginator().items();
        let items: Vec<Item> = all.send().collect::<Result<_, _>>().await?;
        let mut links = items.iter().map(link).collect::<Result<Vec<_>, _>>()?;
        links.sort_by(|a, b| b.created.cmp(&a.created).then(a.link.cmp(&b.link)));
        Ok(links)
    }

    /// Makes a link of this label, unless there is one, and says whether it is new.
    ///
    /// # Errors
    /// [`Error::Unprocessable`] for what is no label, [`Error::Forbidden`] where there
    /// are as many links as there may be, and the store's. May be repeated.
    pub async fn add_link(&self, label: &str, now: Timestamp) -> Result<(Link, bool), Error> {
        let label = check_label(label).map_err(Error::Unprocessable)?;
        let mut pause = Pause::default();
        loop {
            if let Some(link) = self.link_of(label).await? {
                return Ok((link, false));
            }
            let link = Link {
                link: new_code()?,
                label: label.to_owned(),
                created: range::sortable(now),
            };
            if self.put_link(&link, &mut pause).await? {
                return Ok((link, true));
            }
        }
    }

    /// Stores a link, unless its code or its label is taken.
    async fn put_link(&self, link: &Link, pause: &mut Pause) -> Result<bool, Error> {
        let parts = self.new_link(link).map_err(Error::internal)?;
        let failed = transact(&self.client, parts).await?;
        match failed[..] {
            [] => Ok(true),
            [Failed::Condition(2)] => Err(Error::Forbidden(format!(
                "There are {MAX_LINKS} links, the most there can be: remove one first, with `resume-counter link remove`."
            ))),
            _ => {
                pause.wait().await;
                Ok(false)
            }
        }
    }

    fn new_link(&self, link: &Link) -> Result<Vec<TransactWriteItem>, BuildError> {
        let new = |key: Item| {
            Put::builder()
                .table_name(&self.table)
                .set_item(Some(key))
                .condition_expression("attribute_not_exists(#sk)")
                .expression_attribute_names("#sk", log::SORT_KEY)
        };
        let by_code = new(by_code(&link.link))
            .item(LABEL, text(&link.label))
            .item(CREATED, text(&link.created));
        let by_label = new(by_label(&link.label)).item(CODE, text(&link.link));
        let one_more = self
            .count_links("1")
            .condition_expression("attribute_not_exists(#count) OR #count < :most")
            .expression_attribute_values(":most", log::number(MAX_LINKS));
        Ok(vec![
            put(by_code.build()?),
            put(by_label.build()?),
            update(one_more.build()?),
        ])
    }

    fn count_links(&self, more: &str) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .set_key(Some(log::key(LINKS, COUNT)))
            .update_expression("ADD #count :more")
            .expression_attribute_names("#count", COUNT)
            .expression_attribute_values(":more", AttributeValue::N(more.to_owned()))
    }

    /// Brings in a link of another store, unless its code or its label is taken.
    pub(crate) async fn import_link(&self, link: &Link) -> Result<bool, Error> {
        let mut pause = Pause::default();
        loop {
            let is_taken = self.item(by_code(&link.link)).await?.is_some()
                || self.item(by_label(&link.label)).await?.is_some();
            if is_taken || self.put_link(link, &mut pause).await? {
                return Ok(!is_taken);
            }
        }
    }

    /// Removes the link of this code, if there is one. What was counted of it stays
    /// in the log without its name.
    ///
    /// # Errors
    /// The store's.
    pub async fn remove_link(&self, code: &str) -> Result<Option<Link>, Error> {
        let mut pause = Pause::default();
        while let Some(item) = self.item(by_code(code)).await? {
            let link = link(&item)?;
            let parts = self.old_link(&link).map_err(Error::internal)?;
            if transact(&self.client, parts).await?.is_empty() {
                return Ok(Some(link));
            }
            pause.wait().await;
        }
        Ok(None)
    }

    fn old_link(&self, link: &Link) -> Result<Vec<TransactWriteItem>, BuildError> {
        let old = |key: Item| Delete::builder().table_name(&self.table).set_key(Some(key));
        let by_code = old(by_code(&link.link))
            .condition_expression("attribute_exists(#sk)")
            .expression_attribute_names("#sk", log::SORT_KEY);
        Ok(vec![
            delete(by_code.build()?),
            delete(old(by_label(&link.label)).build()?),
            update(self.count_links("-1").build()?),
        ])
    }

    /// The code, if the owner has made a link of it.
    pub(crate) async fn known_link(&self, code: Option<String>) -> Result<Option<String>, Error> {
        match code {
            Some(code) => Ok(self.item(by_code(&code)).await?.map(|_| code)),
            None => Ok(None),
        }
    }

    async fn link_of(&self, label: &str) -> Result<Option<Link>, Error> {
        let Some(item) = self.item(by_label(label)).await? else {
            return Ok(None);
        };
        let item = self.item(by_code(&string(&item, CODE)?)).await?;
        item.as_ref().map(link).transpose()
    }
}

fn link(item: &Item) -> Result<Link, Error> {
    let sort_key = string(item, log::SORT_KEY)?;
    let code = sort_key.strip_prefix(BY_CODE).unwrap_or(&sort_key);
    Ok(Link {
        link: code.to_owned(),
        label: string(item, LABEL)?,
        created: string(item, CREATED)?,
    })
}

fn by_code(code: &str) -> Item {
    log::key(LINKS, &format!("{BY_CODE}{code}"))
}

fn by_label(label: &str) -> Item {
    log::key(LINKS, &format!("{BY_LABEL}{label}"))
}

/// A code that nobody guesses: 30 bits of the system's randomness.
fn new_code() -> Result<String, Error> {
    let mut bytes = [0; Link::CHARS];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    let chars = bytes.map(|byte| char::from(Link::ALPHABET[usize::from(byte % 32)]));
    Ok(chars.into_iter().collect())
}
