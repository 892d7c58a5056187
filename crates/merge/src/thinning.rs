//! Thinning: which flagged buckets are worth an anomaly. Off unless it is asked for.
//!
//! ```text
//! counts   flagged, its score is above `enter`, and at least `k` of the last `n` buckets, it
//!          included, are flagged
//! opens    it counts, and no other that counts lies in the `quiet` before its start
//! goes on  an anomaly is open, no further away than maxGap, and the score is above `leave`
//! ```
//!
//! `enter`, `k` of `n` and `quiet` say what opens an anomaly, and nothing else; once one is open,
//! `leave` alone says what is part of it, the next piece of a stretch that `maxDuration` cuts
//! included. With `leave` below 1 that may be a bucket within its band; it opens nothing, not even
//! such a piece, and is none of the flagged. An anomaly starts with the bucket that opens it, not
//! with those that were flagged before.
//!
//! A bucket without a score (missing, warming up, without a baseline, out of range) is not flagged:
//! it is one of the last `n`, it passes in the `quiet`, and nothing goes on through it. Before the
//! first bucket nothing was flagged.
//!
//! All of it is finite: whether a bucket opens an anomaly is a function of the buckets in the `quiet`
//! before it and the `n` before those. Scores are never thinned.

use std::fmt;

use serde::{Deserialize, Serialize};
use tuatara_core::{Row, Short};
use tuatara_frame::{Duration, Instant, Interval, TimeAxis};

use crate::{MergeError, Result};

/// Settings of [`Thinning`], as they are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThinningParams {
    /// The score that a bucket must exceed to open an anomaly. 1 or more; 1 by default.
    pub enter: f64,
    /// The score that a bucket must exceed to be part of one that is open. 0 to `enter`; 1 by
    /// default.
    pub leave: f64,
    /// How many of the last `n` buckets must be flagged for one to count. 1 to `n`; 1 by default.
    pub k: u32,
    /// Over how many buckets, the one at hand included, `k` is counted. 1 to 48; 1 by default.
    pub n: u32,
    /// How long before a bucket no other may have counted for it to open an anomaly. None by
    /// default.
    pub quiet: Duration,
}

impl Default for ThinningParams {
    fn default() -> Self {
        Self {
            enter: 1.0,
            leave: 1.0,
            k: 1,
            n: 1,
            quiet: Duration::ZERO,
        }
    }
}

/// Which flagged buckets are worth an anomaly: checked [`ThinningParams`]. By default all are.
///
/// ```
/// use tuatara_merge::{Thinning, ThinningParams};
///
/// let two_of_three = Thinning::new(ThinningParams { k: 2, n: 3, ..Default::default() })?;
/// assert_ne!(two_of_three, Thinning::default());
/// # Ok::<(), tuatara_merge::MergeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Thinning {
    params: ThinningParams,
}

impl Thinning {
    /// The most buckets over which flagged ones are counted.
    pub const MOST: u32 = 48;

    /// Checks every setting.
    ///
    /// # Errors
    /// [`MergeError::Thinning`] when one is out of its range.
    pub fn new(params: ThinningParams) -> Result<Self> {
        let ThinningParams {
            enter, leave, k, n, ..
        } = params;
        let refused = |field, value: f64, allowed: String, remedy| {
            Err(MergeError::Thinning {
                field,
                value,
                allowed,
                remedy,
            })
        };
        if !(enter.is_finite() && enter >= 1.0) {
            let allowed = "a number, 1 or more".to_owned();
            return refused("enter", enter, allowed, "1 takes every flagged bucket");
        }
        if !(0.0..=enter).contains(&leave) {
            let allowed = format!("0 to `enter`, which is {}", Short(enter));
            return refused("leave", leave, allowed, "1 takes every flagged bucket");
        }
        if !(1..=Self::MOST).contains(&n) {
            let allowed = format!("1 to {}", Self::MOST);
            return refused("n", f64::from(n), allowed, "1 counts the bucket alone");
        }
        if !(1..=n).contains(&k) {
            let allowed = format!("1 to `n`, which is {n}");
            return refused("k", f64::from(k), allowed, "1 takes every flagged bucket");
        }
        Ok(Self { params })
    }

    /// The settings.
    pub fn params(&self) -> ThinningParams {
        self.params
    }

    /// Buckets of `axis` before one that have a say in whether it opens an anomaly.
    pub fn lookback(&self, axis: &TimeAxis) -> usize {
        let ThinningParams { n, quiet, .. } = self.params;
        let step = axis.granularity().nominal().millis().max(1);
        let quiet_buckets = match quiet == Duration::ZERO {
            true => 0,
            // Days with a clock change are shorter than their name.
            false => quiet.millis() / step.saturating_sub(step / 12).max(1) + 2,
        };
        let counted = usize::try_from(n - 1).unwrap_or(usize::MAX);
        let quiet_buckets = usize::try_from(quiet_buckets).unwrap_or(usize::MAX);
        counted.saturating_add(quiet_buckets)
    }

    /// Why a flagged bucket of this `score` is not part of the anomaly that is open, if so.
    pub(crate) fn ends(&self, score: f64) -> Option<Thinned> {
        let leave = self.params.leave;
        let passes = leave <= 1.0 || score > leave;
        (!passes).then_some(Thinned::NotAboveLeave { score, leave })
    }

    /// Whether a bucket that is not flagged is part of the anomaly that is open.
    pub(crate) fn goes_on(&self, row: &Row) -> bool {
        row.score > self.params.leave
    }

    /// Why the flagged bucket does not open an anomaly, if it does not.
    pub(crate) fn thins(&self, recent: &Recent, bucket: Interval, row: &Row) -> Option<Thinned> {
        let counted = self.does_not_count(recent, row);
        counted.or_else(|| {
            let ago = bucket.start().millis() - recent.counted?.millis();
            let quiet = self.params.quiet;
            let ago = Duration::from_millis(ago).unwrap_or(Duration::ZERO);
            (ago < quiet).then_some(Thinned::NotQuiet { ago, quiet })
        })
    }

    fn does_not_count(&self, recent: &Recent, row: &Row) -> Option<Thinned> {
        let ThinningParams { enter, k, n, .. } = self.params;
        let (score, flagged) = (row.score, recent.flags.count_ones() + 1);
        if flagged < k {
            let asked = k;
            return Some(Thinned::TooFew { flagged, n, asked });
        }
        let passes = enter <= 1.0 || score > enter;
        (!passes).then_some(Thinned::NotAboveEnter { score, enter })
    }
}

/// What thinning knows of the buckets before the one at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Recent {
    /// Of the last `n − 1` buckets those that were flagged, the newest in the lowest bit.
    flags: u64,
    /// End of the last bucket that counted, while the `quiet` after it lasts.
    counted: Option<Instant>,
}

impl Recent {
    /// Whether there is nothing to remember.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The next bucket has been judged.
    pub(crate) fn note(&mut self, thinning: &Thinning, bucket: Interval, row: &Row) {
        let ThinningParams { n, quiet, .. } = thinning.params;
        let is_flagged = row.verdict.is_anomalous();
        if is_flagged && thinning.does_not_count(self, row).is_none() {
            self.counted = Some(bucket.end());
        }
        let is_over = |counted: Instant| bucket.end().millis() - counted.millis() >= quiet.millis();
        if self.counted.is_some_and(is_over) {
            self.counted = None;
        }
        let kept = (1_u64 << (n - 1)) - 1;
        self.flags = (self.flags << 1 | u64::from(is_flagged)) & kept;
    }
}

/// What becomes of a bucket in the fold.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Admission {
    /// It is not flagged and part of nothing.
    Quiet,
    /// It opens an anomaly, or the next piece of one that is too long.
    Opens,
    /// It becomes part of the open anomaly.
    GoesOn,
    /// It is flagged, and part of nothing.
    Thinned(Thinned),
}

/// Why a flagged bucket is part of nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Thinned {
    /// Its score is too low to open an anomaly.
    NotAboveEnter {
        /// Its score.
        score: f64,
        /// What it must exceed.
        enter: f64,
    },
    /// Its score is too low to be part of the anomaly that is open.
    NotAboveLeave {
        /// Its score.
        score: f64,
        /// What it must exceed.
        leave: f64,
    },
    /// Too few of the last buckets are flagged.
    TooFew {
        /// How many are.
        flagged: u32,
        /// Of how many, it included.
        n: u32,
        /// How many have to be.
        asked: u32,
    },
    /// Another has counted not long before.
    NotQuiet {
        /// How long that one had ended when it started.
        ago: Duration,
        /// How long it has to be.
        quiet: Duration,
    },
}

impl fmt::Display for Thinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotAboveEnter { score, enter } => {
                let (score, enter) = (Short(score), Short(enter));
                write!(f, "its score is {score}, above {enter} is asked to open")
            }
            Self::NotAboveLeave { score, leave } => {
                let (score, leave) = (Short(score), Short(leave));
                write!(f, "its score is {score}, above {leave} is asked to go on")
            }
            Self::TooFew { flagged, n, asked } => {
                write!(f, "{flagged} of the last {n} buckets, {asked} are asked")
            }
            Self::NotQuiet { ago, quiet } if ago == Duration::ZERO => {
                write!(f, "another just before it, {quiet} without one are asked")
            }
            Self::NotQuiet { ago, quiet } => {
                write!(f, "another {ago} before it, {quiet} without one are asked")
            }
        }
    }
}
