//! The metric over the buckets of an anomaly, folded in time order.

use serde::{Deserialize, Serialize};
use tuatara_core::{Row, exact};
use tuatara_frame::Aggregation;

/// The four numbers of one bucket in which both `observed` and `expected` are known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sample {
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
    /// `None` where one of the two is missing: then the pair says nothing.
    pub(crate) fn of(row: &Row) -> Option<Self> {
        (!row.observed.is_nan() && !row.expected.is_nan()).then_some(Self {
            observed: row.observed,
            expected: row.expected,
            lower: row.lower,
            upper: row.upper,
        })
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

/// A fold of samples: sums for `Sum`, `Count` and `Mean`, extremes for `Min` and `Max`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Totals {
    buckets: u32,
    fold: Option<Sample>,
}

impl Totals {
    pub(crate) fn add(&mut self, sample: Sample, aggregation: Aggregation) {
        self.buckets += 1;
        self.fold = Some(match self.fold {
            None => sample,
            Some(fold) => match aggregation {
                Aggregation::Min => fold.combine(sample, f64::min),
                Aggregation::Max => fold.combine(sample, f64::max),
                Aggregation::Sum | Aggregation::Count | Aggregation::Mean => {
                    fold.combine(sample, |a, b| a + b)
                }
            },
        });
    }

    /// `[observed, expected, lower, upper]` over the buckets; `None` where there were none.
    pub(crate) fn read(&self, aggregation: Aggregation) -> Option<[f64; 4]> {
        let fold = self.fold?;
        let divisor = match aggregation {
            Aggregation::Mean => f64::from(self.buckets),
            _ => 1.0,
        };
        Some([fold.observed, fold.expected, fold.lower, fold.upper].map(|total| total / divisor))
    }
}
