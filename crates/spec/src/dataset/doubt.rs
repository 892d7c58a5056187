//! Settings that exclude each other, and those that are probably not meant together.

use tuatara_frame::files::{Layout, TimeUnit};
use tuatara_frame::{Aggregation, Missing};

use super::{DatasetMetric, DatasetSpec};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields, Said};
use crate::{Code, Diagnostic};

const RESPONSE: &str = "the format of a Prometheus response says it";
const STEPS: &str = "the columns after the first are the steps";

/// What is to be said of a file without errors.
pub(super) fn doubt(said: &mut Said, fields: &Fields<'_>, spec: &DatasetSpec) {
    columns(said, fields, spec);
    one_metric(said, fields, spec);
    unfit(said, fields, spec);
    counters(said, fields, spec);
}

/// Columns that are read and ignored, or read as the time and as something else.
fn columns(said: &mut Said, fields: &Fields<'_>, spec: &DatasetSpec) {
    let metrics = spec
        .metrics
        .iter()
        .map(|m| (m.column(), m.name(), "metric"));
    let dimensions = spec
        .dimensions
        .iter()
        .map(|d| (d.column(), d.name(), "dimension"));
    for (column, name, what) in metrics.chain(dimensions) {
        let column = column.unwrap_or(name);
        if let Some((_, node)) = fields.get("timeColumn")
            && spec.time_column() == Some(column)
        {
            let message = format!(
                "column {} is the time and {what} {}",
                quote(column),
                quote(name)
            );
            said.say(
                Diagnostic::error(Code::Conflict, node.span, message)
                    .allowed("a column for the time alone")
                    .remedy(format!(
                        "name the column of {} under `column:`",
                        quote(name)
                    )),
            );
        }
        if spec.ignored().iter().any(|ignored| ignored == column) {
            ignored(said, fields, column, &format!("{what} {}", quote(name)));
        }
    }
    if let Some(time) = spec.time_column()
        && spec.ignored().iter().any(|ignored| ignored == time)
    {
        ignored(said, fields, time, "the time");
    }
}

fn ignored(said: &mut Said, fields: &Fields<'_>, column: &str, role: &str) {
    let Some((_, node)) = fields.get("ignore") else {
        return;
    };
    let item = crate::fields::items(node)
        .iter()
        .find(|item| item.as_text() == Some(column));
    let message = format!("column {} is ignored, and read as {role}", quote(column));
    said.say(
        Diagnostic::error(Code::Conflict, item.unwrap_or(node).span, message)
            .allowed("columns that are not read")
            .remedy("delete it here, or what reads it"),
    );
}

/// Layouts of which every cell is a value of the same metric.
fn one_metric(said: &mut Said, fields: &Fields<'_>, spec: &DatasetSpec) {
    let layout = match spec.layout {
        Some(Layout::Wide) => "wide",
        Some(Layout::Series) => "series",
        _ => return,
    };
    let Some(entry) = fields.get("metrics") else {
        return;
    };
    if spec.metrics.len() > 1 {
        let message = format!(
            "a file of layout {layout} has one metric, and {} are declared",
            spec.metrics.len()
        );
        said.say(
            Diagnostic::error(Code::Conflict, entry.0.span, message)
                .allowed("one metric: its series are told apart by the dimension `series`")
                .remedy("keep one, or write the file in the layout long"),
        );
    }
    if let Some(metric) = spec.metrics.iter().find(|m| m.column().is_some()) {
        let what = format!("`column` of {}", quote(metric.name()));
        refuse(said, entry, &what, layout, "every column of values is read");
    }
}

/// Settings of other layouts.
fn unfit(said: &mut Said, fields: &Fields<'_>, spec: &DatasetSpec) {
    let Some(layout) = spec.layout else {
        return;
    };
    let seconds = spec.time_unit == Some(TimeUnit::Seconds);
    let rows = spec.time_unit == Some(TimeUnit::Rows);
    let (keys, why): (&[&str], &str) = match layout {
        Layout::Prometheus if seconds => (&["delimiter", "timeColumn"], RESPONSE),
        Layout::Prometheus => (&["delimiter", "timeColumn", "timeUnit"], RESPONSE),
        Layout::Ndjson => (&["delimiter"], "lines of JSON have keys, not cells"),
        Layout::Series if rows => (&["timeColumn"], STEPS),
        Layout::Series => (&["timeColumn", "timeUnit"], STEPS),
        _ => return,
    };
    for key in keys {
        if let Some(entry) = fields.get(key) {
            refuse(said, entry, &quote(key), layout.name(), why);
        }
    }
}

fn refuse(said: &mut Said, entry: Entry<'_>, what: &str, layout: &str, why: &str) {
    let message = format!("{what} does not go with `layout: {layout}`: {why}");
    said.say(
        Diagnostic::error(Code::Conflict, entry.0.span, message)
            .allowed("settings that the layout has a use for")
            .remedy("delete it, or correct the layout"),
    );
}

/// Row counters, and what goes with them alone.
fn counters(said: &mut Said, fields: &Fields<'_>, spec: &DatasetSpec) {
    let rows = spec.time_unit == Some(TimeUnit::Rows);
    let counts = rows || spec.layout == Some(Layout::Series);
    if let Some((key, _)) = fields.get("start").filter(|_| !counts) {
        let message = "`start` is for row counters, and nothing says that rows are counted";
        said.say(
            Diagnostic::warning(Code::RiskyPair, key.span, message)
                .remedy("add `timeUnit: rows`, or delete it: stamps say when they are"),
        );
    }
    let what = fields.get(if rows { "timeUnit" } else { "layout" });
    if let Some((key, node)) = what.filter(|_| counts && spec.granularity.is_none()) {
        let message = format!(
            "`{}: {}` counts steps, and no `granularity` says how long one is",
            key.text,
            node.as_text().unwrap_or_default()
        );
        said.say(
            Diagnostic::warning(Code::RiskyPair, node.span, message)
                .remedy("add `granularity:` with the time between two rows, such as PT1H"),
        );
    }
}

/// Policies for missing buckets that make up values of another kind.
pub(super) fn doubt_metric(said: &mut Said, fields: &Fields<'_>, metric: &DatasetMetric) {
    let (Some(missing), Some((_, node))) = (metric.missing, fields.get("missing")) else {
        return;
    };
    let mut warn = |message: String, remedy: &str| {
        let warning = Diagnostic::warning(Code::RiskyPair, node.span, message);
        said.say(warning.remedy(remedy));
    };
    let adds = matches!(
        metric.aggregation,
        Some(Aggregation::Sum | Aggregation::Count)
    );
    match missing {
        Missing::Zero if metric.min.is_some_and(|min| min > 0.0) => warn(
            "an empty bucket becomes 0, which lies below `min`".to_owned(),
            "lower `min` to 0, or write `missing: LEAVE`",
        ),
        Missing::Zero if metric.max.is_some_and(|max| max < 0.0) => warn(
            "an empty bucket becomes 0, which lies above `max`".to_owned(),
            "raise `max` to 0, or write `missing: LEAVE`",
        ),
        Missing::Zero if !adds && metric.aggregation.is_some() => warn(
            format!(
                "an empty bucket becomes 0, but {} of nothing is not 0",
                metric.aggregation.unwrap_or_default()
            ),
            "ZERO is for sums and counts of events; write LEAVE, CARRY or INTERPOLATE",
        ),
        Missing::Carry { .. } if adds => warn(
            format!(
                "an empty bucket repeats the one before, whose {} counts the same rows again",
                metric.aggregation.unwrap_or_default()
            ),
            "CARRY is for levels such as LAST or MEAN; write ZERO or LEAVE",
        ),
        _ => {}
    }
}
