//! The most buckets that a lag can go back, wherever the axis lies.

use crate::calendar::HOUR;
use crate::granularity::Step;
use crate::{Lag, LagUnit, TimeAxis};

/// Hours by which two offsets of one zone can differ at most. Samoa has had −11:30 and +14:00.
const MOST_HOURS: i64 = 26;

/// Days of the months of a leap year and the three after it, which is as long as months get.
const LEAP_CYCLE: [i64; 48] = {
    const YEAR: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut days = [0; 48];
    let mut month = 0;
    while month < 48 {
        days[month] = YEAR[month % 12];
        month += 1;
    }
    days[1] = 29;
    days
};

impl TimeAxis {
    /// The most buckets that `lag` can ever go back on an axis of this granularity and zone: an upper
    /// bound on `i - lag(i)` that holds wherever the axis lies.
    ///
    /// It is exact for hours on fixed steps, and for days and weeks on daily axes and on fixed steps
    /// in UTC. In zones with clock changes it allows for the largest change there can be. Months
    /// count as long as they get: 12 are 366 days.
    pub fn reach(&self, lag: Lag) -> usize {
        let count = i64::from(lag.count());
        let change = if self.zone().is_fixed() {
            0
        } else {
            MOST_HOURS
        };
        let days = match lag.unit() {
            LagUnit::Hours => (count + change + 23) / 24,
            LagUnit::Days => count,
            LagUnit::Weeks => 7 * count,
            LagUnit::Months => longest_months(count),
            LagUnit::Years => longest_months(12 * count),
        };
        let buckets = match (self.granularity().0, lag.unit()) {
            (Step::Fixed { step, .. }, LagUnit::Hours) => quotient_up(count * HOUR, step),
            (Step::Fixed { step, .. }, _) => {
                quotient_up((24 * days + change).saturating_mul(HOUR), step)
            }
            (Step::Days { count, .. }, _) => quotient_up(days, i64::from(count)),
            (Step::Weeks { .. }, _) => quotient_up(days, 7),
            (Step::Months { count: step }, LagUnit::Months) => quotient_up(count, i64::from(step)),
            (Step::Months { count: step }, LagUnit::Years) => {
                quotient_up(12 * count, i64::from(step))
            }
            (Step::Months { count: step }, _) => buckets_of_months(days, i64::from(step)),
        };
        usize::try_from(buckets).unwrap_or(usize::MAX)
    }
}

/// `a / b` rounded up, for `a >= 0` and `b > 0`.
fn quotient_up(a: i64, b: i64) -> i64 {
    a / b + i64::from(a % b > 0)
}

/// The most days that `count` months in a row have.
fn longest_months(count: i64) -> i64 {
    let rest = usize::try_from(count % 48).expect("invariant: a remainder of a positive count");
    let window = |start: usize| {
        (start..start + rest)
            .map(|month| LEAP_CYCLE[month % 48])
            .sum()
    };
    let longest: i64 = (0..48).map(window).max().unwrap_or(0);
    count / 48 * 1461 + longest
}

/// The fewest days that `count` months in a row have.
fn shortest_months(count: i64) -> i64 {
    let rest = usize::try_from(count % 12).expect("invariant: a remainder of a positive count");
    // The three common years of the cycle.
    let window = |start: usize| {
        (start..start + rest)
            .map(|month| LEAP_CYCLE[12 + month % 12])
            .sum()
    };
    let shortest: i64 = (0..12).map(window).min().unwrap_or(0);
    count / 12 * 365 + shortest
}

/// The fewest buckets of `step` months that always cover `days`.
fn buckets_of_months(days: i64, step: i64) -> i64 {
    let (mut low, mut high) = (1, days.max(1)); // a bucket has a day at least
    while low < high {
        let middle = low + (high - low) / 2;
        if shortest_months(middle * step) >= days {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
