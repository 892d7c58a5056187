//! Which buckets are judged, and how many before them may be looked at.

use std::ops::Range;

use tuatara_frame::TimeAxis;

use crate::DetectError;

/// Buckets to work on at a time where several passes are made over their columns: few enough to
/// stay in the cache.
pub const BLOCK: usize = 4096;

/// The buckets under judgement: a half-open range of positions on a series' axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Window {
    start: usize,
    end: usize,
}

impl Window {
    /// The buckets `start..end` of `axis`.
    ///
    /// # Errors
    /// [`DetectError::Window`] when `start > end` or `end` lies beyond the axis.
    pub fn new(axis: &TimeAxis, start: usize, end: usize) -> Result<Self, DetectError> {
        if start <= end && end <= axis.len() {
            return Ok(Self { start, end });
        }
        Err(DetectError::Window {
            start,
            end,
            axis: axis.len(),
        })
    }

    /// Every bucket of `axis`.
    pub fn whole(axis: &TimeAxis) -> Self {
        Self {
            start: 0,
            end: axis.len(),
        }
    }

    /// First bucket judged.
    pub fn start(self) -> usize {
        self.start
    }

    /// One past the last bucket judged.
    pub fn end(self) -> usize {
        self.end
    }

    /// The positions as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Number of buckets judged.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether nothing is judged.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Refuses a window that does not lie on an axis of `len` buckets.
    ///
    /// # Errors
    /// [`DetectError::Window`]
    pub fn check(self, len: usize) -> Result<(), DetectError> {
        if self.end <= len {
            return Ok(());
        }
        Err(DetectError::Window {
            start: self.start,
            end: self.end,
            axis: len,
        })
    }
}

/// How many buckets before a judged one may change its row. Always finite: a method that cannot
/// say so is retrospective and no [`Detector`](crate::Detector).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Lookback(usize);

impl Lookback {
    /// Nothing but the judged bucket itself.
    pub const NONE: Self = Self(0);

    /// `buckets` positions of the axis before the judged one.
    pub const fn buckets(buckets: usize) -> Self {
        Self(buckets)
    }

    /// Number of buckets.
    pub const fn len(self) -> usize {
        self.0
    }

    /// Whether only the judged bucket counts.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
