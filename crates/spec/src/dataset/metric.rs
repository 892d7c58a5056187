//! A metric and a dimension of a dataset, as declared.

use tuatara_frame::{Aggregation, FrameError, Metric, Missing, ValueRange};

/// A metric: its name, the column it stands in, and what its numbers mean.
#[derive(Debug, Clone, PartialEq)]
pub struct DatasetMetric {
    pub(super) name: String,
    pub(super) column: Option<String>,
    pub(super) aggregation: Option<Aggregation>,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    pub(super) missing: Option<Missing>,
}

impl DatasetMetric {
    /// A metric of which nothing but the name is declared.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            column: None,
            aggregation: None,
            min: None,
            max: None,
            missing: None,
        }
    }

    /// Declares the column, where it is called otherwise.
    #[must_use]
    pub fn with_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// Declares how the values of many rows become the value of one bucket.
    #[must_use]
    pub fn with_aggregation(mut self, aggregation: Aggregation) -> Self {
        self.aggregation = Some(aggregation);
        self
    }

    /// Declares the smallest value the metric can take at all.
    #[must_use]
    pub fn with_min(mut self, min: f64) -> Self {
        self.min = Some(min);
        self
    }

    /// Declares the largest value the metric can take at all.
    #[must_use]
    pub fn with_max(mut self, max: f64) -> Self {
        self.max = Some(max);
        self
    }

    /// Declares what becomes of buckets without a value.
    #[must_use]
    pub fn with_missing(mut self, missing: Missing) -> Self {
        self.missing = Some(missing);
        self
    }

    /// `name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `column`; none where it is called like the metric.
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }

    /// `aggregation`.
    pub fn aggregation(&self) -> Option<Aggregation> {
        self.aggregation
    }

    /// `min`: the smallest possible value.
    pub fn min(&self) -> Option<f64> {
        self.min
    }

    /// `max`: the largest possible value.
    pub fn max(&self) -> Option<f64> {
        self.max
    }

    /// `missing` with its `missingLimit`.
    pub fn missing(&self) -> Option<Missing> {
        self.missing
    }

    /// The metric for a table: defaults take the place of what is not declared, and an end of the
    /// range that is not declared is infinite.
    ///
    /// # Errors
    /// [`FrameError::BadRange`] when the smallest value is above the largest.
    pub fn metric(&self) -> Result<Metric, FrameError> {
        let mut metric = Metric::new(&self.name);
        if let Some(aggregation) = self.aggregation {
            metric = metric.with_aggregation(aggregation);
        }
        if self.min.is_some() || self.max.is_some() {
            let min = self.min.unwrap_or(f64::NEG_INFINITY);
            let max = self.max.unwrap_or(f64::INFINITY);
            metric = metric.with_range(ValueRange::new(min, max)?);
        }
        if let Some(missing) = self.missing {
            metric = metric.with_missing(missing);
        }
        Ok(metric)
    }
}

/// A dimension: its name, and the column it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetDimension {
    pub(super) name: String,
    pub(super) column: Option<String>,
}

impl DatasetDimension {
    /// A dimension in the column of the same name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            column: None,
        }
    }

    /// Declares the column, where it is called otherwise.
    #[must_use]
    pub fn with_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// `name`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `column`; none where it is called like the dimension.
    pub fn column(&self) -> Option<&str> {
        self.column.as_deref()
    }
}
