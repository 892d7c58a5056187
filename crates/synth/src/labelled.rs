//! One series with the truth about it: what was expected without noise, and where something happened.

use std::fmt;
use std::ops::Range;

use chrono::{Datelike, NaiveDateTime, TimeDelta};

/// The time between two neighbouring values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cadence {
    /// A value an hour; seasons of 24 and 168 steps.
    Hourly,
    /// A value a day; a season of 7 steps.
    Daily,
    /// A value a week; a season of 52 steps.
    Weekly,
}

impl Cadence {
    /// The time between two values.
    pub fn step(self) -> TimeDelta {
        match self {
            Self::Hourly => TimeDelta::hours(1),
            Self::Daily => TimeDelta::days(1),
            Self::Weekly => TimeDelta::weeks(1),
        }
    }

    /// The seasons that such series may have, in steps, the shortest first.
    pub fn periods(self) -> &'static [usize] {
        match self {
            Self::Hourly => &[24, 168],
            Self::Daily => &[7],
            Self::Weekly => &[52],
        }
    }

    /// The steps of the longest season.
    pub(crate) fn longest(self) -> usize {
        let periods = self.periods();
        periods[periods.len() - 1] // no cadence is without a period
    }
}

/// As a granularity is written: `PT1H`, `P1D`, `P7D`.
impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hourly => "PT1H",
            Self::Daily => "P1D",
            Self::Weekly => "P7D",
        })
    }
}

/// What makes a stretch of values anomalous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum AnomalyKind {
    /// A ramp away from what is expected and back to it, symmetric, at its farthest in the middle.
    Spike,
    /// A stretch that lies higher or lower by the same at each step, and returns.
    Shift,
    /// A move to another level for good; the first steps of it are labelled.
    LevelShift,
    /// A climb or fall to another level; its steps are labelled from where they leave the noise.
    TrendBreak,
    /// A stretch of zeros, or nearly.
    DipToZero,
    /// The noise is several times as wide.
    VarianceChange,
    /// The same value again and again.
    FlatLine,
}

impl AnomalyKind {
    /// Every kind, in a fixed order.
    pub const ALL: [Self; 7] = [
        Self::Spike,
        Self::Shift,
        Self::LevelShift,
        Self::TrendBreak,
        Self::DipToZero,
        Self::VarianceChange,
        Self::FlatLine,
    ];
}

/// A labelled stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Anomaly {
    /// The steps that are labelled, never empty, inside the series.
    pub span: Range<usize>,
    /// What happened there.
    pub kind: AnomalyKind,
}

/// A series and the truth about it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LabelledSeries {
    /// The start of the first step, on a clock without a zone.
    pub start: NaiveDateTime,
    /// The time between two values.
    pub cadence: Cadence,
    /// The values, oldest first; NaN where none was reported.
    pub values: Vec<f64>,
    /// What each value would be without noise, anomaly and gap. As long as `values`, without NaN.
    pub expected: Vec<f64>,
    /// The labelled stretches in order of time; no two share a step.
    pub anomalies: Vec<Anomaly>,
    /// Stretches in which a person could say either, as while a new level becomes the usual one; in
    /// order of their starts. A label inside one stands.
    pub unclear: Vec<Range<usize>>,
}

impl LabelledSeries {
    /// How many steps it has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// For each step whether it is labelled, a missing value included.
    pub fn labels(&self) -> Vec<bool> {
        let mut labels = vec![false; self.len()];
        for anomaly in &self.anomalies {
            labels[anomaly.span.clone()].fill(true);
        }
        labels
    }

    /// For each step whether its label can be taken at its word: labelled, or not within
    /// [`unclear`](Self::unclear).
    pub fn clear(&self) -> Vec<bool> {
        let mut clear = vec![true; self.len()];
        for unclear in &self.unclear {
            clear[unclear.clone()].fill(false);
        }
        for anomaly in &self.anomalies {
            clear[anomaly.span.clone()].fill(true);
        }
        clear
    }

    /// The kind of what happens at `step`; `None` where nothing does, and beyond the end.
    pub fn kind_at(&self, step: usize) -> Option<AnomalyKind> {
        let next = self.anomalies.partition_point(|a| a.span.end <= step);
        let anomaly = self.anomalies.get(next)?;
        anomaly.span.contains(&step).then_some(anomaly.kind)
    }

    /// The weekday of the first step, 0 for Monday.
    pub fn first_weekday(&self) -> usize {
        self.start.weekday().num_days_from_monday() as usize
    }

    /// The start of `step`; `None` where the calendar ends.
    pub fn time(&self, step: usize) -> Option<NaiveDateTime> {
        let steps = i32::try_from(step).ok()?;
        self.start
            .checked_add_signed(self.cadence.step().checked_mul(steps)?)
    }

    /// The same series upside down: every value times −1.
    pub(crate) fn mirrored(mut self) -> Self {
        for value in self.values.iter_mut().chain(&mut self.expected) {
            *value = -*value;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn series() -> LabelledSeries {
        let anomaly = |span, kind| Anomaly { span, kind };
        LabelledSeries {
            start: NaiveDate::from_ymd_opt(2024, 2, 28)
                .unwrap()
                .and_hms_opt(0, 0, 0)
                .unwrap(),
            cadence: Cadence::Daily,
            values: vec![1.0, 5.0, f64::NAN, 1.0, 0.0],
            expected: vec![1.0; 5],
            anomalies: vec![
                anomaly(1..3, AnomalyKind::Spike),
                anomaly(4..5, AnomalyKind::DipToZero),
            ],
            unclear: std::iter::once(3..5).collect(),
        }
    }

    #[test]
    fn a_label_covers_its_span_and_a_missing_value_in_it() {
        let series = series();
        assert_eq!(series.labels(), [false, true, true, false, true]);
        let kinds: Vec<_> = (0..6).map(|step| series.kind_at(step)).collect();
        let (spike, dip) = (Some(AnomalyKind::Spike), Some(AnomalyKind::DipToZero));
        assert_eq!(kinds, [None, spike, spike, None, dip, None]);
    }

    #[test]
    fn a_label_inside_an_unclear_stretch_stands() {
        assert_eq!(series().clear(), [true, true, true, false, true]);
    }

    #[test]
    fn steps_follow_the_calendar_to_its_end_and_no_further() {
        let series = series();
        assert_eq!(
            series.time(2).unwrap().to_string(),
            "2024-03-01 00:00:00" // over 29 February
        );
        assert_eq!(series.first_weekday(), 2); // a Wednesday
        assert_eq!(series.time(usize::MAX), None);
        assert_eq!(series.time(200_000_000), None);
    }

    #[test]
    fn a_mirrored_series_keeps_its_gaps_and_labels() {
        let mirrored = series().mirrored();
        assert_eq!(mirrored.values[..2], [-1.0, -5.0]);
        assert!(mirrored.values[2].is_nan());
        assert_eq!(mirrored.labels(), series().labels());
    }
}
