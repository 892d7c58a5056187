//! What a detector says of one bucket.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The side of the expectation on which a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Above what was expected.
    Up,
    /// Below what was expected.
    Down,
    /// Anomalous without a side: a shape, a freshness, a pattern.
    Neither,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Neither => "neither",
        })
    }
}

/// The sides on which a deviation counts: the `pattern` of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pattern {
    /// Only values above the expectation count.
    #[serde(alias = "ABOVE", alias = "ABOVE_EXPECTED", alias = "SPIKE")]
    Up,
    /// Only values below the expectation count.
    #[serde(alias = "BELOW", alias = "BELOW_EXPECTED", alias = "DROP")]
    Down,
    /// Both sides count.
    #[default]
    #[serde(alias = "BOTH", alias = "BOTH_EXPECTED")]
    UpOrDown,
}

impl Pattern {
    /// Whether values above the expectation count.
    pub const fn admits_up(self) -> bool {
        matches!(self, Self::Up | Self::UpOrDown)
    }

    /// Whether values below the expectation count.
    pub const fn admits_down(self) -> bool {
        matches!(self, Self::Down | Self::UpOrDown)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "UP",
            Self::Down => "DOWN",
            Self::UpOrDown => "UP_OR_DOWN",
        })
    }
}

/// What a detector says of one bucket. Bad data gives a verdict, never an error.
///
/// Where several hold, the first of this order is given: `Incomplete`, `Missing`, `OutOfRange`,
/// `WarmingUp`, `NoBaseline`, then `Normal` or `Anomalous`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// Inside the band, its edges included.
    Normal,
    /// Outside the band.
    Anomalous(Direction),
    /// No value was observed in the bucket.
    Missing,
    /// The bucket is still filling.
    Incomplete,
    /// The history is long enough, but what the expectation is made of is missing.
    NoBaseline,
    /// The history does not reach back far enough yet.
    WarmingUp {
        /// Buckets of history there are, from the first value within the lookback.
        have: u32,
        /// Buckets of history the first expectation needs.
        need: u32,
    },
    /// The value lies outside the range declared for the metric, so it is not a measurement.
    OutOfRange,
}

impl Verdict {
    /// Whether the bucket is anomalous.
    pub const fn is_anomalous(self) -> bool {
        matches!(self, Self::Anomalous(_))
    }

    /// The word used in files: `normal`, `anomaly_up`, `anomaly_down`, `anomaly`, `missing`,
    /// `incomplete`, `no_baseline`, `warming_up` or `out_of_range`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Anomalous(Direction::Up) => "anomaly_up",
            Self::Anomalous(Direction::Down) => "anomaly_down",
            Self::Anomalous(Direction::Neither) => "anomaly",
            Self::Missing => "missing",
            Self::Incomplete => "incomplete",
            Self::NoBaseline => "no_baseline",
            Self::WarmingUp { .. } => "warming_up",
            Self::OutOfRange => "out_of_range",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WarmingUp { have, need } => write!(f, "warming_up ({have} of {need})"),
            other => f.write_str(other.as_str()),
        }
    }
}
