//! Limits on a metric over an anomaly: as a whole, per hour and per day.
//!
//! ```text
//! value per hour = value · 1 h / (end − start)      for a SUM or COUNT; the value itself otherwise
//! value per day  = value · 1 d / (end − start)      the same
//! ```
//!
//! `end − start` is how long the anomaly has lasted as of the bucket at which it is judged, from the
//! start of its first flagged bucket to the end of its last.

use tuatara_core::{Judgement, ParamError, Short};
use tuatara_frame::{Aggregation, Duration};

use crate::baseline_params::set;

/// What a limit is counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    Whole,
    Hour,
    Day,
}

impl Per {
    fn time(self) -> Option<Duration> {
        match self {
            Self::Whole => None,
            Self::Hour => Some(Duration::hours(1)),
            Self::Day => Some(Duration::days(1)),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Hour => " per hour",
            Self::Day => " per day",
        }
    }
}

/// The lowest and the highest value that is kept, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    per: Per,
    min: Option<f64>,
    max: Option<f64>,
}

/// A limit as it is written: its key and its value.
type Written = (&'static str, Option<f64>);

impl Limits {
    /// # Errors
    /// When one is not finite, or `min` is above `max`.
    pub(crate) fn new(per: Per, min: Written, max: Written) -> Result<Self, ParamError> {
        let (least, most) = (finite(min)?, finite(max)?);
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            return Err(ParamError::new(
                min.0,
                least,
                format!("a number up to {}, which is {most}", max.0),
                "exchange the two",
            ));
        }
        Ok(Self {
            per,
            min: least,
            max: most,
        })
    }

    fn is_set(&self) -> bool {
        self.min.is_some() || self.max.is_some()
    }

    /// What is asked, in words, of a value that lies on its side.
    fn asked(&self, value: f64) -> String {
        match (self.min, self.max) {
            (Some(min), _) if value < min => format!("at least {}", Short(min)),
            (_, Some(max)) if value > max => format!("at most {}", Short(max)),
            (Some(min), Some(max)) => format!("{} to {}", Short(min), Short(max)),
            (Some(min), None) => format!("at least {}", Short(min)),
            (None, Some(max)) => format!("at most {}", Short(max)),
            (None, None) => "nothing".to_owned(),
        }
    }
}

fn finite((key, value): Written) -> Result<Option<f64>, ParamError> {
    match set(value) {
        Some(value) if !value.is_finite() => Err(ParamError::new(
            key,
            value,
            "a finite number",
            "leave it out where nothing is asked",
        )),
        value => Ok(value),
    }
}

/// A metric over an anomaly so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured<'a> {
    /// What it is, as in `value`.
    pub(crate) quantity: &'a str,
    /// Its name in a sentence.
    pub(crate) name: &'a str,
    /// NaN where nothing was measured.
    pub(crate) value: f64,
    /// How its buckets became one.
    pub(crate) aggregation: Aggregation,
    /// How long the anomaly has lasted.
    pub(crate) lasted: Duration,
}

impl Measured<'_> {
    /// The value by `per`, and what that is called.
    fn by(&self, per: Per) -> (f64, &'static str) {
        let adds_up = matches!(self.aggregation, Aggregation::Sum | Aggregation::Count);
        match per.time().filter(|_| adds_up) {
            None => (self.value, ""),
            Some(time) => {
                let (time, lasted) = (time.millis() as f64, self.lasted.millis() as f64);
                // A date that clocks skip lasts no time at all: it has no rate.
                let rate = if lasted > 0.0 {
                    self.value * time / lasted
                } else {
                    f64::NAN
                };
                (rate, per.words())
            }
        }
    }

    /// Kept when it lies within all of `limits`. The number of the judgement is that of the first
    /// limit that it breaks, or of the first that is set.
    pub(crate) fn judge(&self, limits: &[Limits]) -> Judgement {
        let mut kept = None;
        for limits in limits.iter().filter(|limits| limits.is_set()) {
            let (value, per) = self.by(limits.per);
            let quantity = format!("{}{per}", self.quantity);
            if value.is_nan() {
                let reason = format!("{} was not measured", self.name);
                return Judgement::keep(&quantity, value, reason);
            }
            let outside = limits.min.is_some_and(|min| value < min)
                || limits.max.is_some_and(|max| value > max);
            let reason = format!(
                "{} was {}{per} in {}, {} is asked",
                self.name,
                Short(value),
                self.lasted,
                limits.asked(value)
            );
            let judgement = Judgement::new(!outside, &quantity, value, reason);
            if outside {
                return judgement;
            }
            kept.get_or_insert(judgement);
        }
        kept.unwrap_or_else(|| {
            let reason = format!("{} was {}, no limit is set", self.name, Short(self.value));
            Judgement::keep(self.quantity, self.value, reason)
        })
    }
}
