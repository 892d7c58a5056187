//! Half-open stretches of time.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Duration, FrameError, Instant};

/// The instants from `start` up to, but without, `end`.
///
/// ```
/// use tuatara_frame::Interval;
///
/// let (ten, noon) = ("2020-03-08T10:00:00Z".parse()?, "2020-03-08T12:00:00Z".parse()?);
/// let morning = Interval::new(ten, noon)?;
/// assert!(morning.contains(ten) && !morning.contains(noon));
/// assert_eq!(morning.duration().to_string(), "PT2H");
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends")]
pub struct Interval {
    start: Instant,
    end: Instant,
}

/// An interval as it is read, before its order is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    start: Instant,
    end: Instant,
}

impl TryFrom<Ends> for Interval {
    type Error = FrameError;

    fn try_from(ends: Ends) -> Result<Self, FrameError> {
        Self::new(ends.start, ends.end)
    }
}

impl Interval {
    /// The instants in `[start, end)`; none when the two are equal.
    ///
    /// # Errors
    /// [`FrameError::IntervalReversed`] when `end` lies before `start`.
    pub fn new(start: Instant, end: Instant) -> Result<Self, FrameError> {
        if end < start {
            return Err(FrameError::IntervalReversed { start, end });
        }
        Ok(Self { start, end })
    }

    /// The first instant, if there is any.
    pub fn start(self) -> Instant {
        self.start
    }

    /// The first instant after.
    pub fn end(self) -> Instant {
        self.end
    }

    /// From start to end.
    pub fn duration(self) -> Duration {
        Duration::from_millis(self.end.millis() - self.start.millis())
            .expect("invariant: an interval does not end before it starts")
    }

    /// Whether `instant` lies in it.
    pub fn contains(self, instant: Instant) -> bool {
        self.start <= instant && instant < self.end
    }

    /// Whether some instant lies in both. An empty interval overlaps nothing.
    pub fn overlaps(self, other: Self) -> bool {
        self.start.max(other.start) < self.end.min(other.end)
    }

    /// Whether no instant lies in it.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.end)
    }
}

impl fmt::Debug for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(start: i64, end: i64) -> Interval {
        Interval::new(
            Instant::from_millis(start).unwrap(),
            Instant::from_millis(end).unwrap(),
        )
        .unwrap()
    }

    #[test]
    fn neighbours_do_not_overlap() {
        assert!(!interval(0, 5).overlaps(interval(5, 9)));
        assert!(interval(0, 6).overlaps(interval(5, 9)));
        assert!(interval(0, 9).overlaps(interval(3, 4)));
    }

    #[test]
    fn an_empty_interval_contains_and_overlaps_nothing() {
        let empty = interval(5, 5);
        assert!(empty.is_empty());
        assert!(!empty.contains(empty.start()));
        assert!(!empty.overlaps(interval(0, 9)) && !interval(0, 9).overlaps(empty));
        assert_eq!(empty.duration(), Duration::ZERO);
    }

    #[test]
    fn an_end_before_the_start_is_refused_in_code_and_in_text() {
        let (early, late) = (
            Instant::from_millis(0).unwrap(),
            Instant::from_millis(1000).unwrap(),
        );
        assert_eq!(
            Interval::new(late, early).unwrap_err().to_string(),
            "the interval starts at 1970-01-01T00:00:01Z and ends before, at 1970-01-01T00:00:00Z; \
             swap the two"
        );
        let reversed = r#"{"start":"1970-01-01T00:00:01Z","end":"1970-01-01T00:00:00Z"}"#;
        assert!(serde_json::from_str::<Interval>(reversed).is_err());
    }

    #[test]
    fn serde_writes_start_and_end() {
        let json = r#"{"start":"1970-01-01T00:00:00Z","end":"1970-01-01T00:00:01Z"}"#;
        assert_eq!(serde_json::to_string(&interval(0, 1000)).unwrap(), json);
        assert_eq!(
            serde_json::from_str::<Interval>(json).unwrap(),
            interval(0, 1000)
        );
    }
}
