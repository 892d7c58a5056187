//! The forms of a stamp, told apart byte by byte.

use chrono::NaiveDate;

use super::TimeUnit;
use crate::calendar::{self, DAY, HOUR};

const MINUTE: i64 = 60_000;

/// What a cell says about time, before any zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// Milliseconds since 1970 UTC, from a stamp with an offset.
    Exact(i64),
    /// A local clock: milliseconds since 1970 as if it were UTC.
    Civil(i64),
    /// A local date: days since 1970.
    Date(i64),
    /// A bare number: its whole part, and its fraction in units of 10⁻⁹.
    Number { whole: i128, billionths: i128 },
}

/// Why a cell is no stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    Empty,
    /// Of no form that is known.
    Form,
    /// Of a known form, with a part that no calendar or clock has.
    Part,
}

impl Flaw {
    /// What to do about `cell`.
    pub(super) fn remedy(self, cell: &str) -> &'static str {
        match self {
            Self::Empty => "give every row a stamp",
            Self::Part => "correct the date or the time, which no calendar or clock shows",
            Self::Form if is_turned_round(cell) => {
                "write the year first, then month and day, as 2024-05-31"
            }
            Self::Form if is_period(cell) => "write its first day, as 2024-05-01",
            Self::Form => {
                "write the stamps in one of these forms, or name another column (--time COLUMN)"
            }
        }
    }
}

/// Whether a cell begins as a date of three numbers with strokes or points, `5/31/2024` or `31.5.2024`.
fn is_turned_round(cell: &str) -> bool {
    let date = cell.split([' ', 'T', ',']).next().unwrap_or(cell);
    let numbers = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    ['/', '.'].into_iter().any(|between| {
        let parts: Vec<&str> = date.split(between).collect();
        parts.len() == 3 && parts.into_iter().all(numbers)
    })
}

/// Whether a cell is a month, `2024-05`, or a week, `2024-W22`.
fn is_period(cell: &str) -> bool {
    let Some((year, number)) = cell.split_once('-') else {
        return false;
    };
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.strip_prefix('W').unwrap_or(number);
    year.len() == 4 && number.len() == 2 && are_digits(year) && are_digits(number)
}

/// The forms that are read, for messages.
pub(super) const ALLOWED: &str = "2024-05-31T10:00:00Z, 2024-05-31 10:00:00, 2024-05-31, or epoch \
                                  numbers with a declared unit";

/// The date read last: most stamps are of the date of the stamp before.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LastDate {
    /// `2024-05-31`, or zeros before the first date.
    text: [u8; 10],
    day: i64,
}

impl LastDate {
    /// Days since 1970 of the date that a cell begins with, and the rest of the cell.
    fn read<'c>(&mut self, cell: &'c [u8]) -> Result<(i64, Rest<'c>), Flaw> {
        if let Some((text, rest)) = cell.split_first_chunk()
            && *text == self.text
        {
            return Ok((self.day, Rest(rest)));
        }
        let mut rest = Rest(cell);
        let year = rest.digits(4)?;
        rest.expect(b'-')?;
        let month = rest.digits(2)?;
        rest.expect(b'-')?;
        let day_of_month = rest.digits(2)?;
        let day = date(year, month, day_of_month).ok_or(Flaw::Part)?;
        if let Some((text, _)) = cell.split_first_chunk() {
            *self = Self { text: *text, day };
        }
        Ok((day, rest))
    }
}

impl Stamp {
    /// Reads a cell without spaces around it.
    pub(super) fn read(cell: &[u8], last: &mut LastDate) -> Result<Self, Flaw> {
        if cell.is_empty() {
            return Err(Flaw::Empty);
        }
        // A dash behind four digits is that of a date.
        if cell.get(4) != Some(&b'-')
            && let Some(number) = bare_number(cell)
        {
            return Ok(number);
        }
        let (day, mut rest) = last.read(cell)?;
        if rest.0.is_empty() {
            return Ok(Self::Date(day));
        }
        if !rest.skip(b'T') && !rest.skip(b't') && !rest.skip(b' ') {
            return Err(Flaw::Form);
        }
        let label = day * DAY + rest.time()?;
        match rest.offset()? {
            Some(offset) => Ok(Self::Exact(label - offset)),
            None => Ok(Self::Civil(label)),
        }
    }

    /// Its form, for messages.
    pub(super) const fn form(self) -> &'static str {
        match self {
            Self::Exact(_) => "a stamp with an offset",
            Self::Civil(_) | Self::Date(_) => "a local stamp without an offset",
            Self::Number { .. } => "an epoch number",
        }
    }
}

/// Milliseconds since 1970 of an epoch number, finer digits cut off; `None` beyond 64 bits.
pub(super) fn epoch(whole: i128, billionths: i128, unit: TimeUnit) -> Option<i64> {
    // Whole numbers that fit need no wide division.
    if let (0, Ok(whole)) = (billionths, i64::try_from(whole)) {
        match unit {
            TimeUnit::Seconds => return whole.checked_mul(1000),
            TimeUnit::Millis => return Some(whole),
            TimeUnit::Micros => return Some(whole.div_euclid(1000)),
            TimeUnit::Nanos => return Some(whole.div_euclid(1_000_000)),
            TimeUnit::Rows => return None,
        }
    }
    let nanos = unit.nanos()?;
    let fraction = (billionths * nanos).div_euclid(BILLION);
    i64::try_from((whole * nanos + fraction).div_euclid(1_000_000)).ok()
}

const BILLION: i128 = 1_000_000_000;

/// A number with an optional sign and fraction. All that exceeds 10²⁷, which no unit makes an
/// instant, is 10²⁷.
fn bare_number(cell: &[u8]) -> Option<Stamp> {
    // Up to 18 digits fit 64 bits.
    if cell.len() <= 18 && cell.iter().all(u8::is_ascii_digit) {
        let append = |number: i64, digit: &u8| number * 10 + i64::from(digit - b'0');
        return Some(Stamp::Number {
            whole: cell.iter().fold(0, append).into(),
            billionths: 0,
        });
    }
    let (sign, digits) = match cell.split_first()? {
        (b'-', rest) => (-1, rest),
        _ => (1, cell),
    };
    let point = digits
        .iter()
        .position(|&byte| byte == b'.')
        .unwrap_or(digits.len());
    let (whole, fraction) = (&digits[..point], digits.get(point + 1..).unwrap_or(b""));
    let all_digits = whole.iter().chain(fraction).all(u8::is_ascii_digit);
    if whole.is_empty() || !all_digits || (point < digits.len() && fraction.is_empty()) {
        return None;
    }
    let append = |number: i128, digit: u8| number * 10 + i128::from(digit - b'0');
    let most = BILLION.pow(3);
    let whole = whole
        .iter()
        .fold(0, |number, &digit| append(number, digit).min(most));
    let nine = fraction
        .iter()
        .copied()
        .chain(std::iter::repeat(b'0'))
        .take(9);
    Some(Stamp::Number {
        whole: sign * whole,
        billionths: sign * nine.fold(0, append),
    })
}

/// Days since 1970 of a date in the years 1 to 9999.
fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    let year = i32::try_from(year).ok().filter(|&year| year >= 1)?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    Some(calendar::day(date))
}

/// What is still to be read of a cell.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn digits(&mut self, count: usize) -> Result<i64, Flaw> {
        let (digits, rest) = self.0.split_at_checked(count).ok_or(Flaw::Form)?;
        let mut number = 0;
        for byte in digits {
            if !byte.is_ascii_digit() {
                return Err(Flaw::Form);
            }
            number = number * 10 + i64::from(byte - b'0');
        }
        self.0 = rest;
        Ok(number)
    }

    fn skip(&mut self, byte: u8) -> bool {
        let found = self.0.first() == Some(&byte);
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Flaw> {
        if self.skip(byte) {
            Ok(())
        } else {
            Err(Flaw::Form)
        }
    }

    /// Two digits below `limit`.
    fn part(&mut self, limit: i64) -> Result<i64, Flaw> {
        let number = self.digits(2)?;
        if number < limit {
            Ok(number)
        } else {
            Err(Flaw::Part)
        }
    }

    /// `10:00`, `10:00:00` or `10:00:00.000`, in milliseconds.
    fn time(&mut self) -> Result<i64, Flaw> {
        let hour = self.part(24)?;
        self.expect(b':')?;
        let minute = self.part(60)?;
        let mut millis = hour * HOUR + minute * MINUTE;
        if self.skip(b':') {
            millis += self.part(60)? * 1000;
            if self.skip(b'.') {
                let digits = self
                    .0
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit())
                    .count();
                if digits == 0 {
                    return Err(Flaw::Form);
                }
                let (fraction, rest) = self.0.split_at(digits);
                for (byte, weight) in fraction.iter().zip([100, 10, 1]) {
                    millis += i64::from(byte - b'0') * weight;
                }
                self.0 = rest;
            }
        }
        Ok(millis)
    }

    /// `Z`, `UTC`, `+02:00`, `+0200` or `+02`, perhaps after a space; `None` at the end.
    fn offset(&mut self) -> Result<Option<i64>, Flaw> {
        if self.0.is_empty() {
            return Ok(None);
        }
        self.skip(b' ');
        if [&b"Z"[..], b"z", b"UTC"].contains(&self.0) {
            return Ok(Some(0));
        }
        let sign = if self.skip(b'-') {
            -1
        } else {
            self.expect(b'+')?;
            1
        };
        let hour = self.part(24)?;
        let colon = self.skip(b':');
        let minute = if self.0.is_empty() && !colon {
            0
        } else {
            self.part(60)?
        };
        if !self.0.is_empty() {
            return Err(Flaw::Form);
        }
        Ok(Some(sign * (hour * HOUR + minute * MINUTE)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Instant;

    /// 2024-05-31, counted by hand: 19 723 days to 2024-01-01, and 31+29+31+30+30 more.
    const DATE: i64 = 19_874;

    fn read(cell: &str) -> Result<Stamp, Flaw> {
        Stamp::read(cell.as_bytes(), &mut LastDate::default())
    }

    #[test]
    fn dates_as_people_write_them_get_a_remedy_of_their_own() {
        for (cell, remedy) in [
            ("31/05/2024", "write the year first"),
            ("31.05.2024", "write the year first"),
            ("2024-05", "write its first day"),
            ("2024-W22", "write its first day"),
            ("5/31/2024 10:00:00.5", "write the year first"),
            ("31 May 2024", "write the stamps in one of these forms"),
            ("10.0.0.1", "write the stamps in one of these forms"),
            ("a/b/c", "write the stamps in one of these forms"),
            ("2024-5", "write the stamps in one of these forms"),
        ] {
            assert_eq!(read(cell), Err(Flaw::Form), "{cell}");
            assert!(Flaw::Form.remedy(cell).starts_with(remedy), "{cell}");
        }
    }

    #[test]
    fn each_form_is_told_apart() {
        let ten = DATE * DAY + 10 * HOUR;
        assert_eq!(read("2024-05-31"), Ok(Stamp::Date(DATE)));
        assert_eq!(read("2024-05-31T10:00"), Ok(Stamp::Civil(ten)));
        assert_eq!(read("2024-05-31 10:00:01"), Ok(Stamp::Civil(ten + 1000)));
        assert_eq!(read("2024-05-31 10:00:00.25"), Ok(Stamp::Civil(ten + 250)));
        assert_eq!(
            read("2024-05-31 10:00:00.123999"),
            Ok(Stamp::Civil(ten + 123))
        );
        for exact in [
            "2024-05-31T10:00:00Z",
            "2024-05-31 10:00:00 UTC",
            "2024-05-31T12:00:00+02:00",
            "2024-05-31T12:00+0200",
            "2024-05-31T04:30:00-0530",
            "2024-05-31t11:00:00+01",
        ] {
            assert_eq!(read(exact), Ok(Stamp::Exact(ten)), "{exact}");
        }
    }

    #[test]
    fn the_date_before_changes_nothing() {
        let mut last = LastDate::default();
        for cell in [
            "2024-05-31 10:00",
            "2024-05-31T11:00Z",
            "2024-05-31",
            "2024-05-3",
            "2024-05-311",
            "2024-06-01 10:00",
            "2024-06-31 10:00",
            "2024-06-01",
        ] {
            assert_eq!(
                Stamp::read(cell.as_bytes(), &mut last),
                read(cell),
                "{cell}"
            );
        }
    }

    #[test]
    fn numbers_keep_their_fraction() {
        assert_eq!(
            read("1714557600"),
            Ok(Stamp::Number {
                whole: 1_714_557_600,
                billionths: 0
            })
        );
        assert_eq!(
            read("12.5"),
            Ok(Stamp::Number {
                whole: 12,
                billionths: 500_000_000
            })
        );
        assert_eq!(
            read("-1.25"),
            Ok(Stamp::Number {
                whole: -1,
                billionths: -250_000_000
            })
        );
        assert_eq!(epoch(12, 500_000_000, TimeUnit::Seconds), Some(12_500));
        assert_eq!(epoch(-1, -250_000_000, TimeUnit::Seconds), Some(-1_250));
        assert_eq!(epoch(i64::MAX.into(), 0, TimeUnit::Seconds), None);
        assert_eq!(epoch(7, 0, TimeUnit::Millis), Some(7));
        assert_eq!(epoch(-1_001, 0, TimeUnit::Micros), Some(-2));
        assert_eq!(
            epoch(-1, 0, TimeUnit::Nanos),
            Some(-1),
            "cut off towards the past"
        );
        assert_eq!(
            epoch(1_714_557_600_123_456, 0, TimeUnit::Micros),
            Some(1_714_557_600_123)
        );
    }

    #[test]
    fn a_number_of_any_length_is_a_number_and_far_out_of_range() {
        let Ok(Stamp::Number { whole, billionths }) = read(&"9".repeat(99)) else {
            panic!("a number is a number")
        };
        let millis = epoch(whole, billionths, TimeUnit::Nanos);
        assert!(millis.is_none_or(|millis| millis > Instant::MAX.millis()));
        assert_eq!(
            read(&"0".repeat(99)),
            Ok(Stamp::Number {
                whole: 0,
                billionths: 0
            })
        );
    }

    #[test]
    fn flaws_are_told_apart() {
        assert_eq!(read(""), Err(Flaw::Empty));
        for form in [
            "31/05/2024",
            "May 31",
            "2024-5-31",
            "2024-05-31T",
            "2024-05-31T10",
            "2024-05-31X10:00",
            "2024-05-31T10:00:00+2",
            "2024-05-31T10:00:00+02:",
            "2024-05-31T10:00:00.Z",
            "1.",
            ".5",
            "-",
            "2024-05-31T10:00:00ZZ",
            "1e9",
            "2024-05-31T10:00 ",
        ] {
            assert_eq!(read(form), Err(Flaw::Form), "{form}");
        }
        for part in [
            "2023-02-29",
            "2024-13-01",
            "0000-01-01",
            "2024-05-31T24:00",
            "2024-05-31T10:60",
        ] {
            assert_eq!(read(part), Err(Flaw::Part), "{part}");
        }
    }
}
