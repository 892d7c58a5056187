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

    /// How many alerts it allows in `time` on `series` series.
    pub fn allows(self, time: Duration, series: usize) -> f64 {
        let units = time.millis() as f64 / self.per().millis() as f64;
        let each = if self.per_series { series as f64 } else { 1.0 };
        self.count * units * each
    }

    /// `alerts` in `time` on `series` series, in the unit of the budget; `None` without time or
    /// series.
    pub fn rate(self, alerts: usize, time: Duration, series: usize) -> Option<f64> {
        let allowed = self.allows(time, series) / self.count;
        (allowed > 0.0).then(|| alerts as f64 / allowed)
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
        assert!((weekly.allows(Duration::days(14), 3) - 12.0).abs() < 1e-12);
        assert_eq!(weekly.rate(12, Duration::days(14), 3), Some(2.0));
        assert_eq!(weekly.rate(12, Duration::ZERO, 3), None);
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
