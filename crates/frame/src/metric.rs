//! What a number in a table means: its name, how many become one, and which are possible at all.

use std::fmt;

use crate::{Aggregation, FrameError, Missing};

/// The values that a metric can take at all; what lies outside is an error of measurement.
///
/// Closed at both ends; either end may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueRange {
    min: f64,
    max: f64,
}

impl ValueRange {
    /// The range from `min` to `max`, both included.
    ///
    /// # Errors
    /// [`FrameError::BadRange`] when an end is NaN or `min` lies above `max`.
    pub fn new(min: f64, max: f64) -> Result<Self, FrameError> {
        if min <= max {
            Ok(Self { min, max })
        } else {
            Err(FrameError::BadRange { min, max })
        }
    }

    /// The smallest possible value; −∞ where there is no bound.
    pub const fn min(self) -> f64 {
        self.min
    }

    /// The largest possible value; ∞ where there is no bound.
    pub const fn max(self) -> f64 {
        self.max
    }

    /// Whether `value` is possible. A missing value (NaN) lies in no range.
    pub fn contains(self, value: f64) -> bool {
        self.min <= value && value <= self.max
    }
}

impl fmt::Display for ValueRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {}]", self.min, self.max)
    }
}

/// A measured quantity: its name, how it aggregates, the range of its values if one is known, and
/// what stands in for missing ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    name: String,
    aggregation: Aggregation,
    range: Option<ValueRange>,
    missing: Missing,
}

impl Metric {
    /// A metric that is summed, has no bounds, and whose missing values stay missing.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            aggregation: Aggregation::Sum,
            range: None,
            missing: Missing::Leave,
        }
    }

    /// The same metric under another aggregation.
    #[must_use]
    pub fn with_aggregation(mut self, aggregation: Aggregation) -> Self {
        self.aggregation = aggregation;
        self
    }

    /// The same metric with a declared range.
    #[must_use]
    pub fn with_range(mut self, range: ValueRange) -> Self {
        self.range = Some(range);
        self
    }

    /// The same metric under another policy for buckets without a value.
    #[must_use]
    pub fn with_missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// The name, unique within a frame.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How rows become a bucket.
    pub fn aggregation(&self) -> Aggregation {
        self.aggregation
    }

    /// The declared range, if any.
    pub fn range(&self) -> Option<ValueRange> {
        self.range
    }

    /// What becomes of buckets without a value.
    pub fn missing(&self) -> Missing {
        self.missing
    }

    /// Whether `value`, that of a bucket, is a measurement: there, and in the declared range.
    pub(crate) fn measures(&self, value: f64) -> bool {
        !value.is_nan() && self.range.is_none_or(|range| range.contains(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn a_range_includes_its_ends_and_no_missing_value() {
        let range = ValueRange::new(0.0, f64::INFINITY).unwrap();
        assert!(range.contains(0.0) && range.contains(1e300));
        assert!(!range.contains(-0.1) && !range.contains(NAN));
    }

    #[test]
    fn a_range_upside_down_or_without_a_number_is_refused() {
        assert_eq!(
            ValueRange::new(2.0, 1.0).unwrap_err().to_string(),
            "the range from 2 to 1 holds no value; allowed: two numbers, infinite ones included, the \
             first not above the second; swap or drop them"
        );
        assert!(ValueRange::new(NAN, 1.0).is_err());
    }
}
