//! Records that are written otherwise than RFC 4180 has them: what is to be read instead.

use super::Dialect;

impl Dialect {
    /// Returns true if a record may have to be read otherwise. This is cheap, for every record
    /// is asked.
    pub(in super::super) fn may_be_odd(&self, record: &[u8]) -> bool {
        let is_sign = |byte: &u8| matches!(byte, b'\'' | b'"' | b'\\');
        record.iter().any(is_sign)
    }

    /// A record that is to be read instead, if its cells show that there is one; `is_loose`
    /// says that its quotes are in disorder.
    pub(in super::super) fn plain(
        &self,
        record: &[u8],
        cells: &[&[u8]],
        is_loose: bool,
    ) -> Option<Vec<u8>> {
        // Quotes around a whole row come where it was opened with another separator.
        if let [cell] = cells {
            let is_row = cell.contains(&self.separator());
            return is_row.then(|| cell.to_vec());
        }
        let opens = |cell: &&[u8]| {
            cell.first() == Some(&b' ') && cell.trim_ascii_start().first() == Some(&self.quote)
        };
        let tight = cells.iter().any(opens).then(|| self.without_spaces(record));
        if self.escapes && record.contains(&b'\\') {
            return Some(self.doubled(tight.as_deref().unwrap_or(record), self));
        }
        if tight.is_some() || self.quote != b'"' {
            return tight;
        }
        let single = Self {
            quote: b'\'',
            ..*self
        };
        if self.is_quoted_as(&single, record) {
            return Some(self.doubled(record, &single));
        }
        let comma = [b'\\', self.separator()];
        if cells.len() > self.columns && record.windows(2).any(|bytes| bytes == comma) {
            let escapes = true;
            let escaped = Self { escapes, ..*self };
            let row = self.doubled(record, &escaped);
            return (self.cells(&row).len() == self.columns).then_some(row);
        }
        let is_line = !record.contains(&b'\r') && !record.contains(&b'\n');
        let is_loose_line = is_line && is_loose;
        is_loose_line.then(|| self.tightened(record)).flatten()
    }

    /// A record with quotes around each cell, and none but doubled ones inside; `written` is
    /// the way in which it is written.
    fn doubled(&self, record: &[u8], written: &Self) -> Vec<u8> {
        let (quote, separator) = (written.quote, written.separator());
        let escaped = [quote, separator, b'\\', b'\r', b'\n'];
        let mut row = vec![self.quote];
        let (mut is_start, mut is_quoted) = (true, false);
        let mut bytes = record.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            let was_start = std::mem::take(&mut is_start);
            if byte == b'\\' && written.escapes {
                let next = bytes.next_if(|next| escaped.contains(next));
                row.extend(self.once_or_twice(next.unwrap_or(byte)));
            } else if byte == quote && was_start {
                is_quoted = true;
            } else if byte == quote && is_quoted && bytes.next_if_eq(&quote).is_none() {
                is_quoted = false;
            } else if byte == separator && !is_quoted {
                row.extend([self.quote, separator, self.quote]);
                is_start = true;
            } else {
                row.extend(self.once_or_twice(byte));
            }
        }
        row.push(self.quote);
        row
    }

    /// A byte of a value as it is written in quotes.
    fn once_or_twice(&self, byte: u8) -> impl Iterator<Item = u8> + use<> {
        std::iter::repeat_n(byte, 1 + usize::from(byte == self.quote))
    }

    /// Returns true if single quotes are around those cells that have a separator or a single
    /// quote in them, and no other quotes are.
    fn is_quoted_as(&self, single: &Self, record: &[u8]) -> bool {
        let start = [self.separator(), single.quote];
        let starts = record.first() == Some(&single.quote);
        if !starts && !record.windows(2).any(|bytes| bytes == start) {
            return false;
        }
        let (cells, others) = (single.cells(record), self.cells(record));
        let has_pair = |cell: &&[u8]| {
            let inside = cell.strip_prefix(&[single.quote]);
            inside.is_some_and(|inside| inside.windows(2).any(|bytes| bytes == [single.quote; 2]))
        };
        cells.len() == self.columns
            && single.is_well_quoted(record)
            && (others.len() != self.columns || cells.iter().any(has_pair))
            && !others.iter().any(|cell| cell.first() == Some(&self.quote))
    }

    /// A line in which quotes inside of quotes are not doubled; `None` if its cells are not as
    /// many as the header's.
    fn tightened(&self, line: &[u8]) -> Option<Vec<u8>> {
        let mut row = Vec::new();
        let mut columns = 1;
        let mut rest = line;
        loop {
            let is_quoted = rest.first() == Some(&self.quote);
            let quoted = self.quoted(rest);
            let quoted = quoted.filter(|end| self.is_end(&rest[*end..]));
            let (cell, after) = rest.split_at(quoted.unwrap_or_default());
            row.extend(cell);
            rest = after;
            if is_quoted && quoted.is_none() {
                let closes = |at: &usize| rest[*at] == self.quote && self.is_end(&rest[at + 1..]);
                let end = (1..rest.len()).find(closes)?;
                row.push(self.quote);
                let inside = rest[1..end].iter();
                row.extend(inside.flat_map(|byte| self.once_or_twice(*byte)));
                row.push(self.quote);
                rest = &rest[end + 1..];
            }
            let end = rest.iter().position(|byte| *byte == self.separator());
            let Some(end) = end else {
                row.extend(rest);
                return (columns == self.columns).then_some(row);
            };
            row.extend(&rest[..=end]);
            columns += 1;
            rest = &rest[end + 1..];
        }
    }

    /// A record without the spaces between separators and quotes.
    pub(super) fn without_spaces(&self, record: &[u8]) -> Vec<u8> {
        let mut tight = Vec::with_capacity(record.len());
        let mut is_quoted = false;
        let mut rest = record;
        while let Some((byte, after)) = rest.split_first() {
            let last = tight.last();
            let is_start = last.is_none_or(|last| *last == self.separator());
            if *byte == b' ' && !is_quoted {
                let end = rest.iter().position(|byte| *byte != b' ');
                let (spaces, after) = rest.split_at(end.unwrap_or(rest.len()));
                let opens = is_start && after.first() == Some(&self.quote);
                let closes = last == Some(&self.quote) && after.first() == Some(&self.separator());
                if !opens && !closes {
                    tight.extend_from_slice(spaces);
                }
                rest = after;
                continue;
            }
            tight.push(*byte);
            rest = after;
            let is_pair = is_quoted && rest.first() == Some(&self.quote);
            match *byte {
                b'\\' if self.escapes => {}
                byte if byte == self.quote && is_pair => {}
                byte if byte == self.quote => {
                    is_quoted = !is_quoted && is_start;
                    continue;
                }
                _ => continue,
            }
            // The byte after it is no sign.
            tight.extend(rest.first());
            rest = rest.get(1..).unwrap_or_default();
        }
        tight
    }
}
