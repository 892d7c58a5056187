//! Forms of what is written.

use std::fmt;

use clap::ValueEnum;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines for people
    Table,
    /// One document
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Rows {
    /// Every bucket of the grid, in order of slice, rule and time
    Grid,
    /// Every row of the file, in its order; rows of one bucket share a verdict
    Input,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PointsFormat {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object a line
    Ndjson,
    /// One JSON document
    Json,
}

/// Whose names the columns of points get.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// ds, y, yhat, yhat_lower, yhat_upper
    Prophet,
    /// timestamp, for, y, yhat, yhat_lower, yhat_upper, anomaly_score
    Vmanomaly,
    /// As ML.DETECT_ANOMALIES writes them
    Bigquery,
    /// As DETECT_ANOMALIES writes them
    Snowflake,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prophet => "prophet",
            Self::Vmanomaly => "vmanomaly",
            Self::Bigquery => "bigquery",
            Self::Snowflake => "snowflake",
        })
    }
}

/// Form of figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FigureFormat {
    /// Lines for people
    Table,
    /// One document
    Json,
    /// Comma-separated values with a header
    Csv,
}
