//! What flags declare of the data: a dataset file of their own, above the one beside the data.

use tuatara::spec::dataset::{DatasetDimension, DatasetMetric, DatasetSpec};

use crate::args::Columns;

/// What the flags declare of a dataset; those that have no name beside them are about the metrics
/// `judged`. Those `elsewhere` are read of another dataset of the specification.
pub(super) fn by_flags(columns: &Columns, judged: &[&str], elsewhere: &[String]) -> DatasetSpec {
    let mut declared = DatasetSpec::new();
    if let Some(layout) = columns.layout {
        declared = declared.with_layout(layout);
    }
    if let Some(delimiter) = columns.delimiter {
        declared = declared.with_delimiter(delimiter);
    }
    if let Some(time) = &columns.time {
        declared = declared.with_time_column(time);
    }
    if let Some(unit) = columns.time_unit {
        declared = declared.with_time_unit(unit);
    }
    if let Some(start) = columns.start {
        declared = declared.with_start(start);
    }
    if let Some(zone) = columns.tz {
        declared = declared.with_zone(zone);
    }
    if let Some(granularity) = columns.granularity {
        declared = declared.with_granularity(granularity);
    }
    if columns.in_order {
        declared = declared.in_order();
    }
    for column in &columns.ignore {
        declared = declared.with_ignored(column);
    }
    for (name, column) in &columns.dimension {
        let dimension = DatasetDimension::new(name);
        declared = declared.with_dimension(match column {
            Some(column) => dimension.with_column(column),
            None => dimension,
        });
    }
    if let Some(name) = &columns.file_dimension {
        declared = declared.with_file_dimension(name);
    }
    if let Some(delay) = columns.completeness_delay {
        declared = declared.with_completeness_delay(delay);
    }
    for (name, column) in &columns.metric {
        if !judged.contains(&name.as_str()) && !elsewhere.contains(name) {
            let metric = DatasetMetric::new(name);
            declared = declared.with_metric(match column {
                Some(column) => metric.with_column(column),
                None => metric,
            });
        }
    }
    let metrics = judged.iter().filter_map(|name| metric(columns, name));
    metrics.fold(declared, DatasetSpec::with_metric)
}

/// The metric that is judged, if a flag is about it.
fn metric(columns: &Columns, judged: &str) -> Option<DatasetMetric> {
    let nothing = DatasetMetric::new(judged);
    let mut metric = nothing.clone();
    if let Some((_, Some(column))) = columns.metric.iter().rfind(|(name, _)| name == judged) {
        metric = metric.with_column(column);
    }
    if let Some(aggregation) = columns.aggregation {
        metric = metric.with_aggregation(aggregation);
    }
    if let Some(min) = columns.min {
        metric = metric.with_min(min);
    }
    if let Some(max) = columns.max {
        metric = metric.with_max(max);
    }
    if let Some(missing) = columns.missing {
        metric = metric.with_missing(missing);
    }
    (metric != nothing).then_some(metric)
}
