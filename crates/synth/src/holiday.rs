//! Holidays by rule: which date, and how the metric differs on it.
//!
//! ```text
//! h(d) = Π (1 + effect)        over the holidays that fall on d; 1 on other days
//! ```

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// How a holiday finds its date in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HolidayDate {
    /// The same month and day each year.
    Fixed {
        /// 1 to 12.
        month: u32,
        /// 1 to 31.
        day: u32,
    },
    /// The `nth` such weekday of the month, then `plus` days later.
    Nth {
        /// 1 to 12.
        month: u32,
        /// The day of the week counted.
        weekday: Weekday,
        /// 1 is the first.
        nth: u8,
        /// Days after it: the Friday after the fourth Thursday has 1.
        plus: u32,
    },
    /// The last such weekday of the month.
    Last {
        /// 1 to 12.
        month: u32,
        /// The day of the week counted.
        weekday: Weekday,
    },
}

impl HolidayDate {
    /// The date in `year`, or `None` where there is none (29 February, a fifth Monday).
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Fixed { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            Self::Nth {
                month,
                weekday,
                nth,
                plus,
            } => NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)?
                .checked_add_days(Days::new(u64::from(plus))),
            Self::Last { month, weekday } => [5, 4]
                .into_iter()
                .find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)),
        }
    }
}

/// A holiday: name, date, effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Holiday {
    /// What people call it.
    pub name: &'static str,
    /// Its date.
    pub date: HolidayDate,
    /// Relative change of the metric on the day: −0.2 is twenty per cent less.
    pub effect: f64,
}

const fn fixed(name: &'static str, month: u32, day: u32, effect: f64) -> Holiday {
    Holiday {
        name,
        date: HolidayDate::Fixed { month, day },
        effect,
    }
}

const fn nth(
    name: &'static str,
    (nth, weekday, month): (u8, Weekday, u32),
    plus: u32,
    effect: f64,
) -> Holiday {
    Holiday {
        name,
        date: HolidayDate::Nth {
            month,
            weekday,
            nth,
            plus,
        },
        effect,
    }
}

/// The holidays of a shop in the United States, in the order of the year.
///
/// Every effect is smaller than the smallest incident of [`daily_revenue`](crate::daily_revenue()):
/// a holiday is a known, moderate departure, not an outage.
pub const SHOP_HOLIDAYS: [Holiday; 9] = [
    fixed("New Year's Day", 1, 1, -0.18),
    Holiday {
        name: "Memorial Day",
        date: HolidayDate::Last {
            month: 5,
            weekday: Weekday::Mon,
        },
        effect: -0.10,
    },
    fixed("Independence Day", 7, 4, -0.15),
    nth("Labor Day", (1, Weekday::Mon, 9), 0, -0.10),
    nth("Thanksgiving", (4, Weekday::Thu, 11), 0, -0.18),
    nth("Black Friday", (4, Weekday::Thu, 11), 1, 0.18),
    nth("Cyber Monday", (4, Weekday::Thu, 11), 4, 0.15),
    fixed("Christmas Eve", 12, 24, -0.12),
    fixed("Christmas Day", 12, 25, -0.20),
];

/// The factor of a date: the product over the `holidays` that fall on it.
pub fn factor(holidays: &[Holiday], date: NaiveDate) -> f64 {
    let is_today = |holiday: &&Holiday| holiday.date.in_year(date.year()) == Some(date);
    holidays
        .iter()
        .filter(is_today)
        .map(|holiday| 1.0 + holiday.effect)
        .product()
}

/// Whether one of the `holidays` falls on the date.
pub fn is_holiday(holidays: &[Holiday], date: NaiveDate) -> bool {
    holidays
        .iter()
        .any(|holiday| holiday.date.in_year(date.year()) == Some(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(year: i32) -> Vec<String> {
        SHOP_HOLIDAYS
            .iter()
            .map(|h| h.date.in_year(year).unwrap().to_string())
            .collect()
    }

    #[test]
    fn the_dates_are_those_of_the_printed_calendar() {
        assert_eq!(
            dates(2024),
            [
                "2024-01-01",
                "2024-05-27",
                "2024-07-04",
                "2024-09-02",
                "2024-11-28",
                "2024-11-29",
                "2024-12-02",
                "2024-12-24",
                "2024-12-25"
            ]
        );
        assert_eq!(
            dates(2025),
            [
                "2025-01-01",
                "2025-05-26",
                "2025-07-04",
                "2025-09-01",
                "2025-11-27",
                "2025-11-28",
                "2025-12-01",
                "2025-12-24",
                "2025-12-25"
            ]
        );
    }

    #[test]
    fn a_date_that_a_year_does_not_have_is_none() {
        assert_eq!(HolidayDate::Fixed { month: 2, day: 29 }.in_year(2025), None);
        let fifth = HolidayDate::Nth {
            month: 2,
            weekday: Weekday::Mon,
            nth: 5,
            plus: 0,
        };
        assert_eq!(fifth.in_year(2025), None);
    }

    #[test]
    fn the_factor_is_one_plus_the_effect_on_the_day_and_one_on_the_next() {
        let on = |text: &str| factor(&SHOP_HOLIDAYS, text.parse().unwrap());
        assert!((on("2025-12-25") - 0.80).abs() < 1e-15);
        assert_eq!(on("2025-12-26").to_bits(), 1.0f64.to_bits());
        assert!(is_holiday(&SHOP_HOLIDAYS, "2025-07-04".parse().unwrap()));
        assert!(!is_holiday(&SHOP_HOLIDAYS, "2025-07-05".parse().unwrap()));
    }
}
