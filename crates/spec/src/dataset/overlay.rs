//! One declaration over another.

use super::{DatasetDimension, DatasetMetric, DatasetSpec};

impl DatasetSpec {
    /// What is declared here, and, where nothing is, what `below` declares.
    ///
    /// Ignored columns are those of both. Dimensions and metrics are told apart by their names;
    /// of a metric that both declare, each setting is taken by itself.
    ///
    /// ```
    /// use tuatara_frame::{Aggregation, Granularity, Zone};
    /// use tuatara_spec::dataset::{DatasetMetric, DatasetSpec};
    ///
    /// let latency = DatasetMetric::new("latency");
    /// let file = DatasetSpec::new()
    ///     .with_granularity(Granularity::days())
    ///     .with_metric(latency.clone().with_min(0.0));
    /// let flags = DatasetSpec::new()
    ///     .with_zone(Zone::UTC)
    ///     .with_metric(latency.with_aggregation(Aggregation::Mean));
    /// assert_eq!(
    ///     flags.over(&file).to_string(),
    ///     "timezone UTC, granularity P1D; latency: aggregation MEAN, min 0"
    /// );
    /// ```
    #[must_use]
    pub fn over(self, below: &Self) -> Self {
        let mut metrics: Vec<DatasetMetric> = Vec::new();
        for metric in self.metrics {
            let same = below.metrics.iter().find(|m| m.name == metric.name);
            metrics.push(match same {
                Some(same) => metric.over(same),
                None => metric,
            });
        }
        let here: Vec<String> = metrics.iter().map(|m| m.name.clone()).collect();
        let rest = below.metrics.iter().filter(|m| !here.contains(&m.name));
        metrics.extend(rest.cloned());

        let mut dimensions: Vec<DatasetDimension> = below.dimensions.clone();
        for dimension in self.dimensions {
            match dimensions.iter_mut().find(|d| d.name == dimension.name) {
                Some(same) => same.column = dimension.column.or(same.column.take()),
                None => dimensions.push(dimension),
            }
        }

        let mut ignore = below.ignore.clone();
        ignore.extend(self.ignore);
        ignore.sort();
        ignore.dedup();

        Self {
            name: self.name.or_else(|| below.name.clone()),
            layout: self.layout.or(below.layout),
            delimiter: self.delimiter.or(below.delimiter),
            time_column: self.time_column.or_else(|| below.time_column.clone()),
            time_unit: self.time_unit.or(below.time_unit),
            start: self.start.or(below.start),
            zone: self.zone.or(below.zone),
            granularity: self.granularity.or(below.granularity),
            in_order: self.in_order || below.in_order,
            ignore,
            dimensions,
            file_dimension: self.file_dimension.or_else(|| below.file_dimension.clone()),
            completeness_delay: self.completeness_delay.or(below.completeness_delay),
            metrics,
        }
    }
}

impl DatasetMetric {
    fn over(self, below: &Self) -> Self {
        Self {
            name: self.name,
            column: self.column.or_else(|| below.column.clone()),
            aggregation: self.aggregation.or(below.aggregation),
            min: self.min.or(below.min),
            max: self.max.or(below.max),
            missing: self.missing.or(below.missing),
        }
    }
}
