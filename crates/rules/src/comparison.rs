//! What an anomaly as a whole is compared with, for the filters that compare.
//!
//! ```text
//! y, ŷ   over the buckets of the anomaly so far, by the metric's aggregation
//! ```
//!
//! Without `offset`, ŷ is the detector's own expectation. With it, every lag gives one value: the
//! metric over the lagged buckets of those in which something was measured; a lag of which one is
//! missing does not count, and the values of the lags are combined as in the baseline. Events count
//! as they do there: lagged buckets that are left out move further back, and what is found for a
//! bucket is multiplied by the factors of the events in that bucket.

use tuatara_baseline::{Baseline, Offset};
use tuatara_core::{
    Anomaly, Evidence, FilterError, Forecaster, Judgement, Needs, ParamError, Pattern, Short,
};
use tuatara_frame::{BucketFold, TimeAxis};

use crate::baseline_params;
use crate::over_buckets::{Progress, Step};

/// What to compare with, and the sides that are kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Against {
    offset: Option<Offset>,
    pattern: Pattern,
}

/// The metric over the buckets of an anomaly so far, and over those of each lag.
#[derive(Debug, Default)]
pub(crate) struct Running {
    progress: Progress,
    observed: Option<BucketFold>,
    /// `None` for a lag that misses a bucket.
    lagged: Vec<Option<BucketFold>>,
}

impl Running {
    /// Takes in the buckets that have come since the last call, or all of another anomaly.
    fn go_on(&mut self, offset: &Offset, anomaly: &Anomaly, evidence: &Evidence<'_>) {
        let Step { anew, rows } = self.progress.go_on(anomaly, evidence);
        if anew || self.lagged.len() != offset.lags().len() {
            self.observed = None;
            self.lagged = vec![Some(evidence.over_buckets()); offset.lags().len()];
        }
        let observed = self.observed.get_or_insert(evidence.over_buckets());
        let series = evidence.series();
        let mut values = Vec::with_capacity(offset.lags().len());
        for i in rows.filter(|&i| series.is_measured(i)) {
            observed.push(series.values()[i]);
            offset.lagged(series, i, &mut values);
            let factor = series.factors(i..i + 1).first().map(|(_, factor)| *factor);
            for (&value, fold) in values.iter().zip(&mut self.lagged) {
                match fold {
                    Some(_) if value.is_nan() => *fold = None,
                    Some(fold) => fold.push(factor.map_or(value, |factor| value * factor)),
                    None => {}
                }
            }
        }
    }
}

/// What an anomaly as a whole was, and what it is compared with; NaN where there is nothing.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) observed: f64,
    pub(crate) expected: f64,
    /// What `expected` is, in words.
    pub(crate) with: String,
}

impl Comparison {
    /// y − ŷ
    pub(crate) fn difference(&self) -> f64 {
        self.observed - self.expected
    }

    /// Both and the distance between them: `640 is 160 below wo1w (1 of 1 lags found), 800`.
    pub(crate) fn in_words(&self) -> String {
        let difference = self.difference();
        let side = if difference < 0.0 { "below" } else { "above" };
        format!(
            "{} is {} {side} {}, {}",
            Short(self.observed),
            Short(difference.abs()),
            self.with,
            Short(self.expected)
        )
    }

    /// Kept, since nothing can be said against it.
    pub(crate) fn nothing_to_compare(&self, quantity: &str) -> Judgement {
        let reason = format!("there is no value of {} to compare with", self.with);
        Judgement::keep(quantity, f64::NAN, reason)
    }
}

impl Against {
    /// # Errors
    /// When `offset` is none.
    pub(crate) fn new(offset: Option<&str>, pattern: Pattern) -> Result<Self, ParamError> {
        let offset = match offset {
            None => None,
            Some(text) => Some(baseline_params::offset(text)?).filter(|offset| !offset.is_none()),
        };
        Ok(Self { offset, pattern })
    }

    /// The history that the lags reach back to.
    pub(crate) fn needs(&self, axis: &TimeAxis) -> Result<Needs, FilterError> {
        let Some(offset) = &self.offset else {
            return Ok(Needs::NOTHING);
        };
        let lookback = Baseline::new(offset.clone()).lookback(axis)?;
        Ok(Needs::history(lookback))
    }

    /// The anomaly as of the last bucket of the evidence.
    pub(crate) fn compare(
        &self,
        anomaly: &Anomaly,
        evidence: &Evidence<'_>,
        running: &mut Running,
    ) -> Comparison {
        let Some(offset) = &self.offset else {
            return Comparison {
                observed: anomaly.observed,
                expected: anomaly.expected,
                with: "the expected value".to_owned(),
            };
        };
        running.go_on(offset, anomaly, evidence);
        let observed = running.observed.map_or(f64::NAN, BucketFold::value);
        let found = running.lagged.iter().flatten().map(|fold| fold.value());
        let mut found: Vec<f64> = found.filter(|value| !value.is_nan()).collect();
        let with = format!(
            "{offset} ({} of {} lags found)",
            found.len(),
            offset.lags().len()
        );
        let expected = if offset.is_current() {
            observed
        } else {
            offset.combine().of(&mut found)
        };
        Comparison {
            observed,
            expected,
            with,
        }
    }

    /// Dropped, when the anomaly lies on a side that is not kept. `found` is what was measured, in
    /// words.
    pub(crate) fn refuses(
        &self,
        difference: f64,
        quantity: &str,
        measure: f64,
        found: &str,
    ) -> Option<Judgement> {
        let admitted = match difference {
            d if d > 0.0 => self.pattern.admits_up(),
            d if d < 0.0 => self.pattern.admits_down(),
            _ => true,
        };
        let reason = || format!("{found}, only {} counts", self.pattern);
        (!admitted).then(|| Judgement::drop(quantity, measure, reason()))
    }
}

/// The smallest changes that are kept, above the baseline and below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Thresholds {
    /// At and above the baseline.
    pub(crate) up: Option<f64>,
    /// Below it.
    pub(crate) down: Option<f64>,
}

impl Thresholds {
    /// `threshold` on either side, where that has none of its own.
    ///
    /// # Errors
    /// When one of them is not in [0, ∞).
    pub(crate) fn new(
        threshold: Option<f64>,
        up: Option<f64>,
        down: Option<f64>,
        remedy: &str,
    ) -> Result<Self, ParamError> {
        use baseline_params::not_negative;
        let threshold = not_negative("threshold", threshold, remedy)?;
        let up = not_negative("upThreshold", up, remedy)?;
        let down = not_negative("downThreshold", down, remedy)?;
        Ok(Self {
            up: up.or(threshold),
            down: down.or(threshold),
        })
    }

    /// Kept when `measure`, which has the sign of `difference`, reaches the threshold of its side.
    /// `in_words` writes a threshold.
    pub(crate) fn judge(
        &self,
        difference: f64,
        quantity: &str,
        measure: f64,
        found: &str,
        in_words: impl FnOnce(f64) -> String,
    ) -> Judgement {
        let threshold = if difference < 0.0 { self.down } else { self.up };
        let Some(threshold) = threshold else {
            let reason = format!("{found}, no threshold is set");
            return Judgement::keep(quantity, measure, reason);
        };
        let reason = format!("{found}, at least {} is asked", in_words(threshold));
        Judgement::new(measure.abs() >= threshold, quantity, measure, reason)
    }
}

/// A fraction as a percentage.
pub(crate) fn percent(fraction: f64) -> String {
    format!("{} %", Short(fraction * 100.0))
}
