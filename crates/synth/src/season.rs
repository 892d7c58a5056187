//! Factors that return with the week, the day and the month.
//!
//! ```text
//! week   w(d) = factor of the weekday of d            mean over the week 1
//! day    s(d, h) = factor of local hour h, one row for Monday to Friday, one for the weekend, mean 1 each
//! smooth s̃(d, h + x) = (1 − x) s(d, h) + x s(next hour)        x in [0, 1) of the hour
//! month  e(d) = 1 + lift on the last `days` days of the month, else 1
//! ```
//!
//! A mean of 1 makes the level of a series its mean: a season moves values about, never up.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Weekday};

use crate::error::{Result, SynthError};

/// How far the mean of a shape may be from 1; a sum of decimals is not exact in binary.
const MEAN_TOLERANCE: f64 = 1e-9;

/// Refuses factors that are not above zero, or whose mean is not 1.
fn require_shape(setting: &'static str, factors: &[f64]) -> Result<()> {
    let mean = factors.iter().sum::<f64>() / factors.len() as f64;
    let positive = factors.iter().all(|factor| *factor > 0.0);
    if positive && (mean - 1.0).abs() <= MEAN_TOLERANCE {
        return Ok(());
    }
    Err(SynthError::OutOfRange {
        setting,
        value: format!("{factors:?} (mean {mean})"),
        allowed: "numbers above zero with mean 1",
        remedy: "divide every factor by the mean",
    })
}

/// A factor for each day of the week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeekShape {
    /// Monday first.
    factors: [f64; 7],
}

impl WeekShape {
    /// The shape with these factors, Monday first.
    ///
    /// # Errors
    /// [`SynthError::OutOfRange`] unless all factors are above zero and their mean is 1.
    pub fn new(factors: [f64; 7]) -> Result<Self> {
        require_shape("week", &factors)?;
        Ok(Self { factors })
    }

    /// The factor of a weekday.
    pub fn factor(&self, weekday: Weekday) -> f64 {
        self.factors[weekday.num_days_from_monday() as usize]
    }
}

/// A factor for each hour of the local day, with a shape of its own at the weekend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayShape {
    workday: [f64; 24],
    weekend: [f64; 24],
}

impl DayShape {
    /// The shape with these factors, from the hour after midnight on.
    ///
    /// # Errors
    /// [`SynthError::OutOfRange`] unless, in each row, all factors are above zero and their mean is
    /// 1.
    pub fn new(workday: [f64; 24], weekend: [f64; 24]) -> Result<Self> {
        require_shape("workday", &workday)?;
        require_shape("weekend", &weekend)?;
        Ok(Self { workday, weekend })
    }

    /// The factor at `local`, a reading of the local clock, on the straight line from the factor of
    /// its hour to that of the next: for steps shorter than an hour. The hour after 23:00 is the
    /// first of the next day, with the row of that day.
    pub fn smooth(&self, local: NaiveDateTime) -> f64 {
        let x = f64::from(local.minute() * 60 + local.second()) / 3600.0;
        let next = local
            .checked_add_signed(TimeDelta::hours(1))
            .unwrap_or(local); // beyond the last date there is
        (1.0 - x) * self.factor(local) + x * self.factor(next)
    }

    /// The factor of the hour that `local`, a reading of the local clock, lies in.
    pub fn factor(&self, local: NaiveDateTime) -> f64 {
        let row = match local.weekday() {
            Weekday::Sat | Weekday::Sun => &self.weekend,
            _ => &self.workday,
        };
        row[local.hour() as usize] // chrono's hours are below 24
    }
}

/// `1 + lift` on the last `days` days of a month, 1 on every other day.
pub fn month_end(date: NaiveDate, days: u32, lift: f64) -> f64 {
    let is_near_end = match date.checked_add_days(Days::new(u64::from(days))) {
        Some(later) => later.month() != date.month() || later.year() != date.year(),
        None => true, // beyond the last date there is
    };
    if is_near_end { 1.0 + lift } else { 1.0 }
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // factors are looked up, not computed
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_starts_on_monday() {
        let week = WeekShape::new([0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.5]).unwrap();
        assert_eq!(week.factor(Weekday::Mon), 0.5);
        assert_eq!(week.factor(Weekday::Sun), 1.5);
    }

    #[test]
    fn a_week_with_another_mean_than_one_is_refused_with_the_remedy() {
        let error = WeekShape::new([2.0; 7]).unwrap_err().to_string();
        assert_eq!(
            error,
            "week is [2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0] (mean 2), outside numbers above zero with mean 1; \
             divide every factor by the mean"
        );
        assert!(WeekShape::new([f64::NAN; 7]).is_err());
        assert!(WeekShape::new([-1.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0]).is_err());
    }

    #[test]
    fn the_weekend_has_a_day_of_its_own() {
        let mut weekend = [1.0; 24];
        (weekend[6], weekend[12]) = (0.25, 1.75);
        let day = DayShape::new([1.0; 24], weekend).unwrap();
        let at = |text: &str| day.factor(text.parse().unwrap());
        assert_eq!(at("2026-03-06T06:59:59"), 1.0); // a Friday
        assert_eq!(at("2026-03-07T06:00:00"), 0.25);
        assert_eq!(at("2026-03-08T12:30:00"), 1.75);
    }

    #[test]
    fn a_smooth_day_runs_straight_between_hours_and_into_the_row_of_the_next_day() {
        let mut weekend = [1.0; 24];
        (weekend[0], weekend[1]) = (0.5, 1.5);
        let day = DayShape::new([1.0; 24], weekend).unwrap();
        let at = |text: &str| day.smooth(text.parse().unwrap());
        assert_eq!(at("2026-03-06T23:00:00"), 1.0); // a Friday
        assert_eq!(at("2026-03-06T23:30:00"), 0.75); // half way to Saturday's 0.5
        assert_eq!(at("2026-03-07T00:15:00"), 0.75); // a quarter of the way from 0.5 to 1.5
        assert_eq!(at("2026-03-07T01:00:00"), 1.5);
        assert!(day.smooth(NaiveDateTime::MAX).is_finite());
    }

    #[test]
    fn a_month_ends_on_its_last_days_also_in_february_of_a_leap_year() {
        for (text, factor) in [
            ("2024-02-27", 1.0),
            ("2024-02-28", 1.5),
            ("2024-02-29", 1.5),
            ("2024-03-01", 1.0),
            ("2025-02-27", 1.5),
            ("2025-12-31", 1.5),
            ("2025-12-29", 1.0),
        ] {
            assert_eq!(month_end(date(text), 2, 0.5), factor, "{text}");
        }
        assert_eq!(month_end(NaiveDate::MAX, 2, 0.5), 1.5);
    }
}
