//! How much a detector writes down, and the facts a trace is made of.

use std::fmt;

use tuatara_frame::Instant;

use crate::Short;

/// How much a detector writes beside its verdicts. More detail never changes a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Detail {
    /// The columns every detector has.
    #[default]
    Columns,
    /// And the detector's own named columns.
    Internals,
    /// And the facts that led to each row. For single buckets: it allocates per row.
    Trace,
}

/// One thing that led to a row. Every sentence a person reads is made from these, so that the
/// words and the numbers cannot disagree.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fact {
    /// A value taken from the past.
    Lag {
        /// How far back, as in `1w`.
        lag: String,
        /// Start of the bucket it came from; `None` when the label does not exist there.
        at: Option<Instant>,
        /// The value; NaN when missing.
        value: f64,
        /// Whether it is looked at in place of one that lies in a span that does not train.
        stands_in: bool,
        /// Whether nothing was measured there, and the value lies between those before and after.
        interpolated: bool,
        /// The event of the span that does not train, where it lies in one.
        event: Option<String>,
        /// Why it did not count, if it did not.
        unused: Option<Unused>,
    },
    /// How several values became one expectation.
    Combined {
        /// Name of the method, as in `median`.
        method: &'static str,
        /// Values that counted.
        used: usize,
        /// Values there could have been.
        of: usize,
        /// Values that must count for an expectation.
        required: usize,
    },
    /// An event in which something else is expected than usual.
    Event {
        /// Its name.
        event: String,
        /// What the expectation is multiplied by in this bucket.
        factor: f64,
        /// The part of the bucket in which the event holds, in (0, 1].
        share: f64,
    },
    /// A limit the value is held against.
    Limit {
        /// Name of the limit, as in a configuration.
        name: &'static str,
        /// The limit.
        value: f64,
    },
    /// Which setting gave the band its half-width.
    Width {
        /// The setting, as in a configuration.
        name: &'static str,
        /// Its value.
        setting: f64,
        /// The half-width it gives, in units of the metric.
        width: f64,
    },
    /// Something a detector wants to say in its own words.
    Remark(String),
}

/// Why a lagged value did not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unused {
    /// A clock change skips that wall-clock time.
    Skipped,
    /// Nothing was observed there.
    Missing,
    /// It lies in a span that does not train, or is interpolated from what does.
    Masked,
    /// It lies outside the range declared for the metric, so it is not a measurement.
    OutOfRange,
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Skipped => "that wall-clock time is skipped by a clock change",
            Self::Missing => "missing",
            Self::Masked => "in a span that does not train",
            Self::OutOfRange => "outside the range declared for the metric",
        })
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lag {
                lag,
                at,
                value,
                stands_in,
                interpolated,
                event,
                unused,
            } => {
                write!(f, "{lag} earlier")?;
                if let Some(at) = at {
                    write!(f, " ({at})")?;
                }
                if *stands_in {
                    f.write_str(", in place of a lag that is left out")?;
                }
                if let (Some(Unused::Masked), Some(event)) = (unused, event) {
                    return write!(f, ": left out, in the event {event:?}");
                }
                match unused {
                    Some(why @ Unused::OutOfRange) => write!(f, ": {}, {why}", Short(*value)),
                    Some(why) => write!(f, ": {why}"),
                    None if *interpolated => write!(f, ": {}, interpolated", Short(*value)),
                    None => write!(f, ": {}", Short(*value)),
                }
            }
            Self::Combined {
                method,
                used,
                of,
                required,
            } => write!(
                f,
                "{method} of {used} of {of} earlier values (at least {required} needed)"
            ),
            Self::Event {
                event,
                factor,
                share,
            } => {
                write!(
                    f,
                    "in the event {event:?}: {} times as much is expected",
                    Short(*factor)
                )?;
                match share {
                    share if *share < 1.0 => {
                        write!(f, ", as it is {:.0} % of the bucket", 100.0 * share)
                    }
                    _ => Ok(()),
                }
            }
            Self::Limit { name, value } => write!(f, "{name} is {}", Short(*value)),
            Self::Width {
                name,
                setting,
                width,
            } => write!(f, "{name} {setting} gives a band of ±{}", Short(*width)),
            Self::Remark(text) => f.write_str(text),
        }
    }
}
