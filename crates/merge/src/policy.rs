//! When two stretches of one key belong together: the documented time-based merge.
//!
//! ```text
//! gap      = start − open.end
//! new      gap > maxGap
//! join     end ≤ open.end   or   end − open.start ≤ maxDuration
//! split    gap ≤ 0, at max(open.end, open.start + maxDuration)
//! new      otherwise
//! ```
//!
//! Source: ThirdEye 2020, *time-based merger*; equal gaps and durations still merge.

use tuatara_frame::{Duration, Instant, Interval};

use crate::MergeError;

/// How far apart merged stretches may lie, and how long an anomaly may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergePolicy {
    max_gap: Duration,
    max_duration: Duration,
}

impl Default for MergePolicy {
    /// Two hours and seven days, as in the original.
    fn default() -> Self {
        Self {
            max_gap: Duration::hours(2),
            max_duration: Duration::days(7),
        }
    }
}

impl MergePolicy {
    /// Merges across gaps up to `max_gap` into anomalies up to `max_duration`, both included.
    ///
    /// # Errors
    /// [`MergeError::NoDuration`] when `max_duration` is zero.
    pub fn new(max_gap: Duration, max_duration: Duration) -> Result<Self, MergeError> {
        if max_duration == Duration::ZERO {
            return Err(MergeError::NoDuration);
        }
        Ok(Self {
            max_gap,
            max_duration,
        })
    }

    /// The longest gap that is merged across.
    pub fn max_gap(&self) -> Duration {
        self.max_gap
    }

    /// The longest anomaly that merging may make. A single bucket may be longer.
    pub fn max_duration(&self) -> Duration {
        self.max_duration
    }

    /// Where `next` goes beside the `open` stretch of its key. `next` starts no earlier.
    pub fn place(&self, open: Interval, next: Interval) -> Placement {
        let millis = |instant: Instant| instant.millis();
        let gap = millis(next.start()) - millis(open.end());
        if gap > self.max_gap.millis() {
            return Placement::New;
        }
        let within = millis(next.end()) - millis(open.start()) <= self.max_duration.millis();
        if next.end() <= open.end() || within {
            return Placement::Join;
        }
        if gap > 0 {
            return Placement::New;
        }
        // Both ends exist, so what lies between them does, too.
        let full = open
            .start()
            .checked_add(self.max_duration)
            .map_or(open.end(), |full| full.max(open.end()));
        Placement::Split { at: full }
    }

    /// Whether something that starts at `from` or later can become part of the `open` stretch.
    pub fn can_join(&self, open: Interval, from: Instant) -> bool {
        let is_full = from >= open.end()
            && from.millis() - open.start().millis() >= self.max_duration.millis();
        !is_full && !self.is_out_of_reach(open.end(), from)
    }

    /// Whether nothing that starts at `now` or later can join a stretch that ended at `end`.
    pub fn is_out_of_reach(&self, end: Instant, now: Instant) -> bool {
        now.millis() - end.millis() > self.max_gap.millis()
    }
}

/// Where a stretch goes beside the open one of its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// It opens an anomaly of its own.
    New,
    /// It becomes part of the open one.
    Join,
    /// It touches the open one, which is full: the open one ends at `at`, a new one starts there.
    Split {
        /// End of the one, start of the other.
        at: Instant,
    },
}
