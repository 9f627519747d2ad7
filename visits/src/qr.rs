//! The QR code of an address, as pictures: ISO/IEC 18004.

use fast_qr::{QRBuilder, QRCode};
use png::{BitDepth, ColorType, Encoder, EncodingError};

/// The light modules around a code, which readers need.
const MARGIN: usize = 4;
/// The pixels of a module.
const SCALE: usize = 8;

/// A QR code, to be drawn.
#[derive(Clone, Debug)]
pub struct Code(QRCode);

impl Code {
    /// The code of `address`; nothing where that is too long for one.
    pub fn of(address: &str) -> Option<Self> {
        QRBuilder::new(address).build().map(Self).ok()
    }

    /// The modules of a side, margins included.
    fn side(&self) -> usize {
        self.0.size + 2 * MARGIN
    }

    fn is_dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(MARGIN).filter(|at| *at < self.0.size);
        match (inside(x), inside(y)) {
            (Some(x), Some(y)) => self.0[y][x].value(),
            _ => false,
        }
    }

    /// Black on white, also on a dark page.
    pub fn svg(&self) -> String {
        let (side, pixels) = (self.side(), self.side() * SCALE);
        let mut dark = String::new();
        for y in 0..side {
            let mut x = 0;
            while x < side {
                let length = (x..side).take_while(|x| self.is_dark(*x, y)).count();
                if length > 0 {
                    dark += &format!("M{x} {y}h{length}v1h-{length}z");
                }
                x += length.max(1);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{pixels}\" \
             viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{dark}\"/></svg>"
        )
    }

    /// A grey picture of one bit a pixel.
    ///
    /// # Errors
    /// Never: there is room in memory, and no side is too long.
    pub fn png(&self) -> Result<Vec<u8>, EncodingError> {
        let side = self.side() * SCALE;
        let row = side.div_ceil(8);
        let mut pixels = vec![0; row * side];
        for y in 0..side {
            for x in (0..side).filter(|x| !self.is_dark(*x / SCALE, y / SCALE)) {
                pixels[y * row + x / 8] |= 0x80 >> (x % 8);
            }
        }
        let mut file = Vec::new();
        let length = u32::try_from(side).unwrap_or(u32::MAX);
        let mut encoder = Encoder::new(&mut file, length, length);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::One);
        encoder.write_header()?.write_image_data(&pixels)?;
        Ok(file)
    }
}
