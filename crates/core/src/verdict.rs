//! What a detector says of one bucket.

use std::fmt;

use serde::de::{self, EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

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
///
/// Read as `UP`, `DOWN` or `UP_OR_DOWN`, or in the words of other tools: `ABOVE`, `SPIKE`,
/// `BELOW`, `DROP`, `BOTH` and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Pattern {
    /// Only values above the expectation count.
    Up,
    /// Only values below the expectation count.
    Down,
    /// Both sides count.
    #[default]
    UpOrDown,
}

/// The words for a pattern; the canonical ones first, as messages list them in this order.
const PATTERNS: [(&str, Pattern); 10] = [
    ("UP", Pattern::Up),
    ("DOWN", Pattern::Down),
    ("UP_OR_DOWN", Pattern::UpOrDown),
    ("ABOVE", Pattern::Up),
    ("ABOVE_EXPECTED", Pattern::Up),
    ("SPIKE", Pattern::Up),
    ("BELOW", Pattern::Down),
    ("BELOW_EXPECTED", Pattern::Down),
    ("DROP", Pattern::Down),
    ("BOTH", Pattern::UpOrDown),
];

const PATTERN_WORDS: [&str; PATTERNS.len()] = {
    let mut words = [""; PATTERNS.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = PATTERNS[i].0;
        i += 1;
    }
    words
};

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("Pattern", &PATTERN_WORDS, PatternVisitor)
    }
}

struct PatternVisitor;

impl<'de> Visitor<'de> for PatternVisitor {
    type Value = Pattern;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UP, DOWN or UP_OR_DOWN")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Pattern, A::Error> {
        let (word, variant) = access.variant::<String>()?;
        variant.unit_variant()?;
        let known = PATTERNS.iter().find(|(known, _)| *known == word);
        known
            .map(|(_, pattern)| *pattern)
            .ok_or_else(|| de::Error::unknown_variant(&word, &PATTERN_WORDS))
    }
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
/// Where several hold, the first of this order is given: `Incomplete`, `Inactive`, `Missing`,
/// `OutOfRange`, `WarmingUp`, `NoBaseline`, then `Normal` or `Anomalous`. No detector says
/// `Inactive`: that is decided for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// Inside the band, its edges included.
    Normal,
    /// Outside the band.
    Anomalous(Direction),
    /// No value was observed in the bucket.
    Missing,
    /// The bucket may still get rows.
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
    /// The slice is not watched on the day of the bucket: a [ranking](crate::Ranking) of what it did
    /// before has left it out.
    Inactive,
}

impl Verdict {
    /// Whether the bucket is anomalous.
    pub const fn is_anomalous(self) -> bool {
        matches!(self, Self::Anomalous(_))
    }

    /// The word used in files: `normal`, `anomaly_up`, `anomaly_down`, `anomaly`, `missing`,
    /// `incomplete`, `no_baseline`, `warming_up`, `out_of_range` or `inactive`.
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
            Self::Inactive => "inactive",
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
