//! What bare numbers in a time column count.

use std::str::FromStr;

use crate::FrameError;

/// The unit of bare numbers in the time column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// `s`: seconds from 1970-01-01T00:00:00Z.
    Seconds,
    /// `ms`: milliseconds from 1970-01-01T00:00:00Z.
    Millis,
    /// `us`: microseconds from 1970-01-01T00:00:00Z.
    Micros,
    /// `ns`: nanoseconds from 1970-01-01T00:00:00Z.
    Nanos,
    /// `rows`: a row counter, whole and not below 0. Its instant is the
    /// [start](super::ReadOptions::start) and as many steps of the declared
    /// [granularity](super::ReadOptions::granularity).
    Rows,
}

impl TimeUnit {
    /// How many nanoseconds it is; `None` for rows, whose step is not a property of the unit.
    pub(super) const fn nanos(self) -> Option<i128> {
        match self {
            Self::Seconds => Some(1_000_000_000),
            Self::Millis => Some(1_000_000),
            Self::Micros => Some(1_000),
            Self::Nanos => Some(1),
            Self::Rows => None,
        }
    }
}

impl FromStr for TimeUnit {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "s" => Ok(Self::Seconds),
            "ms" => Ok(Self::Millis),
            "us" => Ok(Self::Micros),
            "ns" => Ok(Self::Nanos),
            "rows" => Ok(Self::Rows),
            _ => Err(FrameError::TimeUnitText {
                text: text.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_and_others_refused() {
        assert_eq!("MS".parse::<TimeUnit>().unwrap(), TimeUnit::Millis);
        assert_eq!("rows".parse::<TimeUnit>().unwrap(), TimeUnit::Rows);
        assert_eq!(
            "minutes".parse::<TimeUnit>().unwrap_err().to_string(),
            "`minutes` is not a unit of time; allowed: s, ms, us, ns since 1970, or rows for a row \
             counter"
        );
    }
}
