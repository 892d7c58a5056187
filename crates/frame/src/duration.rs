//! Exact lengths of time, never below zero.

use std::fmt;
use std::str::FromStr;

use crate::FrameError;
use crate::serde_text::serde_as_text;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;

const NO_MONTHS: &str = "months and years have no exact length: write days, such as P30D or P365D";
const FORM: &str = "write the number, then the unit";
const TOO_FINE: &str = "write whole milliseconds";
const TOO_LONG: &str = "write fewer than 292 million years";

/// An exact length of time in milliseconds; a day is 24 hours, whatever the clocks do.
///
/// Its text is ISO 8601: `PT15M`, `P7D`, `P1DT12H`, `PT0.5S`. Reading also takes one number with one
/// of the units `ms`, `s`, `m`, `h`, `d`, `w`: `15m`, `7d`.
///
/// ```
/// use tuatara_frame::Duration;
///
/// assert_eq!("2h".parse::<Duration>()?, Duration::hours(2));
/// assert_eq!(Duration::hours(36).to_string(), "P1DT12H");
/// assert!("P1M".parse::<Duration>().is_err());
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(i64);

impl Duration {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A length of `millis` milliseconds.
    ///
    /// # Errors
    /// [`FrameError::NegativeDuration`] below zero.
    pub const fn from_millis(millis: i64) -> Result<Self, FrameError> {
        if millis < 0 {
            return Err(FrameError::NegativeDuration { millis });
        }
        Ok(Self(millis))
    }

    /// The length in milliseconds, 0 or more.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// `count` times 60 seconds.
    pub const fn minutes(count: u32) -> Self {
        Self(count as i64 * MINUTE)
    }

    /// `count` times 60 minutes.
    pub const fn hours(count: u32) -> Self {
        Self(count as i64 * HOUR)
    }

    /// A regular expression (ECMA-262) that every text matches that is read as a duration; so do some
    /// that are not, such as `P1D1W`.
    pub const PATTERN: &'static str = "^(?:[Pp](?:[0-9.]+[WwDd])*(?:[Tt](?:[0-9.]+[HhMmSs])+)?\
                                       |[0-9.]+(?:ms|s|m|h|d|w))$";

    /// `count` times 24 hours.
    pub const fn days(count: u32) -> Self {
        Self(count as i64 * DAY)
    }
}

impl FromStr for Duration {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let parsed = match text.strip_prefix(['P', 'p']) {
            Some(rest) => iso(rest),
            None => short(text),
        };
        parsed.map(Self).map_err(|remedy| FrameError::DurationText {
            text: text.to_owned(),
            remedy,
        })
    }
}

/// Reads what follows the `P`: parts in falling order of unit, each at most once.
fn iso(rest: &str) -> Result<i64, &'static str> {
    let mut total = 0_i64;
    let mut rest = rest;
    let mut after_t = false;
    let mut previous = i64::MAX;
    let mut parts = 0;
    while !rest.is_empty() {
        if !after_t && rest.starts_with(['T', 't']) {
            (after_t, rest, parts) = (true, &rest[1..], 0);
            continue;
        }
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .ok_or(FORM)?;
        let letter = rest[end..].chars().next().ok_or(FORM)?;
        let unit = match (after_t, letter.to_ascii_uppercase()) {
            (false, 'Y' | 'M') => return Err(NO_MONTHS),
            (false, 'W') => WEEK,
            (false, 'D') => DAY,
            (true, 'H') => HOUR,
            (true, 'M') => MINUTE,
            (true, 'S') => SECOND,
            _ => return Err(FORM),
        };
        if unit >= previous {
            return Err("write each unit once, the longest first");
        }
        total = total
            .checked_add(scaled(&rest[..end], unit)?)
            .ok_or(TOO_LONG)?;
        (previous, rest, parts) = (unit, &rest[end + letter.len_utf8()..], parts + 1);
    }
    if parts == 0 { Err(FORM) } else { Ok(total) }
}

/// Reads one number and one of the short units.
fn short(text: &str) -> Result<i64, &'static str> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .ok_or(FORM)?;
    let unit = match &text[end..] {
        "ms" => 1,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => WEEK,
        "mo" | "y" | "M" | "Y" => return Err(NO_MONTHS),
        _ => return Err(FORM),
    };
    scaled(&text[..end], unit)
}

/// `number` times `unit`, where the product is a whole number of milliseconds.
fn scaled(number: &str, unit: i64) -> Result<i64, &'static str> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || fraction.is_empty() || fraction.contains('.') {
        return Err(FORM);
    }
    let fraction = fraction.trim_end_matches('0');
    // The longest unit has 604 800 000 = 2¹² · … ms, so no exact fraction of it has 13 digits.
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).map_err(|_| TOO_FINE)?);
    let scale = scale.filter(|_| fraction.len() <= 12).ok_or(TOO_FINE)?;
    let digits: i128 = if fraction.is_empty() {
        0
    } else {
        fraction.parse().map_err(|_| FORM)?
    };
    let whole: i128 = whole.parse::<i64>().map_err(|_| TOO_LONG)?.into();
    let product = (whole * scale + digits) * i128::from(unit);
    if product % scale != 0 {
        return Err(TOO_FINE);
    }
    i64::try_from(product / scale).map_err(|_| TOO_LONG)
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        let (days, rest) = (self.0 / DAY, self.0 % DAY);
        if days > 0 {
            write!(f, "{days}D")?;
        }
        if rest > 0 || days == 0 {
            write_clock(f, rest)?;
        }
        Ok(())
    }
}

/// Writes `T2H30M0.5S` for a length, with as many hours as it takes.
pub(crate) fn write_clock(f: &mut fmt::Formatter<'_>, millis: i64) -> fmt::Result {
    f.write_str("T")?;
    let (hours, rest) = (millis / HOUR, millis % HOUR);
    let (minutes, rest) = (rest / MINUTE, rest % MINUTE);
    if hours > 0 {
        write!(f, "{hours}H")?;
    }
    if minutes > 0 {
        write!(f, "{minutes}M")?;
    }
    if rest > 0 || millis == 0 {
        write!(f, "{}", rest / SECOND)?;
        let fraction = format!("{:03}", rest % SECOND);
        let fraction = fraction.trim_end_matches('0');
        if !fraction.is_empty() {
            write!(f, ".{fraction}")?;
        }
        f.write_str("S")?;
    }
    Ok(())
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

serde_as_text!(Duration, "a duration as ISO 8601, such as PT15M");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn iso_and_short_texts_mean_the_same_lengths() {
        for (text, millis) in [
            ("PT15M", 15 * 60_000),
            ("15m", 15 * 60_000),
            ("P7D", 7 * 86_400_000),
            ("P1W", 7 * 86_400_000),
            ("1w", 7 * 86_400_000),
            ("7d", 7 * 86_400_000),
            ("P1DT12H", 36 * 3_600_000),
            ("P1.5D", 36 * 3_600_000),
            ("PT0.5S", 500),
            ("PT0S", 0),
            ("250ms", 250),
            ("90s", 90_000),
            ("2h", 7_200_000),
            ("1.5h", 5_400_000),
            ("pt2h", 7_200_000),
        ] {
            assert_eq!(text.parse::<Duration>().unwrap().millis(), millis, "{text}");
        }
    }

    #[test]
    fn the_canonical_text_is_iso() {
        for (text, canonical) in [
            ("2h", "PT2H"),
            ("1w", "P7D"),
            ("24h", "P1D"),
            ("36h", "P1DT12H"),
            ("0s", "PT0S"),
            ("90s", "PT1M30S"),
            ("250ms", "PT0.25S"),
            ("86400001ms", "P1DT0.001S"),
        ] {
            assert_eq!(
                text.parse::<Duration>().unwrap().to_string(),
                canonical,
                "{text}"
            );
        }
    }

    #[test]
    fn months_and_years_are_refused_with_the_remedy() {
        for text in ["P1M", "P1Y", "1mo", "1y", "P1M2D"] {
            let error = text.parse::<Duration>().unwrap_err().to_string();
            assert!(
                error.ends_with("write days, such as P30D or P365D"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P1DT",
            "T1H",
            "P1H",
            "PT1D",
            "P1D1D",
            "PT1M1H",
            "1",
            "m",
            "1 h",
            "-1h",
            "1h30m",
            "P-1D",
            "PT0.0001S",
            "1.h",
            ".5h",
            "1..5h",
            "P1é",
            "99999999999999999999h",
            "9223372036854775807w",
            "0.00000000000000000000000000000000000000000000001h",
        ] {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_length_below_zero_is_refused() {
        let error = Duration::from_millis(-1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a duration of -1 ms is below zero; allowed: 0 and more; swap the two ends it was made \
             from"
        );
    }

    proptest! {
        #[test]
        fn every_text_reads_back(millis in 0..=i64::MAX) {
            let duration = Duration::from_millis(millis).unwrap();
            prop_assert_eq!(duration.to_string().parse::<Duration>().unwrap(), duration);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,12}") {
            let _ = text.parse::<Duration>();
            let _ = format!("P{text}").parse::<Duration>();
        }
    }
}
