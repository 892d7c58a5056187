//! How a granularity is written: ISO 8601, or `5_MINUTES`, or `5m`.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveDate, Weekday};

use crate::duration::write_clock;
use crate::granularity::Step;
use crate::{Duration, FrameError, Granularity};

/// The unit of a step as it is written.
enum Unit {
    Exact(i64),
    Day,
    Week,
    Month,
    Year,
}

const FORM: &str = "write one number and one unit";

impl FromStr for Granularity {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let refused = |remedy| FrameError::GranularityText {
            text: text.to_owned(),
            remedy,
        };
        if let Some(rest) = text.strip_prefix(['P', 'p'])
            && let Some(date) = rest
                .get(..1)
                .filter(|first| !first.eq_ignore_ascii_case("T"))
            && date.is_ascii()
        {
            let (count, unit) =
                rest.split_at(rest.len() - rest.chars().last().map_or(0, char::len_utf8));
            let unit = match unit.to_ascii_uppercase().as_str() {
                "D" => Unit::Day,
                "W" => Unit::Week,
                "M" => Unit::Month,
                "Y" => Unit::Year,
                _ => {
                    return Err(refused(
                        "mixed steps are not possible: write hours, such as PT36H",
                    ));
                }
            };
            return counted(count, &unit).map_err(refused)?;
        }
        if text.starts_with(['P', 'p']) {
            let step = text.parse().map_err(|_| refused(FORM))?;
            return Self::fixed(step);
        }
        if let Some((count, unit)) = text.split_once('_') {
            let unit = unit.to_ascii_uppercase();
            let unit = match unit.strip_suffix('S').unwrap_or(&unit) {
                "MILLISECOND" => Unit::Exact(1),
                "SECOND" => Unit::Exact(1000),
                "MINUTE" => Unit::Exact(60_000),
                "HOUR" => Unit::Exact(3_600_000),
                "DAY" => Unit::Day,
                "WEEK" => Unit::Week,
                "MONTH" => Unit::Month,
                "YEAR" => Unit::Year,
                _ => return Err(refused(FORM)),
            };
            return counted(count, &unit).map_err(refused)?;
        }
        let end = text
            .find(|c: char| !c.is_ascii_digit())
            .ok_or_else(|| refused(FORM))?;
        let unit = match &text[end..] {
            "ms" => Unit::Exact(1),
            "s" => Unit::Exact(1000),
            "m" => Unit::Exact(60_000),
            "h" => Unit::Exact(3_600_000),
            "d" => Unit::Day,
            "w" => Unit::Week,
            "mo" => Unit::Month,
            "y" => Unit::Year,
            _ => return Err(refused(FORM)),
        };
        counted(&text[..end], &unit).map_err(refused)?
    }
}

/// `count` of `unit`. The outer error is a remedy for the text; the inner one is a step that reads
/// well but cannot be meant.
fn counted(count: &str, unit: &Unit) -> Result<Result<Granularity, FrameError>, &'static str> {
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(FORM);
    }
    let count: u32 = count.parse().map_err(|_| FORM)?;
    Ok(match unit {
        Unit::Exact(millis) => {
            Duration::from_millis(i64::from(count) * millis).and_then(Granularity::fixed)
        }
        Unit::Day => Granularity::days_from(count, NaiveDate::default()),
        Unit::Week if count == 1 => Ok(Granularity::weeks(Weekday::Mon)),
        Unit::Week => return Err("several weeks need an anchor: write days, such as P14D"),
        Unit::Month => Granularity::months(count),
        Unit::Year if count == 1 => Granularity::months(12),
        Unit::Year => return Err("the longest step is one year, P1Y"),
    })
}

impl fmt::Display for Granularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        match self.0 {
            Step::Fixed { step, .. } => write_clock(f, step),
            Step::Days { count, .. } => write!(f, "{count}D"),
            Step::Weeks { .. } => f.write_str("1W"),
            Step::Months { count: 12 } => f.write_str("1Y"),
            Step::Months { count } => write!(f, "{count}M"),
        }
    }
}

impl fmt::Debug for Granularity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        match self.0 {
            Step::Fixed { phase, .. } if phase > 0 => {
                f.write_str("+P")?;
                write_clock(f, phase)
            }
            Step::Days { anchor, .. } if anchor > 0 => write!(f, "+{anchor}"),
            Step::Weeks { first } if first != Weekday::Mon => write!(f, "+{first:?}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Granularity {
        text.parse().unwrap()
    }

    fn refusal(text: &str) -> String {
        text.parse::<Granularity>().unwrap_err().to_string()
    }

    #[test]
    fn one_step_has_many_spellings_and_one_canonical_text() {
        for (spellings, canonical) in [
            (
                vec!["PT5M", "5_MINUTES", "5_minute", "5m", "PT300S"],
                "PT5M",
            ),
            (vec!["PT1H", "1_HOURS", "1_Hour", "1h", "PT60M"], "PT1H"),
            (vec!["PT24H", "24h"], "PT24H"),
            (vec!["P1D", "1_DAYS", "1_day", "1d"], "P1D"),
            (vec!["P3D", "3d"], "P3D"),
            (vec!["P1W", "1_WEEKS", "1w"], "P1W"),
            (vec!["P1M", "1_MONTHS", "1mo"], "P1M"),
            (vec!["P3M", "3mo"], "P3M"),
            (vec!["P1Y", "P12M", "1_YEARS", "1y", "12mo"], "P1Y"),
            (vec!["PT0.25S", "250ms", "250_MILLISECONDS"], "PT0.25S"),
        ] {
            for text in spellings {
                assert_eq!(read(text).to_string(), canonical, "{text}");
                assert_eq!(read(text), read(canonical), "{text}");
            }
        }
    }

    #[test]
    fn what_cannot_be_a_step_is_refused_with_the_remedy() {
        for (text, remedy) in [
            ("0_DAYS", "write P1D for daily data"),
            ("PT0S", "write the time between two neighbouring points"),
            ("P5M", "choose a number of months that divides the year"),
            (
                "P2W",
                "several weeks need an anchor: write days, such as P14D",
            ),
            ("P2Y", "the longest step is one year, P1Y"),
            (
                "P1DT12H",
                "mixed steps are not possible: write hours, such as PT36H",
            ),
            ("daily", "write one number and one unit"),
            ("1_FORTNIGHTS", "write one number and one unit"),
        ] {
            assert!(refusal(text).ends_with(remedy), "{text}: {}", refusal(text));
        }
        for text in [
            "", "P", "PD", "P-1D", "P+1D", "PT", "_", "1_", "_DAYS", "5", "Pé", "P1é", "h",
        ] {
            assert!(text.parse::<Granularity>().is_err(), "{text}");
        }
        let hour = Duration::hours(1);
        assert_eq!(
            read("PT1H").with_phase(hour).unwrap_err().to_string(),
            "the phase of the granularity is PT1H; allowed: PT0S up to, but without, the step \
             itself; write the remainder of the stamps by the step"
        );
        assert!(read("P1D").with_phase(hour).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,10}") {
            let _ = text.parse::<Granularity>();
            let _ = format!("P{text}").parse::<Granularity>();
            let _ = format!("3_{text}").parse::<Granularity>();
        }

        #[test]
        fn a_text_without_anchor_reads_back(millis in 1..i64::MAX, count in 1_u32..) {
            let step = Granularity::fixed(Duration::from_millis(millis).unwrap()).unwrap();
            prop_assert_eq!(read(&step.to_string()), step);
            let days = Granularity::days_from(count, NaiveDate::default()).unwrap();
            prop_assert_eq!(read(&days.to_string()), days);
        }
    }
}
