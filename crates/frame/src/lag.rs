//! How far back a comparison looks.

use std::fmt;
use std::str::FromStr;

use crate::FrameError;
use crate::serde_text::serde_as_text;

/// What a [`Lag`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LagUnit {
    /// Exact hours.
    Hours,
    /// Calendar days.
    Days,
    /// Seven calendar days.
    Weeks,
    /// Calendar months; a day that the target month does not have is its last day.
    Months,
    /// Twelve calendar months.
    Years,
}

impl LagUnit {
    /// Every unit, shortest first.
    const ALL: [Self; 5] = [
        Self::Hours,
        Self::Days,
        Self::Weeks,
        Self::Months,
        Self::Years,
    ];

    /// The letters that stand for it in a lag's text.
    const fn symbol(self) -> &'static str {
        match self {
            Self::Hours => "h",
            Self::Days => "d",
            Self::Weeks => "w",
            Self::Months => "mo",
            Self::Years => "y",
        }
    }

    /// Its name in the plural.
    const fn plural(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
            Self::Years => "years",
        }
    }
}

/// A step back in time: `1w`, `4mo`, `24h`.
///
/// Where it leads depends on the grid; see [`TimeAxis::lag`](crate::TimeAxis::lag).
///
/// ```
/// use tuatara_frame::{Lag, LagUnit};
///
/// let lag = Lag::new(4, LagUnit::Months)?;
/// assert_eq!(lag.to_string(), "4mo");
/// assert_eq!("4mo".parse::<Lag>()?, lag);
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lag {
    unit: LagUnit,
    count: u32,
}

impl Lag {
    /// `count` units back; `count` is 1 or more.
    ///
    /// # Errors
    /// [`FrameError::LagOfZero`] when `count` is 0.
    pub const fn new(count: u32, unit: LagUnit) -> Result<Self, FrameError> {
        if count == 0 {
            return Err(FrameError::LagOfZero {
                unit: unit.plural(),
            });
        }
        Ok(Self { unit, count })
    }

    /// How many units, 1 or more.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// What is counted.
    pub const fn unit(self) -> LagUnit {
        self.unit
    }
}

impl FromStr for Lag {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let refused = || FrameError::LagText {
            text: text.to_owned(),
        };
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .ok_or_else(refused)?;
        let (count, symbol) = text.split_at(end);
        let count = count.parse().map_err(|_| refused())?;
        let unit = LagUnit::ALL
            .into_iter()
            .find(|unit| unit.symbol() == symbol);
        Self::new(count, unit.ok_or_else(refused)?)
    }
}

impl fmt::Display for Lag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.symbol())
    }
}

impl fmt::Debug for Lag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(Lag, "a lag such as 1w or 4mo");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_has_a_text_that_reads_back() {
        for (unit, text) in LagUnit::ALL
            .into_iter()
            .zip(["3h", "3d", "3w", "3mo", "3y"])
        {
            let lag = Lag::new(3, unit).unwrap();
            assert_eq!(lag.to_string(), text);
            assert_eq!(text.parse::<Lag>().unwrap(), lag);
        }
    }

    #[test]
    fn what_is_no_lag_is_refused() {
        for text in [
            "",
            "w",
            "3",
            "3m",
            "-1d",
            "1.5h",
            "4294967296h",
            "1 w",
            "3é",
        ] {
            assert!(text.parse::<Lag>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_lag_of_nothing_is_refused_with_the_remedy() {
        assert_eq!(
            "0w".parse::<Lag>().unwrap_err().to_string(),
            "a lag of 0 weeks is the present itself; allowed: 1 and more; write 1"
        );
    }
}
