//! The metric over the buckets of an anomaly, folded in time order.

use serde::{Deserialize, Serialize};
use tuatara_core::{Row, Verdict, exact};
use tuatara_frame::Aggregation;

/// The four numbers of one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Sample {
    #[serde(with = "exact")]
    observed: f64,
    #[serde(with = "exact")]
    expected: f64,
    #[serde(with = "exact")]
    lower: f64,
    #[serde(with = "exact")]
    upper: f64,
}

impl Sample {
    /// Of the pair where there is one, of the observed value alone where nothing is expected.
    fn of(row: &Row) -> Self {
        let pair = |value: f64| {
            if row.expected.is_nan() {
                f64::NAN
            } else {
                value
            }
        };
        Self {
            observed: row.observed,
            expected: row.expected,
            lower: pair(row.lower),
            upper: pair(row.upper),
        }
    }

    fn combine(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self {
            observed: f(self.observed, other.observed),
            expected: f(self.expected, other.expected),
            lower: f(self.lower, other.lower),
            upper: f(self.upper, other.upper),
        }
    }
}

/// A fold over buckets: sums for `Sum` and `Count`, means for `Mean` and `Median`, extremes for
/// `Min` and `Max`, the newest for `Last`.
///
/// Pairs of observed and expected are folded together, and values of which nothing was expected
/// among themselves.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Totals {
    pairs: Fold,
    alone: Fold,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Fold {
    buckets: u32,
    of: Option<Sample>,
}

impl Totals {
    pub(crate) fn add(&mut self, row: &Row, aggregation: Aggregation) {
        // What lies outside the declared range is no measurement.
        if row.observed.is_nan() || row.verdict == Verdict::OutOfRange {
            return;
        }
        let fold = match row.expected.is_nan() {
            true => &mut self.alone,
            false => &mut self.pairs,
        };
        fold.add(Sample::of(row), aggregation);
    }

    /// `[observed, expected, lower, upper]` over the buckets with both, or over those with a value
    /// where none has both; `None` where there were none.
    pub(crate) fn read(&self, aggregation: Aggregation) -> Option<[f64; 4]> {
        let pairs = self.pairs.read(aggregation);
        pairs.or_else(|| self.alone.read(aggregation))
    }
}

impl Fold {
    fn add(&mut self, sample: Sample, aggregation: Aggregation) {
        self.buckets += 1;
        self.of = Some(match self.of {
            None => sample,
            Some(so_far) => match aggregation {
                Aggregation::Min => so_far.combine(sample, f64::min),
                Aggregation::Max => so_far.combine(sample, f64::max),
                Aggregation::Last => sample,
                Aggregation::Sum | Aggregation::Count | Aggregation::Mean | Aggregation::Median => {
                    so_far.combine(sample, |a, b| a + b)
                }
            },
        });
    }

    fn read(&self, aggregation: Aggregation) -> Option<[f64; 4]> {
        let total = self.of?;
        let divisor = match aggregation {
            Aggregation::Mean | Aggregation::Median => f64::from(self.buckets),
            _ => 1.0,
        };
        let four = [total.observed, total.expected, total.lower, total.upper];
        Some(four.map(|total| total / divisor))
    }
}
