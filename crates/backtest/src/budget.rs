//! How many alerts somebody is ready to get.

use std::fmt;
use std::str::FromStr;

use tuatara::frame::Duration;

use crate::BacktestError;

/// The units, and how many days each has.
const UNITS: [(&str, u32); 3] = [("day", 1), ("week", 7), ("month", 30)];

/// So many alerts in a time, over all series or on each.
///
/// ```
/// use tuatara_backtest::Budget;
///
/// let budget: Budget = "2/week".parse()?;
/// assert_eq!((budget.count(), budget.per().to_string()), (2.0, "P7D".to_owned()));
/// assert!("3/month/series".parse::<Budget>()?.is_per_series());
/// # Ok::<(), tuatara_backtest::BacktestError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    count: f64,
    unit: usize,
    per_series: bool,
}

impl Budget {
    /// How many alerts.
    pub fn count(self) -> f64 {
        self.count
    }

    /// In how long: a day, seven, or thirty.
    pub fn per(self) -> Duration {
        Duration::days(UNITS[self.unit].1)
    }

    /// Whether each series has so many, rather than all together.
    pub fn is_per_series(self) -> bool {
        self.per_series
    }

    /// How many alerts it allows in `time`, in which series were judged for `of_series` all together:
    /// two for a day each are two days.
    pub fn allows(self, time: Duration, of_series: Duration) -> f64 {
        let time = if self.per_series { of_series } else { time };
        self.count * (time.millis() as f64 / self.per().millis() as f64)
    }

    /// `alerts` in that time, in the unit of the budget; `None` without time.
    pub fn rate(self, alerts: usize, time: Duration, of_series: Duration) -> Option<f64> {
        let allowed = self.allows(time, of_series) / self.count;
        (allowed > 0.0).then(|| alerts as f64 / allowed)
    }

    /// Whether so many `alerts` keep to it; not without time. Rounding counts for nothing.
    pub fn holds(self, alerts: usize, time: Duration, of_series: Duration) -> bool {
        let allowed = self.allows(time, of_series);
        allowed > 0.0 && alerts as f64 <= allowed * (1.0 + 1e-9)
    }

    /// The unit in words: `per week`, `per week and series`.
    pub fn unit(self) -> String {
        let series = if self.per_series { " and series" } else { "" };
        format!("per {}{series}", UNITS[self.unit].0)
    }
}

impl FromStr for Budget {
    type Err = BacktestError;

    fn from_str(text: &str) -> Result<Self, BacktestError> {
        let refused = || BacktestError::BadBudget {
            text: text.to_owned(),
        };
        let mut parts = text.split('/').map(str::trim);
        let count = parts.next().and_then(|count| count.parse::<f64>().ok());
        let count = count.filter(|count| count.is_finite() && *count > 0.0);
        let unit = parts.next().unwrap_or_default();
        let unit = UNITS.iter().position(|(name, _)| *name == unit);
        let per_series = match parts.next() {
            None => false,
            Some("series") => true,
            Some(_) => return Err(refused()),
        };
        match (count, unit, parts.next()) {
            (Some(count), Some(unit), None) => Ok(Self {
                count,
                unit,
                per_series,
            }),
            _ => Err(refused()),
        }
    }
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let series = if self.per_series { "/series" } else { "" };
        write!(f, "{}/{}{series}", self.count, UNITS[self.unit].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_reads_back_and_counts_by_time_and_series() {
        for text in ["2/week", "0.5/day", "3/month/series"] {
            assert_eq!(text.parse::<Budget>().unwrap().to_string(), text);
        }
        let weekly: Budget = "2/week/series".parse().unwrap();
        // Two weeks and three series: twelve.
        let (time, of_series) = (Duration::days(14), Duration::days(42));
        assert!((weekly.allows(time, of_series) - 12.0).abs() < 1e-12);
        assert_eq!(weekly.rate(12, time, of_series), Some(2.0));
        assert_eq!(weekly.rate(12, Duration::ZERO, Duration::ZERO), None);
        // Of all series together the time counts once: two in each of two weeks.
        let weekly: Budget = "2/week".parse().unwrap();
        assert_eq!(weekly.rate(12, time, of_series), Some(6.0));
    }

    #[test]
    fn exactly_as_many_as_are_allowed_keep_to_it_however_the_share_is_rounded() {
        // 0.7 a day in ten days are seven, and 6.999999999999999 in binary.
        let budget: Budget = "0.7/day".parse().unwrap();
        let time = Duration::days(10);
        assert!(budget.holds(7, time, time) && !budget.holds(8, time, time));
        assert!(!budget.holds(0, Duration::ZERO, Duration::ZERO));
    }

    #[test]
    fn what_is_no_budget_is_refused_with_the_form() {
        for text in [
            "2",
            "0/week",
            "x/week",
            "2/year",
            "2/week/slice",
            "2/week/series/x",
            "NaN/day",
        ] {
            assert_eq!(
                text.parse::<Budget>().unwrap_err().to_string(),
                format!(
                    "`{text}` is no budget; allowed: a number above 0, then /day, /week or /month of 30 \
                     days, then /series if each has so many; write 2/week"
                )
            );
        }
    }
}
