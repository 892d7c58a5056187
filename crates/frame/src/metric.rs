//! What a number in a table means: how many of them become one, and which are possible at all.

use std::fmt;
use std::str::FromStr;

use crate::FrameError;
use crate::serde_text::serde_as_text;

/// How the values of many rows become the value of one bucket.
///
/// Missing values (NaN) take no part; where nothing takes part the answer is NaN. In text the
/// name is written in capitals and read in any case, `AVG` being another name for the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Aggregation {
    /// Σ xᵢ, added in order of time, then of input.
    #[default]
    Sum,
    /// How many rows carry a value. A bucket without any is missing, not zero.
    Count,
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// Σ xᵢ / n.
    Mean,
}

impl Aggregation {
    /// All of them, in the order in which they are documented.
    pub const ALL: [Self; 5] = [Self::Sum, Self::Count, Self::Min, Self::Max, Self::Mean];

    /// The name in capitals: `SUM`, `COUNT`, `MIN`, `MAX`, `MEAN`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "SUM",
            Self::Count => "COUNT",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::Mean => "MEAN",
        }
    }

    /// Whether the value of a long interval follows from the values of its buckets.
    ///
    /// True for all but the mean, which has to ask the rows again: a mean of means is another
    /// number as soon as buckets hold different numbers of rows.
    pub const fn is_foldable(self) -> bool {
        !matches!(self, Self::Mean)
    }

    /// The aggregate of `rows`, values of single rows in order of time, NaN where missing.
    pub fn of_rows(self, rows: impl IntoIterator<Item = f64>) -> f64 {
        let mut fold = Fold::EMPTY;
        for value in rows {
            fold.push(self, value);
        }
        fold.finish(self)
    }

    /// The aggregate of `buckets`, values that this aggregation has made already, oldest first
    /// and NaN where missing. Counts are added. `None` where the buckets cannot tell: see
    /// [`is_foldable`](Self::is_foldable).
    pub fn of_buckets(self, buckets: impl IntoIterator<Item = f64>) -> Option<f64> {
        match self {
            Self::Sum | Self::Count => Some(Self::Sum.of_rows(buckets)),
            Self::Min | Self::Max => Some(self.of_rows(buckets)),
            Self::Mean => None,
        }
    }
}

impl Aggregation {
    /// An aggregate over buckets, to be fed one after the other. Counts are added; the mean of
    /// buckets stands in for a mean of rows, which buckets cannot tell.
    pub const fn over_buckets(self) -> BucketFold {
        BucketFold {
            by: match self {
                Self::Count => Self::Sum,
                other => other,
            },
            fold: Fold::EMPTY,
        }
    }
}

/// An aggregate over buckets under way; see [`Aggregation::over_buckets`].
///
/// ```
/// use tuatara_frame::Aggregation;
///
/// let mut visits = Aggregation::Count.over_buckets();
/// for bucket in [3.0, f64::NAN, 4.0] {
///     visits.push(bucket);
/// }
/// assert_eq!(visits.value(), 7.0);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct BucketFold {
    by: Aggregation,
    fold: Fold,
}

impl BucketFold {
    /// Takes the value of the next bucket in; NaN, a missing one, changes nothing.
    pub fn push(&mut self, bucket: f64) {
        self.fold.push(self.by, bucket);
    }

    /// The aggregate so far; NaN while nothing was taken in.
    pub fn value(self) -> f64 {
        self.fold.finish(self.by)
    }
}

/// An aggregate under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fold {
    count: u64,
    value: f64,
}

impl Fold {
    pub(crate) const EMPTY: Self = Self {
        count: 0,
        value: f64::NAN,
    };

    /// Takes one more value in; NaN changes nothing.
    pub(crate) fn push(&mut self, aggregation: Aggregation, value: f64) {
        if value.is_nan() {
            return;
        }
        self.count += 1;
        self.value = if self.count == 1 {
            value
        } else {
            match aggregation {
                Aggregation::Sum | Aggregation::Mean => self.value + value,
                Aggregation::Count => self.value,
                Aggregation::Min => self.value.min(value),
                Aggregation::Max => self.value.max(value),
            }
        };
    }

    pub(crate) fn finish(self, aggregation: Aggregation) -> f64 {
        if self.count == 0 {
            return f64::NAN;
        }
        // Counts beyond 2^53 would need more rows than any memory holds.
        let count = self.count as f64;
        match aggregation {
            Aggregation::Sum | Aggregation::Min | Aggregation::Max => self.value,
            Aggregation::Count => count,
            Aggregation::Mean => self.value / count,
        }
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Aggregation {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let name = text.trim();
        if name.eq_ignore_ascii_case("AVG") {
            return Ok(Self::Mean);
        }
        Self::ALL
            .into_iter()
            .find(|aggregation| aggregation.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| FrameError::AggregationText {
                text: text.to_owned(),
            })
    }
}

serde_as_text!(Aggregation, "the name of an aggregation, such as SUM");

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

/// A measured quantity: its name, how it aggregates, and the range of its values if one is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    name: String,
    aggregation: Aggregation,
    range: Option<ValueRange>,
}

impl Metric {
    /// A metric that is summed and has no bounds.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            aggregation: Aggregation::Sum,
            range: None,
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
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn each_aggregation_of_three_rows_by_hand() {
        let rows = [3.0, NAN, 1.0, 5.0];
        let of = |aggregation: Aggregation| aggregation.of_rows(rows).to_string();
        assert_eq!(Aggregation::ALL.map(of), ["9", "3", "1", "5", "3"]);
    }

    #[test]
    fn nothing_aggregates_to_missing_even_as_a_count() {
        for aggregation in Aggregation::ALL {
            assert!(aggregation.of_rows([]).is_nan(), "{aggregation}");
            assert!(aggregation.of_rows([NAN, NAN]).is_nan(), "{aggregation}");
        }
    }

    #[test]
    fn counts_of_buckets_are_added_and_means_cannot_tell() {
        assert_eq!(Aggregation::Count.of_buckets([2.0, NAN, 3.0]), Some(5.0));
        assert_eq!(Aggregation::Max.of_buckets([2.0, NAN, 3.0]), Some(3.0));
        assert_eq!(Aggregation::Mean.of_buckets([2.0, 3.0]), None);
        assert!(
            Aggregation::ALL
                .into_iter()
                .all(|a| a.is_foldable() == (a != Aggregation::Mean))
        );
    }

    #[test]
    fn names_are_read_in_any_case_and_written_in_capitals() {
        assert_eq!("avg".parse::<Aggregation>().unwrap(), Aggregation::Mean);
        for aggregation in Aggregation::ALL {
            let lower = aggregation.to_string().to_lowercase();
            assert_eq!(lower.parse::<Aggregation>().unwrap(), aggregation);
        }
        assert_eq!(
            "median".parse::<Aggregation>().unwrap_err().to_string(),
            "`median` is not an aggregation; allowed: SUM, COUNT, MIN, MAX, MEAN (or AVG)"
        );
    }

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
