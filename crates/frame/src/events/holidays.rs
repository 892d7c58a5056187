//! Public holidays of whole countries, by rule.
//!
//! | rule                                   | example                                            |
//! |----------------------------------------|----------------------------------------------------|
//! | a date                                 | 25 December                                        |
//! | a date, or the day before on a Sunday  | King's Day, 27 April                               |
//! | the n-th or last weekday of a month    | Thanksgiving, the 4th Thursday of November         |
//! | a weekday before a date                | Victoria Day, the last Monday before 25 May        |
//! | days from Easter Sunday                | Good Friday, 2 days before                         |
//!
//! Each rule has the years for which it is in force, from 2000 on: before that the tables say
//! nothing. Holidays of regions are left out, and so are days that are proclaimed each year anew.
//! In the United Kingdom (England and Wales) a holiday on a weekend is also left out on the
//! working day that stands in for it; elsewhere the date of the holiday itself counts.
//!
//! Sources: 5 U.S.C. § 6103; Canada Labour Code § 166; Banking and Financial Dealings Act 1971,
//! sched. 1, with the royal proclamations of 2020 to 2023; the holiday laws of the others as of
//! 2025. Easter: Meeus, *Astronomical Algorithms* (1991), ch. 8, for the Gregorian calendar.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{CalendarEvent, EventError};
use crate::closest;

/// A country whose public holidays are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Country {
    /// Brazil: the national holidays, without Carnival and Corpus Christi.
    Br,
    /// Canada: the general holidays under federal law.
    Ca,
    /// Germany: the holidays of all states.
    De,
    /// Spain: the national holidays.
    Es,
    /// France: the holidays of all departments.
    Fr,
    /// The United Kingdom: the bank holidays of England and Wales.
    Gb,
    /// Italy: the national holidays.
    It,
    /// The Netherlands: the official holidays.
    Nl,
    /// The United States: the federal holidays.
    Us,
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    Fixed(u32, u32),
    /// The day before where it is a Sunday.
    NotOnSunday(u32, u32),
    Nth(u32, Weekday, u8),
    Last(u32, Weekday),
    /// The last such weekday before the date.
    Before(u32, u32, Weekday),
    Easter(i64),
}

#[derive(Debug, Clone, Copy)]
struct Holiday {
    name: &'static str,
    rule: Rule,
    /// The first and the last year.
    years: (i32, i32),
}

const FIRST_YEAR: i32 = 2000;
const ALWAYS: (i32, i32) = (FIRST_YEAR, 9999);

const fn holiday(name: &'static str, rule: Rule) -> Holiday {
    let years = ALWAYS;
    Holiday { name, rule, years }
}

const fn since(year: i32, name: &'static str, rule: Rule) -> Holiday {
    let years = (year, 9999);
    Holiday { name, rule, years }
}

const fn until(year: i32, name: &'static str, rule: Rule) -> Holiday {
    let years = (FIRST_YEAR, year);
    Holiday { name, rule, years }
}

const fn once(year: i32, name: &'static str, month: u32, day: u32) -> Holiday {
    Holiday {
        name,
        rule: Rule::Fixed(month, day),
        years: (year, year),
    }
}

use Rule::{Before, Easter, Fixed, Last, NotOnSunday, Nth};
use Weekday::{Mon, Thu};

const NEW_YEAR: Holiday = holiday("New Year's Day", Fixed(1, 1));
const EPIPHANY: Holiday = holiday("Epiphany", Fixed(1, 6));
const GOOD_FRIDAY: Holiday = holiday("Good Friday", Easter(-2));
const EASTER: Holiday = holiday("Easter Sunday", Easter(0));
const EASTER_MONDAY: Holiday = holiday("Easter Monday", Easter(1));
const LABOUR_DAY: Holiday = holiday("Labour Day", Fixed(5, 1));
const ASCENSION: Holiday = holiday("Ascension Day", Easter(39));
const WHIT_MONDAY: Holiday = holiday("Whit Monday", Easter(50));
const ASSUMPTION: Holiday = holiday("Assumption Day", Fixed(8, 15));
const ALL_SAINTS: Holiday = holiday("All Saints' Day", Fixed(11, 1));
const IMMACULATE: Holiday = holiday("Immaculate Conception", Fixed(12, 8));
const CHRISTMAS: Holiday = holiday("Christmas Day", Fixed(12, 25));
const BOXING: Holiday = holiday("Boxing Day", Fixed(12, 26));
const SECOND_CHRISTMAS: Holiday = holiday("Second Day of Christmas", Fixed(12, 26));

const BR: &[Holiday] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    holiday("Tiradentes", Fixed(4, 21)),
    LABOUR_DAY,
    holiday("Independence Day", Fixed(9, 7)),
    holiday("Our Lady of Aparecida", Fixed(10, 12)),
    holiday("All Souls' Day", Fixed(11, 2)),
    holiday("Republic Day", Fixed(11, 15)),
    since(2024, "Black Awareness Day", Fixed(11, 20)),
    CHRISTMAS,
];

const CA: &[Holiday] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    holiday("Victoria Day", Before(5, 25, Mon)),
    holiday("Canada Day", Fixed(7, 1)),
    holiday("Labour Day", Nth(9, Mon, 1)),
    since(2021, "Truth and Reconciliation Day", Fixed(9, 30)),
    holiday("Thanksgiving", Nth(10, Mon, 2)),
    holiday("Remembrance Day", Fixed(11, 11)),
    CHRISTMAS,
    BOXING,
];

const DE: &[Holiday] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    LABOUR_DAY,
    ASCENSION,
    WHIT_MONDAY,
    holiday("German Unity Day", Fixed(10, 3)),
    once(2017, "Reformation Day", 10, 31),
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const ES: &[Holiday] = &[
    NEW_YEAR,
    EPIPHANY,
    GOOD_FRIDAY,
    LABOUR_DAY,
    ASSUMPTION,
    holiday("National Day", Fixed(10, 12)),
    ALL_SAINTS,
    holiday("Constitution Day", Fixed(12, 6)),
    IMMACULATE,
    CHRISTMAS,
];

const FR: &[Holiday] = &[
    NEW_YEAR,
    EASTER_MONDAY,
    LABOUR_DAY,
    holiday("Victory Day", Fixed(5, 8)),
    ASCENSION,
    WHIT_MONDAY,
    holiday("Bastille Day", Fixed(7, 14)),
    ASSUMPTION,
    ALL_SAINTS,
    holiday("Armistice Day", Fixed(11, 11)),
    CHRISTMAS,
];

/// 2002, 2012, 2020 and 2022 had bank holidays moved, and three years had one more.
const GB: &[Holiday] = &[
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER_MONDAY,
    until(2019, "Early May Bank Holiday", Nth(5, Mon, 1)),
    once(2020, "Early May Bank Holiday", 5, 8),
    since(2021, "Early May Bank Holiday", Nth(5, Mon, 1)),
    Holiday {
        name: "Spring Bank Holiday",
        rule: Last(5, Mon),
        years: (2000, 2001),
    },
    once(2002, "Spring Bank Holiday", 6, 4),
    once(2002, "Golden Jubilee", 6, 3),
    Holiday {
        name: "Spring Bank Holiday",
        rule: Last(5, Mon),
        years: (2003, 2011),
    },
    once(2012, "Spring Bank Holiday", 6, 4),
    once(2012, "Diamond Jubilee", 6, 5),
    Holiday {
        name: "Spring Bank Holiday",
        rule: Last(5, Mon),
        years: (2013, 2021),
    },
    once(2022, "Spring Bank Holiday", 6, 2),
    once(2022, "Platinum Jubilee", 6, 3),
    since(2023, "Spring Bank Holiday", Last(5, Mon)),
    holiday("Summer Bank Holiday", Last(8, Mon)),
    once(2011, "Royal Wedding", 4, 29),
    once(2022, "State Funeral", 9, 19),
    once(2023, "Coronation", 5, 8),
    CHRISTMAS,
    BOXING,
];

const IT: &[Holiday] = &[
    NEW_YEAR,
    EPIPHANY,
    EASTER,
    EASTER_MONDAY,
    holiday("Liberation Day", Fixed(4, 25)),
    LABOUR_DAY,
    since(2001, "Republic Day", Fixed(6, 2)),
    ASSUMPTION,
    ALL_SAINTS,
    IMMACULATE,
    CHRISTMAS,
    holiday("Saint Stephen's Day", Fixed(12, 26)),
];

const NL: &[Holiday] = &[
    NEW_YEAR,
    EASTER,
    EASTER_MONDAY,
    until(2013, "Queen's Day", NotOnSunday(4, 30)),
    since(2014, "King's Day", NotOnSunday(4, 27)),
    ASCENSION,
    holiday("Whit Sunday", Easter(49)),
    WHIT_MONDAY,
    CHRISTMAS,
    SECOND_CHRISTMAS,
];

const US: &[Holiday] = &[
    NEW_YEAR,
    holiday("Martin Luther King Day", Nth(1, Mon, 3)),
    holiday("Washington's Birthday", Nth(2, Mon, 3)),
    holiday("Memorial Day", Last(5, Mon)),
    since(2021, "Juneteenth", Fixed(6, 19)),
    holiday("Independence Day", Fixed(7, 4)),
    holiday("Labor Day", Nth(9, Mon, 1)),
    holiday("Columbus Day", Nth(10, Mon, 2)),
    holiday("Veterans Day", Fixed(11, 11)),
    holiday("Thanksgiving", Nth(11, Thu, 4)),
    CHRISTMAS,
];

const COUNTRIES: [(&str, Country, &[Holiday]); 9] = [
    ("BR", Country::Br, BR),
    ("CA", Country::Ca, CA),
    ("DE", Country::De, DE),
    ("ES", Country::Es, ES),
    ("FR", Country::Fr, FR),
    ("GB", Country::Gb, GB),
    ("IT", Country::It, IT),
    ("NL", Country::Nl, NL),
    ("US", Country::Us, US),
];

impl Country {
    /// All of them, by their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.iter().map(|(_, country, _)| *country)
    }

    /// Its code in ISO 3166-1: two capital letters.
    pub fn code(self) -> &'static str {
        self.entry().0
    }

    fn entry(self) -> &'static (&'static str, Self, &'static [Holiday]) {
        let mut all = COUNTRIES.iter();
        all.find(|(_, country, _)| *country == self)
            .expect("every country is in the table")
    }

    /// Its holidays from 2000 on that touch the dates from `from` to `to`, as events that are left
    /// out.
    pub fn holidays_between(
        self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = CalendarEvent> {
        let years = from.year().max(FIRST_YEAR)..=to.year();
        let dates = years.flat_map(move |year| self.in_year(year));
        dates
            .filter(move |(_, date)| (from..=to).contains(date))
            .map(move |(name, date)| {
                CalendarEvent::on(format!("{name} ({})", self.code()), date)
                    .leave_out()
                    .build()
                    .expect("invariant: a holiday has a name and a date")
            })
    }

    /// Names and dates of the holidays of a year, days that stand in for them included.
    fn in_year(self, year: i32) -> Vec<(&'static str, NaiveDate)> {
        let in_force = |holiday: &&Holiday| (holiday.years.0..=holiday.years.1).contains(&year);
        let holidays = self.entry().2.iter().filter(in_force);
        let mut dates: Vec<(&'static str, NaiveDate)> = holidays
            .filter_map(|holiday| Some((holiday.name, holiday.rule.in_year(year)?)))
            .collect();
        if self == Self::Gb {
            stand_in(&mut dates);
        }
        dates
    }
}

/// Adds the next working day that is no holiday itself for each on a weekend.
fn stand_in(dates: &mut Vec<(&'static str, NaiveDate)>) {
    for at in 0..dates.len() {
        let (name, date) = dates[at];
        let is_free = |day: &NaiveDate| day.weekday().number_from_monday() > 5;
        if !is_free(&date) {
            continue;
        }
        let taken = |day: &NaiveDate| is_free(day) || dates.iter().any(|(_, known)| known == day);
        let later = date.iter_days().find(|day| !taken(day));
        dates.extend(later.map(|day| (name, day)));
    }
}

impl Rule {
    fn in_year(self, year: i32) -> Option<NaiveDate> {
        let nth = |month, weekday, n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n);
        match self {
            Self::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Self::NotOnSunday(month, day) => {
                let date = NaiveDate::from_ymd_opt(year, month, day)?;
                match date.weekday() {
                    Weekday::Sun => date.pred_opt(),
                    _ => Some(date),
                }
            }
            Self::Nth(month, weekday, n) => nth(month, weekday, n),
            Self::Last(month, weekday) => nth(month, weekday, 5).or_else(|| nth(month, weekday, 4)),
            Self::Before(month, day, weekday) => {
                let mut date = NaiveDate::from_ymd_opt(year, month, day)?.pred_opt()?;
                while date.weekday() != weekday {
                    date = date.pred_opt()?;
                }
                Some(date)
            }
            Self::Easter(days) => {
                let sunday = easter(year)?;
                let distance = Days::new(days.unsigned_abs());
                match days < 0 {
                    true => sunday.checked_sub_days(distance),
                    false => sunday.checked_add_days(distance),
                }
            }
        }
    }
}

/// Easter Sunday of the Gregorian calendar; the letters are those of the source.
fn easter(year: i32) -> Option<NaiveDate> {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let (month, day) = (n / 31, n % 31 + 1);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Country {
    type Err = EventError;

    /// The code, in any case.
    fn from_str(text: &str) -> Result<Self, EventError> {
        let mut all = Self::all();
        let found = all.find(|country| country.code().eq_ignore_ascii_case(text));
        found.ok_or_else(|| EventError::UnknownCountry {
            text: text.to_owned(),
            suggestion: match text.to_ascii_uppercase().as_str() {
                "UK" => Some("GB"),
                "USA" => Some("US"),
                _ => closest(text, Self::all().map(Self::code)),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(country: &str, year: i32) -> Vec<String> {
        let country: Country = country.parse().unwrap();
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let mut dates: Vec<String> = country
            .holidays_between(day(1, 1), day(12, 31))
            .map(|event| event.start().to_string()[5..].to_owned())
            .collect();
        dates.sort();
        dates
    }

    /// As printed by the churches: the earliest, the latest, and some between.
    #[test]
    fn easter_falls_on_the_printed_dates() {
        for date in [
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2019-04-21",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2038-04-25",
            "2285-03-22",
        ] {
            let date: NaiveDate = date.parse().unwrap();
            assert_eq!(easter(date.year()), Some(date));
        }
    }

    #[test]
    fn the_federal_holidays_of_the_united_states() {
        assert_eq!(
            dates("US", 2026),
            [
                "01-01", "01-19", "02-16", "05-25", "06-19", "07-04", "09-07", "10-12", "11-11",
                "11-26", "12-25"
            ]
        );
        assert_eq!(
            dates("us", 2018),
            [
                "01-01", "01-15", "02-19", "05-28", "07-04", "09-03", "10-08", "11-11", "11-22",
                "12-25"
            ],
            "Juneteenth came in 2021"
        );
        let thanksgivings = [2023, 2024, 2025].map(|year| dates("US", year)[9].clone());
        assert_eq!(thanksgivings, ["11-23", "11-28", "11-27"]);
    }

    #[test]
    fn the_general_holidays_of_canada() {
        assert_eq!(
            dates("CA", 2025),
            [
                "01-01", "04-18", "05-19", "07-01", "09-01", "09-30", "10-13", "11-11", "12-25",
                "12-26"
            ]
        );
        // The Monday before 25 May is the 24th at the latest.
        assert!(dates("CA", 2027).contains(&"05-24".to_owned()));
        assert!(dates("CA", 2026).contains(&"05-18".to_owned()));
    }

    #[test]
    fn the_bank_holidays_of_england_and_wales_with_the_days_that_stand_in() {
        assert_eq!(
            dates("GB", 2020),
            [
                "01-01", "04-10", "04-13", "05-08", "05-25", "08-31", "12-25", "12-26", "12-28"
            ],
            "26 December was a Saturday"
        );
        assert_eq!(
            dates("GB", 2021),
            [
                "01-01", "04-02", "04-05", "05-03", "05-31", "08-30", "12-25", "12-26", "12-27",
                "12-28"
            ],
            "Christmas was a Saturday"
        );
        assert_eq!(
            dates("GB", 2022),
            [
                "01-01", "01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19",
                "12-25", "12-26", "12-27"
            ],
            "Christmas was a Sunday, and Monday a holiday of its own"
        );
        assert_eq!(
            dates("GB", 2023),
            [
                "01-01", "01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25",
                "12-26"
            ]
        );
    }

    #[test]
    fn the_holidays_of_all_german_states() {
        assert_eq!(
            dates("DE", 2024),
            [
                "01-01", "03-29", "04-01", "05-01", "05-09", "05-20", "10-03", "12-25", "12-26"
            ]
        );
        assert!(dates("DE", 2017).contains(&"10-31".to_owned()));
    }

    #[test]
    fn the_holidays_of_france() {
        assert_eq!(
            dates("FR", 2025),
            [
                "01-01", "04-21", "05-01", "05-08", "05-29", "06-09", "07-14", "08-15", "11-01",
                "11-11", "12-25"
            ]
        );
    }

    #[test]
    fn the_holidays_of_italy_and_spain() {
        assert_eq!(
            dates("IT", 2024),
            [
                "01-01", "01-06", "03-31", "04-01", "04-25", "05-01", "06-02", "08-15", "11-01",
                "12-08", "12-25", "12-26"
            ]
        );
        assert_eq!(
            dates("ES", 2024),
            [
                "01-01", "01-06", "03-29", "05-01", "08-15", "10-12", "11-01", "12-06", "12-08",
                "12-25"
            ]
        );
    }

    #[test]
    fn the_holidays_of_the_netherlands_without_a_kings_day_on_a_sunday() {
        assert_eq!(
            dates("NL", 2025),
            [
                "01-01", "04-20", "04-21", "04-26", "05-29", "06-08", "06-09", "12-25", "12-26"
            ],
            "27 April 2025 was a Sunday"
        );
        assert!(dates("NL", 2013).contains(&"04-30".to_owned()));
        assert!(dates("NL", 2024).contains(&"04-27".to_owned()));
    }

    #[test]
    fn the_national_holidays_of_brazil() {
        assert_eq!(
            dates("BR", 2024),
            [
                "01-01", "03-29", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "11-20",
                "12-25"
            ]
        );
        assert!(!dates("BR", 2023).contains(&"11-20".to_owned()));
    }

    #[test]
    fn an_unknown_country_is_refused_with_the_one_that_was_meant() {
        let said = |text: &str| text.parse::<Country>().unwrap_err().to_string();
        assert_eq!(
            said("UK"),
            "no holidays are known of `UK`; allowed: BR, CA, DE, ES, FR, GB, IT, NL, US; did you \
             mean `GB`?"
        );
        assert!(
            said("JP").ends_with("give its holidays as events"),
            "{}",
            said("JP")
        );
    }

    #[test]
    fn nothing_is_said_of_years_before_2000() {
        assert!(dates("US", 1999).is_empty());
    }
}
