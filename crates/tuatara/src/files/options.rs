//! From what is declared and what is needed to what the readers are told.

use tuatara_frame::files::ReadOptions;
use tuatara_frame::{Metric, Zone};
use tuatara_spec::dataset::DatasetSpec;

use crate::{Error, Result};

/// Everything that is declared, and `metrics` and `dimensions` where they are not.
pub(super) fn of(
    declared: &DatasetSpec,
    needed: &[String],
    dimensions: &[String],
) -> Result<ReadOptions> {
    let mut options = ReadOptions::new();
    if let Some(name) = declared.name() {
        options = options.name(name);
    }
    if let Some(layout) = declared.layout() {
        options = options.layout(layout);
    }
    if let Some(delimiter) = declared.delimiter() {
        options = options.delimiter(delimiter);
    }
    if let Some(column) = declared.time_column() {
        options = options.time(column);
    }
    if let Some(unit) = declared.time_unit() {
        options = options.time_unit(unit);
    }
    if let Some(start) = declared.start() {
        let zone = declared.zone().unwrap_or(Zone::UTC);
        let instant = start.in_zone(zone);
        options = options.start(instant.ok_or(Error::StartRange { start })?);
    }
    if let Some(zone) = declared.zone() {
        options = options.zone(zone);
    }
    if let Some(granularity) = declared.granularity() {
        options = options.granularity(granularity);
    }
    if declared.is_in_order() {
        options = options.in_order();
    }
    for column in declared.ignored() {
        options = options.ignore(column);
    }
    if let Some(name) = declared.file_dimension() {
        options = options.file_dimension(name);
    }
    if let Some(delay) = declared.completeness_delay() {
        options = options.completeness_delay(delay);
    }
    options = metrics(options, declared, needed)?;
    Ok(with_dimensions(options, declared, dimensions))
}

fn metrics(
    mut options: ReadOptions,
    declared: &DatasetSpec,
    needed: &[String],
) -> Result<ReadOptions> {
    let is_declared = |name: &&String| declared.metrics().iter().any(|m| m.name() == **name);
    for name in needed.iter().filter(|name| !is_declared(name)) {
        options = options.metric(Metric::new(name));
    }
    for metric in declared.metrics() {
        options = match metric.column() {
            Some(column) => options.metric_from(metric.metric()?, column),
            None => options.metric(metric.metric()?),
        };
    }
    Ok(options)
}

fn with_dimensions(
    mut options: ReadOptions,
    declared: &DatasetSpec,
    needed: &[String],
) -> ReadOptions {
    let mut names: Vec<&str> = declared.file_dimension().into_iter().collect();
    for dimension in declared.dimensions() {
        names.push(dimension.name());
        options = match dimension.column() {
            Some(column) => options.dimension_from(dimension.name(), column),
            None => options.dimension(dimension.name()),
        };
    }
    for name in needed {
        if !names.contains(&name.as_str()) {
            names.push(name);
            options = options.dimension(name);
        }
    }
    options
}
