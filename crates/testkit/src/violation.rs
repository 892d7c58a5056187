//! What a battery says when a law is broken.

use std::fmt;

/// What was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Law {
    /// Later buckets change nothing.
    Causal,
    /// A window gives what its pieces give, one after the other.
    CutFree,
    /// History older than the lookback changes nothing, whether it is there or not.
    Forgetful,
    /// A memo changes nothing: empty, warm, or warmed on something else.
    Memo,
    /// What is left over in reused columns changes nothing.
    Reuse,
    /// More detail changes nothing.
    Detail,
    /// What a mask hides changes nothing.
    Masked,
    /// What lies outside the declared range changes nothing but its own bucket.
    OutOfRange,
    /// The score is above 1 exactly where the verdict is anomalous, finite there and where it is
    /// normal, and NaN elsewhere.
    Score,
    /// The verdict is the first that holds of the documented order.
    Verdict,
    /// An anomalous value lies outside its band, on the side of its verdict; a normal one inside.
    Band,
    /// A request that cannot be meant is refused, and any other is answered, without a panic.
    Request,
    /// The battery has seen enough to mean something.
    Coverage,
    /// Folding in pieces, with the carry written and read in between, is folding at once.
    Fold,
    /// The fold gives what the documented text gives.
    Documented,
    /// Anomalies of one rule and slice never overlap; each flagged bucket lies in exactly one.
    Partition,
    /// The events of one anomaly tell a story that can be true.
    Events,
    /// The carry is bounded.
    Bounded,
    /// The order of rules changes nothing.
    Order,
    /// Merging what has been merged changes nothing.
    Twice,
}

impl Law {
    /// The law as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Causal => "later buckets change nothing",
            Self::CutFree => "a window gives what its pieces give",
            Self::Forgetful => "history older than the lookback changes nothing",
            Self::Memo => "a memo changes nothing",
            Self::Reuse => "left-over columns change nothing",
            Self::Detail => "more detail changes nothing",
            Self::Masked => "what a mask hides changes nothing",
            Self::OutOfRange => "what lies outside the declared range changes nothing elsewhere",
            Self::Score => "score > 1 exactly where anomalous, NaN exactly where not judged",
            Self::Verdict => "the verdict is the first that holds of the documented order",
            Self::Band => "anomalous is outside the band, normal is inside",
            Self::Request => "requests are answered or refused, without a panic",
            Self::Coverage => "the battery has seen enough to mean something",
            Self::Fold => "folding in pieces is folding at once",
            Self::Documented => "the fold gives what the documented text gives",
            Self::Partition => "each flagged bucket lies in exactly one anomaly; none overlap",
            Self::Events => "the events of an anomaly tell a story that can be true",
            Self::Bounded => "the carry is bounded",
            Self::Order => "the order of rules changes nothing",
            Self::Twice => "merging what has been merged changes nothing",
        }
    }
}

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} ({})", self.sentence())
    }
}

/// A law that was broken, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// Name of what was tried.
    pub name: String,
    /// What was broken.
    pub law: Law,
    /// The scenario with its seed.
    pub scenario: String,
    /// What was done, at which bucket, and what came out against what was expected.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            law,
            scenario,
            detail,
        } = self;
        write!(f, "{name} breaks {law}\n  scenario: {scenario}\n  {detail}")
    }
}

impl std::error::Error for Violation {}
