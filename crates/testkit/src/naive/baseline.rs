//! Baselines by another calendar and a linear search for the bucket.

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{Span, Timestamp};
use tuatara_frame::{Interval, SeriesView, TimeAxis};

/// Where a lag leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lagged {
    /// To a bucket of the axis.
    Bucket(usize),
    /// To somewhere before the axis.
    Before,
    /// To a wall-clock time that a clock change skips.
    Skipped,
}

/// Where the lag of `count` units (`h d w m y`) before bucket `i` leads, on the wall clock of the
/// axis.
///
/// # Panics
/// When the unit is none of those, or the axis is not one of fixed steps, days, weeks or months.
pub fn lagged(axis: &TimeAxis, i: usize, count: u32, unit: char) -> Lagged {
    let zone = zone_of(axis);
    if unit == 'h' {
        let target = axis.start(i).millis() - i64::from(count) * 3_600_000;
        return bucket_holding(axis, i, target);
    }
    if axis.granularity().is_civil() {
        let dates = dates(axis, &zone);
        let target = earlier(dates[i].at(0, 0, 0, 0), count, unit).date();
        return match dates[..i].iter().rposition(|&date| date <= target) {
            Some(at) => Lagged::Bucket(at),
            None => Lagged::Before,
        };
    }
    let now = timestamp(axis.start(i).millis());
    let current = zone.to_offset(now);
    let label = earlier(zone.to_datetime(now), count, unit);
    let at = |offset: Offset| {
        let instant = offset
            .to_timestamp(label)
            .expect("within the years of the tests");
        bucket_holding(axis, i, instant.as_millisecond())
    };
    match zone.to_ambiguous_timestamp(label).offset() {
        AmbiguousOffset::Unambiguous { offset } => at(offset),
        AmbiguousOffset::Gap { .. } => Lagged::Skipped,
        AmbiguousOffset::Fold { after, .. } if after == current => at(after),
        AmbiguousOffset::Fold { before, .. } => at(before),
    }
}

/// The expectation of bucket `i` from `offset`, such as `wo1w` or `median4w`; `min_lags` values
/// must have been observed. NaN where there is none. A lag that is left out moves one period on.
///
/// # Panics
/// When `offset` is no offset with lags.
pub fn expected(series: SeriesView<'_>, i: usize, offset: &str, min_lags: usize) -> f64 {
    let letters: Vec<char> = offset.chars().collect();
    let unit = *letters.last().expect("an offset is not empty");
    let digits: String = letters.iter().filter(|c| c.is_ascii_digit()).collect();
    let count: u32 = digits.parse().expect("an offset counts");
    let word = offset
        .split(|c: char| c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    // As many as were asked for, and four that stand in for those that are left out.
    let (asked, counts): (usize, Vec<u32>) = if word.len() == 2 {
        (1, (1..=5).map(|k| k * count).collect())
    } else {
        (count as usize, (1..=count + 4).collect())
    };
    let axis = series.axis();
    let mut found: Vec<f64> = Vec::new();
    let mut looked_at = 0;
    for count in counts {
        if looked_at == asked {
            break;
        }
        looked_at += 1;
        let Lagged::Bucket(at) = lagged(axis, i, count, unit) else {
            continue;
        };
        let remembered = remembered(series, at, i);
        let made_from = remembered.map_or_else(|| axis.bucket(at), |(_, made_from)| made_from);
        let hides =
            |(span, known_at): (Interval, _)| span.overlaps(made_from) && known_at <= axis.end(i);
        if series.mask().spans().any(hides) {
            looked_at -= 1;
            continue;
        }
        found.extend(remembered.map(|(value, _)| value));
    }
    if found.is_empty() || found.len() < min_lags {
        return f64::NAN;
    }
    match word {
        "mean" => found.iter().sum::<f64>() / found.len() as f64,
        "median" => median(&found),
        "min" => found.iter().copied().fold(f64::INFINITY, f64::min),
        "max" => found.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        _ => found[0],
    }
}

/// What bucket `i` may know of bucket `at`, and the instants it is made from: the value observed
/// there, in the declared range, or else that of a filled gap of which the end lies before `i`.
fn remembered(series: SeriesView<'_>, at: usize, i: usize) -> Option<(f64, Interval)> {
    let value = series.values()[at];
    let possible = |value: f64| match series.range() {
        Some(range) => range.min() <= value && value <= range.max(),
        None => !value.is_nan(),
    };
    if possible(value) {
        return Some((value, series.axis().bucket(at)));
    }
    for fill in series.fills() {
        for (bucket, &value) in fill.buckets().zip(fill.values()) {
            if bucket == at && i >= fill.known_from() && !value.is_nan() {
                return Some((value, fill.made_from()));
            }
        }
    }
    None
}

/// The middle of the sorted values, or the mean of the two in the middle; NaN of none.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

/// `label` moved back; a day that the month does not have is its last.
fn earlier(label: DateTime, count: u32, unit: char) -> DateTime {
    let count = i64::from(count);
    let span = match unit {
        'd' => Span::new().days(count),
        'w' => Span::new().weeks(count),
        'm' => Span::new().months(count),
        'y' => Span::new().years(count),
        other => panic!("{other:?} is no unit of a lag"),
    };
    label
        .checked_sub(span)
        .expect("within the years of the tests")
}

/// Back from bucket `i`, one by one.
fn bucket_holding(axis: &TimeAxis, i: usize, millis: i64) -> Lagged {
    for at in (0..i + 1).rev() {
        let bucket = axis.bucket(at);
        if bucket.start().millis() <= millis && millis < bucket.end().millis() {
            return Lagged::Bucket(at);
        }
    }
    Lagged::Before
}

/// The first local date of every bucket of an axis of days, weeks or months: counted up from the
/// first, as a skipped date has no instant.
fn dates(axis: &TimeAxis, zone: &TimeZone) -> Vec<Date> {
    let step = match axis.granularity().to_string().as_str() {
        "P1D" => Span::new().days(1),
        "P1W" => Span::new().weeks(1),
        "P1M" => Span::new().months(1),
        other => panic!("the oracle knows days, weeks and months, not {other}"),
    };
    let first = zone.to_datetime(timestamp(axis.start(0).millis())).date();
    let mut dates = vec![first];
    while dates.len() < axis.len() {
        let last = dates[dates.len() - 1];
        dates.push(
            last.checked_add(step)
                .expect("within the years of the tests"),
        );
    }
    dates
}

fn zone_of(axis: &TimeAxis) -> TimeZone {
    TimeZone::get(axis.zone().name()).expect("the zone is in the bundled data")
}

fn timestamp(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).expect("within the years of the tests")
}
