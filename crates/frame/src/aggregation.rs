//! How many numbers become one.

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
    /// The middle of the sorted values, or the midpoint of the two in the middle.
    Median,
    /// The value of the latest row: in time, and of rows with one stamp in the input.
    Last,
}

impl Aggregation {
    /// All of them, in the order in which they are documented.
    pub const ALL: [Self; 7] = [
        Self::Sum,
        Self::Count,
        Self::Min,
        Self::Max,
        Self::Mean,
        Self::Median,
        Self::Last,
    ];

    /// The name in capitals: `SUM`, `COUNT`, `MIN`, `MAX`, `MEAN`, `MEDIAN`, `LAST`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sum => "SUM",
            Self::Count => "COUNT",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::Mean => "MEAN",
            Self::Median => "MEDIAN",
            Self::Last => "LAST",
        }
    }

    /// Whether the value of a long interval follows from the values of its buckets.
    ///
    /// True for all but the mean and the median, which have to ask the rows again: a mean of
    /// means is another number as soon as buckets hold different numbers of rows.
    pub const fn is_foldable(self) -> bool {
        !matches!(self, Self::Mean | Self::Median)
    }

    /// The aggregate of `rows`, values of single rows in order of time, NaN where missing.
    pub fn of_rows(self, rows: impl IntoIterator<Item = f64>) -> f64 {
        let mut fold = RowFold::new(self);
        for value in rows {
            fold.push(value);
        }
        fold.take()
    }

    /// The aggregate of `buckets`, values that this aggregation has made already, oldest first
    /// and NaN where missing. Counts are added. `None` where the buckets cannot tell: see
    /// [`is_foldable`](Self::is_foldable).
    pub fn of_buckets(self, buckets: impl IntoIterator<Item = f64>) -> Option<f64> {
        match self {
            Self::Sum | Self::Count => Some(Self::Sum.of_rows(buckets)),
            Self::Min | Self::Max | Self::Last => Some(self.of_rows(buckets)),
            Self::Mean | Self::Median => None,
        }
    }
}

impl Aggregation {
    /// An aggregate over buckets, to be fed one after the other. Counts are added; the mean of
    /// buckets stands in for a mean or a median of rows, which buckets cannot tell.
    pub const fn over_buckets(self) -> BucketFold {
        BucketFold {
            by: match self {
                Self::Count => Self::Sum,
                Self::Median => Self::Mean,
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

/// An aggregate of rows under way. The median alone keeps their values.
#[derive(Debug)]
pub(crate) struct RowFold {
    by: Aggregation,
    fold: Fold,
    /// The values of a median.
    kept: Vec<f64>,
}

impl RowFold {
    pub(crate) fn new(by: Aggregation) -> Self {
        Self {
            by,
            fold: Fold::EMPTY,
            kept: Vec::new(),
        }
    }

    /// Takes the value of the next row in; NaN changes nothing.
    pub(crate) fn push(&mut self, value: f64) {
        if self.by != Aggregation::Median {
            self.fold.push(self.by, value);
        } else if !value.is_nan() {
            self.kept.push(value);
        }
    }

    /// The aggregate so far, NaN of nothing; what comes next begins another.
    pub(crate) fn take(&mut self) -> f64 {
        if self.by == Aggregation::Median {
            let middle = median(&mut self.kept);
            self.kept.clear();
            return middle;
        }
        std::mem::replace(&mut self.fold, Fold::EMPTY).finish(self.by)
    }
}

/// The middle of `values`, which hold no NaN and are reordered; NaN of none.
fn median(values: &mut [f64]) -> f64 {
    let (len, half) = (values.len(), values.len() / 2);
    if len == 0 {
        return f64::NAN;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if len % 2 == 0 => lower.midpoint(upper),
        _ => upper,
    }
}

/// An aggregate under way, of what needs no memory of single values.
#[derive(Debug, Clone, Copy)]
struct Fold {
    count: u64,
    value: f64,
}

impl Fold {
    const EMPTY: Self = Self {
        count: 0,
        value: f64::NAN,
    };

    /// Takes one more value in; NaN changes nothing.
    fn push(&mut self, aggregation: Aggregation, value: f64) {
        if value.is_nan() {
            return;
        }
        self.count += 1;
        self.value = if self.count == 1 {
            value
        } else {
            match aggregation {
                Aggregation::Sum | Aggregation::Mean | Aggregation::Median => self.value + value,
                Aggregation::Count => self.value,
                Aggregation::Min => self.value.min(value),
                Aggregation::Max => self.value.max(value),
                Aggregation::Last => value,
            }
        };
    }

    fn finish(self, aggregation: Aggregation) -> f64 {
        if self.count == 0 {
            return f64::NAN;
        }
        // Counts beyond 2^53 would need more rows than any memory holds.
        let count = self.count as f64;
        match aggregation {
            Aggregation::Sum | Aggregation::Min | Aggregation::Max | Aggregation::Last => {
                self.value
            }
            Aggregation::Count => count,
            Aggregation::Mean | Aggregation::Median => self.value / count,
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

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn each_aggregation_of_three_rows_by_hand() {
        let rows = [3.0, NAN, 1.0, 5.0];
        let of = |aggregation: Aggregation| aggregation.of_rows(rows).to_string();
        assert_eq!(
            Aggregation::ALL.map(of),
            ["9", "3", "1", "5", "3", "3", "5"]
        );
    }

    #[test]
    fn the_median_is_the_middle_or_the_midpoint_of_the_two_in_the_middle() {
        let median = |rows: &[f64]| {
            let middle = Aggregation::Median.of_rows(rows.iter().copied());
            middle.to_string()
        };
        assert_eq!(median(&[7.0]), "7");
        assert_eq!(median(&[9.0, 1.0]), "5");
        assert_eq!(median(&[9.0, NAN, -1.0, 4.0, 9.0]), "6.5");
        assert_eq!(median(&[2.0, 2.0, 2.0, 100.0]), "2");
        // The sum of the two is beyond any number, their midpoint is not.
        assert_eq!(median(&[f64::MAX, f64::MAX]), f64::MAX.to_string());
    }

    #[test]
    fn nothing_aggregates_to_missing_even_as_a_count() {
        for aggregation in Aggregation::ALL {
            assert!(aggregation.of_rows([]).is_nan(), "{aggregation}");
            assert!(aggregation.of_rows([NAN, NAN]).is_nan(), "{aggregation}");
        }
    }

    #[test]
    fn counts_of_buckets_are_added_and_means_and_medians_cannot_tell() {
        assert_eq!(Aggregation::Count.of_buckets([2.0, NAN, 3.0]), Some(5.0));
        assert_eq!(Aggregation::Max.of_buckets([2.0, NAN, 3.0]), Some(3.0));
        assert_eq!(Aggregation::Last.of_buckets([2.0, 3.0, NAN]), Some(3.0));
        let cannot = [Aggregation::Mean, Aggregation::Median];
        for aggregation in Aggregation::ALL {
            let tells = !cannot.contains(&aggregation);
            assert_eq!(aggregation.is_foldable(), tells, "{aggregation}");
            assert_eq!(
                aggregation.of_buckets([2.0]).is_some(),
                tells,
                "{aggregation}"
            );
        }
    }

    #[test]
    fn over_buckets_a_mean_stands_in_for_what_they_cannot_tell() {
        let over = |aggregation: Aggregation| {
            let mut fold = aggregation.over_buckets();
            for bucket in [6.0, NAN, 1.0, 2.0] {
                fold.push(bucket);
            }
            fold.value().to_string()
        };
        assert_eq!(
            Aggregation::ALL.map(over),
            ["9", "9", "1", "6", "3", "3", "2"]
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
            "mode".parse::<Aggregation>().unwrap_err().to_string(),
            "`mode` is not an aggregation; allowed: SUM, COUNT, MIN, MAX, MEAN (or AVG), MEDIAN, LAST"
        );
    }
}
