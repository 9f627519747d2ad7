//! The look of the page, as far as the document says: `meta.theme`,
//! `meta.accent`, `meta.font`.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error};

/// The looks there are. The first is the one where nothing is said.
pub(super) const LOOKS: &[&str] = &["classic", "compact", "sidebar"];

/// The typefaces there are: all of one kind, in place of both in turn.
pub(super) const FONTS: &[&str] = &["sans", "serif"];

/// The contrast that text of ordinary size needs, by WCAG 2.2.
const ENOUGH: f64 = 4.5;

/// A colour, by its red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb([u8; 3]);

/// The papers of the style sheet, light and dark, each with the wash on it.
const LIGHT: [Rgb; 2] = [Rgb([0xfa, 0xf8, 0xf4]), Rgb([0xf0, 0xec, 0xe3])];
const DARK: [Rgb; 2] = [Rgb([0x15, 0x18, 0x1c]), Rgb([0x20, 0x25, 0x2b])];

impl Rgb {
    /// Reads `#0d5c63` or `#056`, with or without the sign.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let long = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            _ => digits.to_owned(),
        };
        let mut colour = [0; 3];
        hex::decode_to_slice(long, &mut colour).ok()?;
        Some(Self(colour))
    }

    /// The nearest colours that can be read on the light paper and on the dark
    /// one.
    pub(crate) fn legible(self) -> (Self, Self) {
        (self.towards(0, &LIGHT), self.towards(u8::MAX, &DARK))
    }

    /// Mixes in black or white until the contrast is enough.
    fn towards(self, end: u8, papers: &[Self]) -> Self {
        (0..=100u16)
            .map(|share| {
                let mix = |part: u8| {
                    ((u16::from(part) * (100 - share) + u16::from(end) * share) / 100) as u8
                };
                Self(self.0.map(mix))
            })
            .find(|colour| {
                papers
                    .iter()
                    .all(|paper| contrast(*colour, *paper) >= ENOUGH)
            })
            .unwrap_or(Self([end; 3]))
    }

    /// Relative luminance, by WCAG 2.2.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

/// The contrast of two colours, by WCAG 2.2: from 1 to 21.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (one.luminance() + 0.05, other.luminance() + 0.05);
    one.max(other) / one.min(other)
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Rgb {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let text = String::deserialize(source)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a colour"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accent_can_be_read_on_both_papers() {
        for text in ["#ffcc00", "#000000", "#fff", "#0d5c63", "ff0000", "#7f7f7f"] {
            let (light, dark) = Rgb::parse(text).unwrap().legible();
            assert!(
                LIGHT.iter().all(|paper| contrast(light, *paper) >= ENOUGH),
                "{text}: {light}"
            );
            assert!(
                DARK.iter().all(|paper| contrast(dark, *paper) >= ENOUGH),
                "{text}: {dark}"
            );
        }
        let teal = Rgb::parse("#0d5c63").unwrap();
        assert_eq!(teal.legible().0, teal);
    }
}
