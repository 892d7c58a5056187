//! The grammar of offsets: how far back an expectation is taken from.
//!
//! | text                            | lags                                            |
//! |---------------------------------|-------------------------------------------------|
//! | `current`                       | none: the bucket itself                         |
//! | `none`, `predicted`             | none: no expectation                            |
//! | `hoNh doNd woNw moNm yoNy`      | one, N hours, days, weeks, months or years back |
//! | `mean`, `median`, `min`, `max` + `Nh Nd Nw Nm` | 1 to N hours, days, weeks or months back |
//!
//! N is a whole number from 1. The whole text must match.
//!
//! Source: ThirdEye 2020, *offsets*. Departs from it: there the first pattern found anywhere in
//! the text counts, so that `medianFoowo1w` is `wo1w`; here it is an error.

use std::fmt;
use std::str::FromStr;

use tuatara_frame::{Lag, LagUnit, closest};

use crate::{BaselineError, Combine};

/// The most that one lag may count.
const FARTHEST: u32 = 100_000;
/// The most lags that one aggregate may have.
const MOST_LAGS: u32 = 1_000;

/// How far back an expectation is taken from, and how several values become one.
///
/// ```
/// use tuatara_baseline::Offset;
///
/// let offset: Offset = "median4w".parse()?;
/// assert_eq!(offset.lags().len(), 4);
/// assert_eq!(offset.to_string(), "median4w");
///
/// let error = "w01w".parse::<Offset>().unwrap_err();
/// assert!(error.to_string().contains("did you mean \"wo1w\"?"));
/// # Ok::<(), tuatara_baseline::BaselineError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Offset {
    kind: Kind,
    lags: Vec<Lag>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Current,
    None,
    Lag,
    Aggregate(Combine),
}

impl Offset {
    /// A regular expression (ECMA-262) that every text matches that is read as an offset; so do some
    /// that count too far.
    pub const PATTERN: &'static str = "^(?:current|none|predicted|ho[0-9]+h|do[0-9]+d|wo[0-9]+w|mo[0-9]+m\
                                       |yo[0-9]+y|(?:mean|median|min|max)[0-9]+[hdwm])$";

    /// The bucket itself.
    pub fn current() -> Self {
        Self {
            kind: Kind::Current,
            lags: Vec::new(),
        }
    }

    /// No expectation.
    pub fn none() -> Self {
        Self {
            kind: Kind::None,
            lags: Vec::new(),
        }
    }

    /// One lag.
    pub fn lag(lag: Lag) -> Self {
        Self {
            kind: Kind::Lag,
            lags: vec![lag],
        }
    }

    /// The lags of 1 to `count` units, combined.
    ///
    /// # Errors
    /// [`BaselineError::Count`] when `count` is not in 1..=1000.
    pub fn aggregate(combine: Combine, count: u32, unit: LagUnit) -> Result<Self, BaselineError> {
        let out_of_range = || BaselineError::Count {
            text: format!("{combine}{count}"),
            count: count.to_string(),
            allowed: "1 to 1000",
        };
        if !(1..=MOST_LAGS).contains(&count) {
            return Err(out_of_range());
        }
        let lags = (1..=count)
            .map(|count| Lag::new(count, unit).map_err(|_| out_of_range()))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            kind: Kind::Aggregate(combine),
            lags,
        })
    }

    /// The lags, nearest first; none for `current` and `none`.
    pub fn lags(&self) -> &[Lag] {
        &self.lags
    }

    /// The lags that stand in, one for one and the nearest first, for those that lie in a span
    /// that does not train: twice to [`FURTHER`](Self::FURTHER) + 1 times a single lag, and
    /// as many units beyond the last of an aggregate.
    pub fn further(&self) -> impl Iterator<Item = Lag> + '_ {
        let is_single = self.kind == Kind::Lag;
        let last = self.lags.last().copied();
        let steps = last
            .into_iter()
            .flat_map(|last| (1..=Self::FURTHER).map(move |k| (last, k)));
        steps.filter_map(move |(last, k)| {
            let step = if is_single { last.count() } else { 1 };
            let count = step.checked_mul(k)?.checked_add(last.count())?;
            Lag::new(count, last.unit()).ok()
        })
    }

    /// How many lags can stand in for others.
    pub const FURTHER: u32 = 4;

    /// Whether the expectation is the bucket itself.
    pub fn is_current(&self) -> bool {
        self.kind == Kind::Current
    }

    /// Whether there is never an expectation.
    pub fn is_none(&self) -> bool {
        self.kind == Kind::None
    }

    /// How the values of the lags become one; a single lag is its own median.
    pub fn combine(&self) -> Combine {
        match self.kind {
            Kind::Aggregate(combine) => combine,
            Kind::Current | Kind::None | Kind::Lag => Combine::Median,
        }
    }
}

impl Default for Offset {
    /// `wo1w`, the default of every offset rule.
    fn default() -> Self {
        let week = Lag::new(1, LagUnit::Weeks).expect("one week is a lag");
        Self::lag(week)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self
            .lags
            .last()
            .map(|lag| (lag.count(), letter(lag.unit())));
        match (self.kind, last) {
            (Kind::Current, _) => f.write_str("current"),
            (Kind::Aggregate(combine), Some((count, unit))) => write!(f, "{combine}{count}{unit}"),
            (Kind::Lag, Some((count, unit))) => write!(f, "{unit}o{count}{unit}"),
            (_, _) => f.write_str("none"),
        }
    }
}

const UNITS: [(char, LagUnit); 5] = [
    ('h', LagUnit::Hours),
    ('d', LagUnit::Days),
    ('w', LagUnit::Weeks),
    ('m', LagUnit::Months),
    ('y', LagUnit::Years),
];

fn letter(unit: LagUnit) -> char {
    let known = UNITS.iter().find(|(_, known)| *known == unit);
    known.expect("every unit has a letter").0
}

impl FromStr for Offset {
    type Err = BaselineError;

    fn from_str(text: &str) -> Result<Self, BaselineError> {
        read(text).unwrap_or_else(|| {
            Err(BaselineError::UnknownOffset {
                text: text.to_owned(),
                suggestion: suggestion(text),
            })
        })
    }
}

/// `None` when the shape of the text is none of the grammar.
fn read(text: &str) -> Option<Result<Offset, BaselineError>> {
    match text {
        "current" => return Some(Ok(Offset::current())),
        "none" | "predicted" => return Some(Ok(Offset::none())),
        _ => {}
    }
    for (letter, unit) in UNITS {
        let single = text
            .strip_prefix(letter)
            .and_then(|rest| rest.strip_prefix('o'))
            .and_then(|rest| rest.strip_suffix(letter));
        if let Some(digits) = single.filter(|digits| is_number(digits)) {
            return Some(single_lag(text, digits, unit));
        }
    }
    for combine in Combine::ALL {
        let Some(rest) = text.strip_prefix(combine.as_str()) else {
            continue;
        };
        for (letter, unit) in UNITS {
            let digits = rest.strip_suffix(letter).filter(|digits| is_number(digits));
            if let Some(digits) = digits.filter(|_| unit != LagUnit::Years) {
                return Some(
                    count(text, digits, MOST_LAGS, "1 to 1000")
                        .and_then(|count| Offset::aggregate(combine, count, unit)),
                );
            }
        }
    }
    None
}

fn single_lag(text: &str, digits: &str, unit: LagUnit) -> Result<Offset, BaselineError> {
    const ALLOWED: &str = "1 to 100000";
    let count = count(text, digits, FARTHEST, ALLOWED)?;
    match Lag::new(count, unit) {
        Ok(lag) => Ok(Offset::lag(lag)),
        Err(_) => Err(BaselineError::Count {
            text: text.to_owned(),
            count: digits.to_owned(),
            allowed: ALLOWED,
        }),
    }
}

/// A number without a leading zero, so that every offset has one spelling; plain `0` is a number
/// that is out of range.
fn is_number(digits: &str) -> bool {
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

fn count(text: &str, digits: &str, most: u32, allowed: &'static str) -> Result<u32, BaselineError> {
    match digits.parse::<u32>() {
        Ok(count) if (1..=most).contains(&count) => Ok(count),
        _ => Err(BaselineError::Count {
            text: text.to_owned(),
            count: digits.to_owned(),
            allowed,
        }),
    }
}

/// What was probably meant: the text with letters and digits that look alike exchanged, or the
/// closest offset with the same number.
fn suggestion(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = digits.trim_start_matches('0');
    let number = if number.is_empty() { "1" } else { number };
    let mut candidates = vec!["current".to_owned(), "none".to_owned()];
    // The commonest first: of equally close ones the first is suggested.
    for unit in ["w", "d", "m", "h"] {
        candidates.push(format!("{unit}o{number}{unit}"));
        candidates.extend(Combine::ALL.map(|combine| format!("{combine}{number}{unit}")));
    }
    candidates.push(format!("yo{number}y"));
    let alike = look_alike(&text);
    if read(&alike).is_some_and(|offset| offset.is_ok()) {
        return Some(alike);
    }
    closest(&text, candidates.iter().map(String::as_str)).map(str::to_owned)
}

/// `w01w` and `wolw` as they were meant: `o` in second place, digits before the last letter.
fn look_alike(text: &str) -> String {
    let last = text.chars().count().saturating_sub(1);
    let exchange = |(place, letter): (usize, char)| match letter {
        '0' if place == 1 => 'o',
        'l' | 'i' if place > 1 && place < last => '1',
        'o' if place > 2 && place < last => '0',
        other => other,
    };
    text.chars().enumerate().map(exchange).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(text: &str) -> Offset {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_reads_and_prints_the_same_text() {
        for text in [
            "current", "none", "ho1h", "ho24h", "do1d", "wo2w", "mo12m", "yo1y", "mean4w",
            "median3m", "min3d", "max2h",
        ] {
            assert_eq!(offset(text).to_string(), text);
        }
    }

    #[test]
    fn predicted_is_another_word_for_none() {
        assert!(offset("predicted").is_none());
    }

    #[test]
    fn an_aggregate_has_every_lag_up_to_its_count() {
        let lags = offset("median3m").lags().to_vec();
        let months = |count| Lag::new(count, LagUnit::Months).unwrap();
        assert_eq!(lags, [months(1), months(2), months(3)]);
    }

    #[test]
    fn a_single_lag_goes_on_by_itself_and_an_aggregate_by_its_unit() {
        let further = |text: &str| -> Vec<String> {
            offset(text).further().map(|lag| lag.to_string()).collect()
        };
        assert_eq!(further("wo1w"), ["2w", "3w", "4w", "5w"]);
        // In weeks: by days it would lose the day of the week.
        assert_eq!(further("do7d"), ["14d", "21d", "28d", "35d"]);
        assert_eq!(further("median4w"), ["5w", "6w", "7w", "8w"]);
        assert!(further("current").is_empty() && further("none").is_empty());
    }

    #[test]
    fn quirk_2_the_whole_text_must_match() {
        // The original takes `medianFoowo1w` for wo1w and `wo1w_plus_mo1m` for mo1m.
        for text in [
            "medianFoowo1w",
            "wo1w_plus_mo1m",
            " wo1w",
            "wo1w ",
            "wo01w",
            "WO1W",
        ] {
            assert!(text.parse::<Offset>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_count_of_zero_is_refused_with_the_range() {
        assert_eq!(
            "wo0w".parse::<Offset>().unwrap_err().to_string(),
            "offset \"wo0w\" counts 0; allowed: 1 to 100000"
        );
        assert_eq!(
            "median99999999999w"
                .parse::<Offset>()
                .unwrap_err()
                .to_string(),
            "offset \"median99999999999w\" counts 99999999999; allowed: 1 to 1000"
        );
    }

    #[test]
    fn what_was_meant_is_suggested() {
        for (text, meant) in [
            ("w01w", "wo1w"),
            ("wolw", "wo1w"),
            ("WO1W", "wo1w"),
            ("wow", "wo1w"),
            ("median4", "median4w"),
            ("media4w", "median4w"),
            ("mean4y", "mean4w"),
            ("curent", "current"),
        ] {
            assert_eq!(suggestion(text).as_deref(), Some(meant), "{text}");
        }
        assert_eq!(suggestion("something else"), None);
    }
}
