//! A long table in memory: one row per stamp and combination of dimension values.

mod builder;
mod serve;

use std::sync::OnceLock;

pub use builder::FrameBuilder;

use crate::{
    Duration, Exploration, FrameError, Granularity, Instant, Interval, Metric, Missing, SliceKey,
    StableHash, Zone,
};

/// A table with a time, any number of dimensions and at least one metric per row.
///
/// Rows stay in the order of the input. Dimension values are kept once each, and rows are indexed
/// by their combination of values, so that serving a slice touches its own rows alone. As a
/// [`Source`](crate::Source) it answers for slices on any grid that is not finer than the data.
///
/// ```
/// use tuatara_frame::{Exploration, Frame, Metric, SliceKey, Source};
///
/// let mut rows = Frame::builder("shop", [Metric::new("revenue")]).dimensions(["country"]);
/// for (day, country, revenue) in [(1, "US", 10.0), (1, "CA", 1.0), (2, "US", 12.0), (2, "CA", 2.0)] {
///     let at = format!("2024-05-0{day}T00:00:00Z").parse()?;
///     rows.row(at, &[country], &[revenue])?;
/// }
/// let shop = rows.build()?;
///
/// let profile = shop.profile("revenue")?;
/// assert_eq!(profile.extent.duration().to_string(), "P2D");
/// assert_eq!(shop.aggregate(&SliceKey::new("revenue").with("country", "CA"), profile.extent)?, 3.0);
///
/// let by_country = Exploration { dimensions: vec!["country".into()], ..Exploration::of("revenue") };
/// let names: Vec<_> = shop.explore(&by_country)?.iter().map(ToString::to_string).collect();
/// assert_eq!(names, ["revenue{country=CA}", "revenue{country=US}"]);
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Frame {
    name: String,
    zone: Zone,
    granularity: Granularity,
    completeness_delay: Duration,
    evidence: String,
    metrics: Vec<Metric>,
    dimensions: Vec<Dimension>,
    times: Vec<Instant>,
    /// One column for each metric.
    columns: Vec<Vec<f64>>,
    /// The combination of each row.
    combination_of: Vec<u32>,
    combinations: Combinations,
    /// `None` without rows.
    extent: Option<Interval>,
    notes: Vec<String>,
    fingerprint: OnceLock<u128>,
}

#[derive(Debug, Clone)]
struct Dimension {
    name: String,
    /// The distinct values in order of first appearance; their places are their codes.
    values: Vec<String>,
    /// The codes in order of their values, to find one.
    by_value: Vec<u32>,
    /// For each code, the combinations that have it, in order.
    combinations: Vec<Vec<u32>>,
}

/// The distinct combinations of dimension values, each with its rows.
#[derive(Debug, Clone)]
struct Combinations {
    /// How many codes each combination has: the number of dimensions.
    width: usize,
    /// The codes of all combinations, one after the other.
    codes: Vec<u32>,
    /// `rows[starts[c]..starts[c + 1]]` are the rows of combination `c`.
    starts: Vec<usize>,
    /// Numbers of rows, within a combination in order of time, then of input.
    rows: Vec<usize>,
}

impl Combinations {
    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn codes(&self, combination: u32) -> &[u32] {
        let start = combination as usize * self.width;
        &self.codes[start..start + self.width]
    }

    fn rows(&self, combination: u32) -> &[usize] {
        let combination = combination as usize;
        &self.rows[self.starts[combination]..self.starts[combination + 1]]
    }
}

impl Frame {
    /// A frame to be filled row by row: a name for messages, and at least one metric.
    pub fn builder(name: &str, metrics: impl IntoIterator<Item = Metric>) -> FrameBuilder {
        FrameBuilder::new(name, metrics)
    }

    /// The name of the dataset.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The zone of the dataset's local dates.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The native granularity, given or inferred.
    pub fn granularity(&self) -> Granularity {
        self.granularity
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// The metrics, in the order in which they were named.
    pub fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    /// The names of the dimensions, in the order in which they were named.
    pub fn dimension_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.dimensions
            .iter()
            .map(|dimension| dimension.name.as_str())
    }

    /// The stamp of a row.
    ///
    /// # Panics
    /// When `row` is not below [`len`](Self::len).
    pub fn time(&self, row: usize) -> Instant {
        self.times[row]
    }

    /// The value of dimension number `dimension` in a row.
    ///
    /// # Panics
    /// When there is no such row or dimension.
    pub fn dimension(&self, row: usize, dimension: usize) -> &str {
        let code = self.combinations.codes(self.combination_of[row])[dimension];
        &self.dimensions[dimension].values[code as usize]
    }

    /// The value of metric number `metric` in a row as it came in: NaN where missing, infinite
    /// where the input was.
    ///
    /// # Panics
    /// When there is no such row or metric.
    pub fn value(&self, row: usize, metric: usize) -> f64 {
        self.columns[metric][row]
    }

    /// The same rows with other values of metric number `metric`: one for each row, in the order of
    /// the input, NaN where missing. What would have been, had the metric behaved otherwise.
    ///
    /// # Panics
    /// When there is no such metric, or not one value for each row.
    #[must_use]
    pub fn with_values(&self, metric: usize, values: Vec<f64>) -> Self {
        assert_eq!(values.len(), self.len(), "one value for each row");
        let mut frame = self.clone();
        frame.columns[metric] = values;
        frame.fingerprint = OnceLock::new();
        frame
    }

    /// What a person should know about how the data were read, one sentence each.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The slice of `exploration` that a row belongs to; `None` if a filter leaves the row out.
    ///
    /// # Errors
    /// Those of [`explore`](crate::Source::explore).
    ///
    /// # Panics
    /// When `row` is not below [`len`](Self::len).
    pub fn slice_of_row(
        &self,
        row: usize,
        exploration: &Exploration,
    ) -> Result<Option<SliceKey>, FrameError> {
        let explored = self.explored(exploration)?;
        let combination = self.combination_of[row];
        let kept = explored.combinations.binary_search(&combination).is_ok();
        Ok(kept.then(|| explored.key(self, combination)))
    }

    /// The slices of `exploration` in order, and for each row of the input the place of its slice
    /// among them; `None` where a filter leaves the row out.
    ///
    /// # Errors
    /// Those of [`explore`](crate::Source::explore).
    pub fn slices_by_row(
        &self,
        exploration: &Exploration,
    ) -> Result<(Vec<SliceKey>, Vec<Option<usize>>), FrameError> {
        let explored = self.explored(exploration)?;
        let keys = explored.keys(self);
        let mut place = vec![None; self.combinations.len()];
        for &combination in &explored.combinations {
            let key = explored.key(self, combination);
            place[combination as usize] = keys.binary_search(&key).ok();
        }
        let by_row = self
            .combination_of
            .iter()
            .map(|&c| place[c as usize])
            .collect();
        Ok((keys, by_row))
    }

    fn compute_fingerprint(&self) -> u128 {
        let mut hash = StableHash::new();
        let count = |hash: &mut StableHash, n: usize| hash.write_str(&n.to_string());
        hash.write_str("frame 1");
        hash.write_str(self.zone.name());
        hash.write_str(&self.granularity.to_string());
        if self.completeness_delay != Duration::ZERO {
            hash.write_str("late");
            hash.write_i64(self.completeness_delay.millis());
        }
        // Where the grid lies: its anchor and phase are not in the text.
        if let Some(extent) = self.extent {
            hash.write_i64(extent.start().millis());
            hash.write_i64(extent.end().millis());
        }
        count(&mut hash, self.metrics.len());
        for metric in &self.metrics {
            hash.write_str(metric.name());
            hash.write_str(metric.aggregation().name());
            hash.write_f64(metric.range().map_or(f64::NAN, |range| range.min()));
            hash.write_f64(metric.range().map_or(f64::NAN, |range| range.max()));
            if metric.missing() != Missing::Leave {
                hash.write_str(&metric.missing().to_string());
            }
        }
        count(&mut hash, self.dimensions.len());
        for dimension in &self.dimensions {
            hash.write_str(&dimension.name);
        }
        count(&mut hash, self.combinations.len());
        for combination in 0..self.combinations.len() {
            for (d, dimension) in self.dimensions.iter().enumerate() {
                let code = self.combinations.codes[combination * self.dimensions.len() + d];
                hash.write_str(&dimension.values[code as usize]);
            }
        }
        count(&mut hash, self.len());
        for row in 0..self.len() {
            hash.write_i64(self.times[row].millis());
            hash.write_i64(i64::from(self.combination_of[row]));
            for column in &self.columns {
                hash.write_f64(column[row]);
            }
        }
        hash.finish()
    }
}
