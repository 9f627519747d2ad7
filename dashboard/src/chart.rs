//! The chart of visits per day: its days, their heights, and its bars.

use shared::visits::{DayCount, DayVisits};
use time::Date;

use crate::period::parse_day;

/// The days of a period, those without a visit included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    days: Vec<Day>,
}

/// A day of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// Visits recorded.
    pub visits: u64,
    /// Visitors told apart.
    pub uniques: u64,
}

impl Chart {
    /// The width of a day: whole numbers are shorter to write, and so is what writes them.
    pub const DAY: usize = 8;

    /// The days from `first`, or else from the first one counted, to `today`,
    /// and on to the last one counted: a visit may be dated ahead.
    pub fn of(counted: &[DayCount], first: Option<Date>, today: Date) -> Self {
        let days = counted.iter();
        Self::of_days(
            days.filter_map(|day| read(&day.date, day.visits, day.uniques))
                .collect(),
            first,
            today,
        )
    }

    /// The same of days of which the visitors are not known.
    pub fn of_visits(counted: &[DayVisits], first: Option<Date>, today: Date) -> Self {
        let days = counted.iter();
        Self::of_days(
            days.filter_map(|day| read(&day.date, day.visits, 0))
                .collect(),
            first,
            today,
        )
    }

    fn of_days(counted: Vec<Day>, first: Option<Date>, today: Date) -> Self {
        let first = first
            .or(counted.first().map(|day| day.date))
            .unwrap_or(today);
        let last = counted.last().map_or(today, |day| day.date.max(today));
        let mut counted = counted.into_iter().peekable();
        let mut days = Vec::new();
        let mut date = first;
        while date <= last {
            let none = Day {
                date,
                visits: 0,
                uniques: 0,
            };
            days.push(counted.next_if(|day| day.date == date).unwrap_or(none));
            let Some(next) = date.next_day() else { break };
            date = next;
        }
        Self { days }
    }

    /// Its days, the oldest first; never none.
    pub fn days(&self) -> &[Day] {
        &self.days
    }

    /// The day with the most visits, the latest of several.
    pub fn busiest(&self) -> Option<Day> {
        self.days.iter().copied().max_by_key(|day| day.visits)
    }

    /// The number at the top of the chart. It is even, so that half of it is a
    /// number of visits, too, and only its first digit is not zero.
    pub fn top(&self) -> u64 {
        let most = self.busiest().map_or(0, |day| day.visits);
        let mut unit = 1;
        while most > 10 * unit {
            unit *= 10;
        }
        (most.div_ceil(2 * unit) * 2 * unit).max(2)
    }

    /// The width of all days, and the height of the busiest one's bar at least.
    pub fn view_box(&self) -> String {
        format!("0 0 {} {}", self.days.len() * Self::DAY, self.top())
    }

    /// The bars as an SVG path. A visit is one unit high, and the origin is the top left
    /// corner.
    pub fn bars(&self, height: impl Fn(&Day) -> u64) -> String {
        let floor = self.top();
        let gap = self.gap();
        let width = Self::DAY - 2 * gap;
        self.days
            .iter()
            .enumerate()
            .filter(|(_, day)| height(day) > 0)
            .map(|(index, day)| {
                let left = index * Self::DAY + gap;
                let ceiling = floor.saturating_sub(height(day));
                format!("M{left} {floor}V{ceiling}h{width}V{floor}z")
            })
            .collect()
    }

    /// The free space on either side of a bar.
    fn gap(&self) -> usize {
        match self.days.len() {
            ..=14 => 2,
            15..=120 => 1,
            _ => 0,
        }
    }

    /// The day at `share` of the chart's width, from 0 to 1.
    pub fn day_at(&self, share: f64) -> Option<(usize, Day)> {
        let index = (share * self.days.len() as f64).floor() as usize;
        let index = index.min(self.days.len().checked_sub(1)?);
        Some((index, self.days[index]))
    }
}

fn read(date: &str, visits: u64, uniques: u64) -> Option<Day> {
    let date = parse_day(date)?;
    Some(Day {
        date,
        visits,
        uniques,
    })
}
