//! The names that other programs give to the columns of points, and what we have for them.
//!
//! Names and order are those of the tables they make; a column that we compute nothing for is there
//! and empty. Sources: Prophet, "Quick start" and `Prophet.predict`; vmanomaly, "Models", section on
//! output, and "Writer"; BigQuery ML, reference of `ML.DETECT_ANOMALIES`, output of time series
//! models; Snowflake, reference of `ANOMALY_DETECTION!DETECT_ANOMALIES`, output.

use super::cell::Cell;
use super::point::{Field, Point, is_anomaly};
use crate::args::Profile;

/// Prophet refuses times with a zone; it has no column for several series, `series` is ours.
const PROPHET: [Field; 6] = [
    ("ds", civil),
    ("y", value),
    ("yhat", expected),
    ("yhat_lower", lower),
    ("yhat_upper", upper),
    ("series", series),
];

/// A label `for` names the query; the others are metrics.
const VMANOMALY: [Field; 7] = [
    ("timestamp", stamp),
    ("for", series),
    ("y", value),
    ("yhat", expected),
    ("yhat_lower", lower),
    ("yhat_upper", upper),
    ("anomaly_score", score),
];

/// The first three carry the names of the user's own columns there.
const BIGQUERY: [Field; 7] = [
    ("series", series),
    ("timestamp", stamp),
    ("value", value),
    ("is_anomaly", is_anomaly),
    ("lower_bound", lower),
    ("upper_bound", upper),
    ("anomaly_probability", nothing),
];

/// Its times have no zone. A percentile and a distance in deviations are not computed here.
const SNOWFLAKE: [Field; 9] = [
    ("SERIES", series),
    ("TS", civil),
    ("Y", value),
    ("FORECAST", expected),
    ("LOWER_BOUND", lower),
    ("UPPER_BOUND", upper),
    ("IS_ANOMALY", is_anomaly),
    ("PERCENTILE", nothing),
    ("DISTANCE", nothing),
];

pub(crate) fn fields_of(profile: Profile) -> &'static [Field] {
    match profile {
        Profile::Prophet => &PROPHET,
        Profile::Vmanomaly => &VMANOMALY,
        Profile::Bigquery => &BIGQUERY,
        Profile::Snowflake => &SNOWFLAKE,
    }
}

fn series<'r>(point: &'r Point<'_>) -> Cell<'r> {
    Cell::Text(&point.place.series)
}

fn stamp<'r>(point: &'r Point<'_>) -> Cell<'r> {
    Cell::said(point.stamp)
}

/// UTC without saying so: `2026-03-01 10:00:00`.
fn civil<'r>(point: &'r Point<'_>) -> Cell<'r> {
    let text = point.stamp.to_string();
    Cell::Said(text.trim_end_matches('Z').replacen('T', " ", 1))
}

fn value<'r>(point: &'r Point<'_>) -> Cell<'r> {
    Cell::Number(point.row.observed)
}

fn expected<'r>(point: &'r Point<'_>) -> Cell<'r> {
    Cell::Number(point.row.expected)
}

fn lower<'r>(point: &'r Point<'_>) -> Cell<'r> {
    Cell::Number(point.row.lower)
}

fn upper<'r>(point: &'r Point<'_>) -> Cell<'r> {
    Cell::Number(point.row.upper)
}

fn score<'r>(point: &'r Point<'_>) -> Cell<'r> {
    Cell::Number(point.row.score)
}

fn nothing<'r>(_: &'r Point<'_>) -> Cell<'r> {
    Cell::Nothing
}
