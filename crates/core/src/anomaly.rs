//! An anomaly: an interval with its evidence.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use tuatara_frame::{Instant, Interval, SliceKey, StableHash};

use crate::{Direction, Judgement, Label, Suppression, exact};

/// Name of an anomaly for life: a frozen 128-bit hash of detection name, rule, slice and the start
/// of its first flagged bucket. Its text form is 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnomalyId(u128);

impl AnomalyId {
    /// The id of the anomaly that `rule` of `detection` opened on `slice` in the bucket that
    /// starts at `start`.
    pub fn new(detection: &str, rule: &str, slice: &SliceKey, start: Instant) -> Self {
        let mut hash = StableHash::new();
        hash.write_str(detection);
        hash.write_str(rule);
        hash.write_str(&slice.to_string());
        hash.write_i64(start.millis());
        Self(hash.finish())
    }
}

impl fmt::Display for AnomalyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for AnomalyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for AnomalyId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

impl Serialize for AnomalyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AnomalyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// How much an anomaly matters, set by a labeler.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// No labeler spoke.
    #[default]
    Default,
    /// Worth knowing.
    Low,
    /// Worth a look today.
    Medium,
    /// Worth a look now.
    High,
    /// Worth waking somebody.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        })
    }
}

/// Whether an anomaly can still grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// What follows may still join it.
    Open,
    /// Nothing more can join it.
    Closed,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Closed => "closed",
        })
    }
}

/// The bucket with the highest score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Peak {
    /// Start of the bucket.
    pub at: Instant,
    /// Side on which it lies.
    pub direction: Direction,
    /// See [`score`](crate::score); above 1.
    #[serde(with = "exact")]
    pub score: f64,
    /// Observed value of the bucket.
    #[serde(with = "exact")]
    pub observed: f64,
    /// Expected value of the bucket; NaN where the method has none.
    #[serde(with = "exact")]
    pub expected: f64,
    /// Lower edge of the band; −∞ where that side does not count.
    #[serde(with = "exact")]
    pub lower: f64,
    /// Upper edge of the band; +∞ where that side does not count.
    #[serde(with = "exact")]
    pub upper: f64,
}

impl Peak {
    /// The limit that was crossed: see [`Row::limit`](crate::Row::limit).
    pub fn limit(&self) -> Option<f64> {
        crossed(self.direction, self.expected, self.lower, self.upper)
    }
}

/// The edge that lies on the side of `direction`, where nothing but that is `expected`: a method
/// that knows limits alone expects the nearest value within them. A band of two sides without any width is
/// around a value that is expected, and has no such edge; one of one side cannot be told from a limit.
pub(crate) fn crossed(direction: Direction, expected: f64, lower: f64, upper: f64) -> Option<f64> {
    let edge = match direction {
        Direction::Up => upper,
        Direction::Down => lower,
        Direction::Neither => return None,
    };
    (lower < upper && expected.to_bits() == edge.to_bits()).then_some(edge)
}

/// An interval in which a metric was not as expected, with the evidence, as of one bucket.
///
/// `observed`, `expected`, `lower` and `upper` are folded over the buckets of `interval` by the
/// metric's aggregation, over those buckets only in which both `observed` and `expected` are
/// numbers, so that the two compare like with like; where the method expects nothing, `observed`
/// is folded alone. (A mean over buckets stands in for a mean over raw rows.)
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Anomaly {
    /// Name for life.
    pub id: AnomalyId,
    /// Name of the detection that found it.
    pub detection: String,
    /// Where it was found.
    pub slice: SliceKey,
    /// When it happened: from the start of its first flagged bucket to the end of its last, or where
    /// thinning lets it go on below its band, of the last that goes on.
    pub interval: Interval,
    /// Whether it can still grow.
    pub status: Status,
    /// End of the first bucket at which every filter kept it, and what its rule waits beyond the data;
    /// none if there was no such bucket.
    pub reportable_at: Option<Instant>,
    /// The rules that found it, as `name:TYPE`.
    pub rules: Vec<String>,
    /// Side of the peak.
    pub direction: Direction,
    /// How much it matters.
    pub severity: Severity,
    /// Its worst bucket.
    pub peak: Peak,
    /// Observed value over the interval.
    #[serde(with = "exact")]
    pub observed: f64,
    /// Expected value over the interval; NaN where the method has none.
    #[serde(with = "exact")]
    pub expected: f64,
    /// Lower edge of the band over the interval.
    #[serde(with = "exact")]
    pub lower: f64,
    /// Upper edge of the band over the interval.
    #[serde(with = "exact")]
    pub upper: f64,
    /// Flagged buckets in the interval.
    pub flagged: u32,
    /// What the filters of its rule say of it, in their order, as of its last step.
    pub judgements: Vec<Judgement>,
    /// Why it matters as much as it does, as of its last step; none without a labeler.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// What the suppression windows in which it starts say of it, in order of time, as of its last
    /// step. Of one that is made of children: of the windows that suppress them, if each of them
    /// is suppressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressions: Vec<Suppression>,
    /// Anomalies that were joined in this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Anomaly>,
}

impl Anomaly {
    /// An anomaly of one bucket: the worst so far, and the only one.
    pub fn open(
        id: AnomalyId,
        detection: &str,
        rule: &str,
        slice: &SliceKey,
        interval: Interval,
        peak: Peak,
    ) -> Self {
        Self {
            id,
            detection: detection.to_owned(),
            slice: slice.clone(),
            interval,
            status: Status::Open,
            reportable_at: None,
            rules: vec![rule.to_owned()],
            direction: peak.direction,
            severity: Severity::Default,
            peak,
            observed: peak.observed,
            expected: peak.expected,
            lower: peak.lower,
            upper: peak.upper,
            flagged: 1,
            judgements: Vec::new(),
            label: None,
            suppressions: Vec::new(),
            children: Vec::new(),
        }
    }

    /// Score of the worst bucket.
    pub fn score(&self) -> f64 {
        self.peak.score
    }

    /// `observed − expected`, in units of the metric.
    pub fn deviation(&self) -> f64 {
        self.observed - self.expected
    }

    /// `(observed − expected) / |expected|`; 0 when both are 0, NaN when only `expected` is.
    pub fn relative_deviation(&self) -> f64 {
        let deviation = self.deviation();
        if deviation == 0.0 {
            0.0
        } else if self.expected == 0.0 {
            f64::NAN
        } else {
            deviation / self.expected.abs()
        }
    }

    /// Whether it was to be expected, as of its last step: it is marked, not left out.
    pub fn is_suppressed(&self) -> bool {
        self.suppressed_by().next().is_some()
    }

    /// The events in whose windows it was to be expected, in order of time.
    pub fn suppressed_by(&self) -> impl Iterator<Item = &str> {
        let applying = self.suppressions.iter().filter(|window| window.applies);
        applying.map(|window| window.event.as_str())
    }

    /// Whether every filter keeps it as of its last step.
    pub fn is_kept(&self) -> bool {
        self.judgements.iter().all(|judgement| judgement.kept)
    }
}
