//! What the fold says, bucket by bucket.

use std::fmt;
use std::sync::Arc;

use tuatara_core::{Anomaly, AnomalyId};
use tuatara_frame::Instant;

/// A change in an anomaly, at the end of one bucket.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// End of the bucket at which it became known, and the [delay](crate::Stage::delay) of the rule
    /// after it.
    pub at: Instant,
    /// What happened.
    pub kind: EventKind,
    /// The anomaly as of that bucket.
    pub anomaly: Arc<Anomaly>,
}

/// What happened to an anomaly.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// Every filter keeps it: for the first time, or again after it was retracted.
    Opened,
    /// It grew.
    Extended,
    /// It matters otherwise than before: its peak is higher, its severity is another, or it is
    /// suppressed now, or no longer. Of one that several rules found also: something it was made of no longer belongs to it.
    Rescored,
    /// Nothing more can join it.
    Closed,
    /// It had been reported and no longer stands.
    Retracted(Retraction),
}

/// Why an anomaly that had been reported no longer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Retraction {
    /// It has grown into something that a filter does not keep.
    Filtered {
        /// Name of the filter.
        filter: String,
    },
    /// It has become part of one that was told before.
    MergedInto {
        /// That one.
        id: AnomalyId,
    },
    /// What an incident was made of no longer stands, or no longer at the same time.
    Dissolved,
}

impl EventKind {
    /// The word used in files: `opened`, `extended`, `rescored`, `closed` or `retracted`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Extended => "extended",
            Self::Rescored => "rescored",
            Self::Closed => "closed",
            Self::Retracted(_) => "retracted",
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retracted(Retraction::Filtered { filter }) => {
                write!(f, "retracted: {filter} no longer keeps it")
            }
            Self::Retracted(Retraction::MergedInto { id }) => {
                write!(f, "retracted: it is part of {id}")
            }
            Self::Retracted(Retraction::Dissolved) => {
                f.write_str("retracted: what it was made of no longer stands together")
            }
            other => f.write_str(other.as_str()),
        }
    }
}
