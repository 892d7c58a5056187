//! Where in its seasons a bucket lies, and which refit it is judged by: both from the calendar
//! alone, whatever the window.

use std::ops::Range;

use tuatara_frame::{Duration, Granularity, Instant, TimeAxis};

use crate::Model;
use crate::recurrence::Place;

const DAY: i64 = 86_400_000;
/// Clocks are asked so often whether they have changed; changes are farther apart.
const PROBE: i64 = 2 * DAY;

/// When a model is fitted anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refit {
    /// For every bucket.
    Bucket,
    /// At the start of each local day.
    Day,
    /// At the start of each local Monday.
    Week,
}

impl Refit {
    /// What is customary for a granularity: weekly on days, daily on finer data, and each bucket on
    /// coarser.
    pub fn customary(granularity: Granularity) -> Self {
        match granularity.nominal() {
            step if step < Duration::days(1) => Self::Day,
            step if step == Duration::days(1) => Self::Week,
            _ => Self::Bucket,
        }
    }

    /// How many buckets of `granularity` can lie between a refit and a bucket that it serves.
    pub(crate) fn reach(self, granularity: Granularity) -> usize {
        let step = granularity.nominal().millis().max(1);
        // A day may be an hour longer, and a clock can go back across midnight.
        let longest = match self {
            Self::Bucket => return 0,
            Self::Day => DAY + 2 * 3_600_000,
            Self::Week => 7 * DAY + 2 * 3_600_000,
        };
        if step > DAY {
            return 0;
        }
        usize::try_from(longest / step + 1).unwrap_or(usize::MAX)
    }

    /// The bucket at whose start the model for bucket `i` was fitted: negative before the axis.
    pub(crate) fn of(self, axis: &TimeAxis, i: usize) -> i64 {
        let index = i64::try_from(i).unwrap_or(i64::MAX);
        let granularity = axis.granularity();
        let step = granularity.nominal().millis();
        if self == Self::Bucket || step > DAY {
            return index;
        }
        let Some(step) = granularity.step() else {
            // Local dates, counted from Thursday, 1970-01-01.
            return match self {
                Self::Week => index - (axis.ordinal() + index + 3).rem_euclid(7),
                _ => index,
            };
        };
        let zone = axis.zone();
        let start = axis.start(i);
        let mut date = Some(zone.local(start).date());
        if self == Self::Week {
            let day = (start.millis() + zone.offset_millis(start)).div_euclid(DAY);
            let since_monday = (day + 3).rem_euclid(7);
            date = (0..since_monday).fold(date, |date, _| date?.pred_opt());
        }
        let Some(midnight) = date.and_then(|date| zone.start_of_day(date)) else {
            return index;
        };
        // The first bucket that starts there or after.
        let phase = granularity.phase().map_or(0, Duration::millis);
        let step = step.millis();
        let ordinal = -(-(midnight.millis() - phase)).div_euclid(step);
        (ordinal - axis.ordinal()).min(index)
    }
}

/// The places of `buckets` of `axis` in the seasons of `model`.
///
/// A season of whole days goes by the local clock, so that nine o'clock stays nine o'clock when
/// clocks change; any other counts buckets from 1970 on.
pub(crate) fn places(model: Model, axis: &TimeAxis, buckets: Range<usize>) -> Vec<Place> {
    let [short, long] = model.both_periods();
    let (short, long) = (to_i64(short), to_i64(long));
    let mut places = Vec::with_capacity(buckets.len());
    let by_clock = axis.granularity().step().filter(|step| {
        let whole_days = |period: i64| period > 1 && (period * step.millis()) % DAY == 0;
        whole_days(short) || whole_days(long)
    });
    let Some(step) = by_clock else {
        let first = axis.ordinal() + to_i64(buckets.start);
        places.extend((first..first + to_i64(buckets.len())).map(|k| place(k, k, short, long)));
        return places;
    };
    let step = step.millis();
    let clocked = |period: i64| period > 1 && (period * step) % DAY == 0;
    let (short_clocked, long_clocked) = (clocked(short), clocked(long));
    let zone = axis.zone();
    let stride = usize::try_from((PROBE / step).max(1)).unwrap_or(usize::MAX);
    let mut at = buckets.start;
    while at < buckets.end {
        let end = buckets.end.min(at.saturating_add(stride));
        let offset = zone.offset_millis(axis.start(at));
        let constant = zone.offset_millis(axis.start(end - 1)) == offset;
        for i in at..end {
            let start: Instant = axis.start(i);
            let offset = if constant {
                offset
            } else {
                zone.offset_millis(start)
            };
            let local = (start.millis() + offset).div_euclid(step);
            let counted = axis.ordinal() + to_i64(i);
            let of = |clocked| if clocked { local } else { counted };
            places.push(place(of(short_clocked), of(long_clocked), short, long));
        }
        at = end;
    }
    places
}

fn place(for_short: i64, for_long: i64, short: i64, long: i64) -> Place {
    let at = |k: i64, period: i64| {
        u32::try_from(k.rem_euclid(period)).expect("invariant: periods are short")
    };
    [at(for_short, short), at(for_long, long)]
}

fn to_i64(number: usize) -> i64 {
    i64::try_from(number).expect("invariant: axes and periods are short")
}
