//! Civil time over clock changes, worked out by hand from the rules of each zone.

mod axes;
mod plans;
mod zones;

use tuatara_frame::{
    Granularity, Instant, Interval, Lag, NaiveDate, NaiveDateTime, TimeAxis, Zone,
};

pub(crate) fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

pub(crate) fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

pub(crate) fn lag(text: &str) -> Lag {
    text.parse().unwrap()
}

pub(crate) fn on(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(crate) fn label(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

pub(crate) fn axis(granularity: &str, name: &str, start: &str, end: &str) -> TimeAxis {
    grid(granularity.parse().unwrap(), name, start, end)
}

pub(crate) fn grid(granularity: Granularity, name: &str, start: &str, end: &str) -> TimeAxis {
    let span = Interval::new(at(start), at(end)).unwrap();
    TimeAxis::covering(granularity, zone(name), span).unwrap()
}

/// The start of the bucket that lies `back` before the one holding `from`.
pub(crate) fn source(axis: &TimeAxis, from: &str, back: &str) -> Option<String> {
    let index = axis.index_of(at(from)).unwrap();
    let target = axis.lag(index, lag(back))?;
    let target = usize::try_from(target).expect("the axis starts early enough");
    Some(axis.start(target).to_string())
}

pub(crate) fn starts(axis: &TimeAxis) -> Vec<String> {
    (0..=axis.len())
        .map(|index| axis.start(index).to_string())
        .collect()
}
