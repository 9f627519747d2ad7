//! Plain-text tables whose columns line up.

/// Rows of cells; the first is the heading.
#[derive(Debug)]
pub(super) struct Table(Vec<Vec<String>>);

impl Table {
    /// A table with these columns.
    pub(super) fn new(heading: &[&str]) -> Self {
        Self(vec![
            heading.iter().map(|cell| (*cell).to_owned()).collect(),
        ])
    }

    /// Adds a row, with as many cells as the heading.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.0.push(cells.into_iter().collect());
    }

    /// Prints it: the outer columns to the left, numbers to the right.
    pub(super) fn print(&self) {
        let widths: Vec<usize> = (0..self.0[0].len())
            .map(|column| {
                let cells = self.0.iter().map(|row| row[column].chars().count());
                cells.max().unwrap_or_default()
            })
            .collect();
        let last = widths.len() - 1;
        for row in &self.0 {
            let cells = row.iter().zip(&widths).enumerate();
            let line: Vec<String> = cells
                .map(|(column, (cell, &width))| match column {
                    _ if column == 0 || column == last => format!("{cell:<width$}"),
                    _ => format!("{cell:>width$}"),
                })
                .collect();
            println!("{}", line.join("  ").trim_end());
        }
    }
}
