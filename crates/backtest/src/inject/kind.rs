//! What is put into a series.
//!
//! | text            | shape        | a value y in it becomes                                          |
//! |-----------------|--------------|------------------------------------------------------------------|
//! | `spike=50%`     | spike        | y · 1.5                                                          |
//! | `drop=20%`      | drop         | y · 0.8                                                          |
//! | `zero`          | zero         | 0                                                                |
//! | `level=-10%`    | level shift  | y · 0.9, up to the end of the trial                              |
//! | `trend=5%/day`  | trend break  | y · (1 + 0.05 · days since its start), up to the end of the trial |
//! | `variance=200%` | variance     | m + 3 (y − m), m the median of five rows around it               |
//! | `flat`          | flat line    | the last value before it                                         |
//! | `gap`           | gap          | nothing                                                          |

use std::fmt;
use std::str::FromStr;

use crate::BacktestError;

/// What is put into a series, with its size where it has one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Injected {
    shape: Shape,
    /// A share, 0.2 for 20 %; 0 for shapes without a size.
    size: f64,
}

/// The shape of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Values are higher by a share.
    Spike,
    /// Values are lower by a share, up to all of it.
    Drop,
    /// Values are 0.
    Zero,
    /// Values are higher or lower by a share from then on.
    Level,
    /// Values grow or fall by a share more with each day from then on.
    Trend,
    /// Values stray farther from their neighbours by a share.
    Variance,
    /// Values repeat the last one before.
    Flat,
    /// There are no values.
    Gap,
}

const SHAPES: [(Shape, &str); 8] = [
    (Shape::Spike, "spike"),
    (Shape::Drop, "drop"),
    (Shape::Zero, "zero"),
    (Shape::Level, "level"),
    (Shape::Trend, "trend"),
    (Shape::Variance, "variance"),
    (Shape::Flat, "flat"),
    (Shape::Gap, "gap"),
];

impl Shape {
    fn name(self) -> &'static str {
        let known = SHAPES.iter().find(|(shape, _)| *shape == self);
        known.map_or("", |(_, name)| name)
    }

    /// Whether it has a size.
    fn has_size(self) -> bool {
        !matches!(self, Self::Zero | Self::Flat | Self::Gap)
    }

    /// Whether it goes on to the end of the trial, however long the others last.
    pub(crate) fn stays(self) -> bool {
        matches!(self, Self::Level | Self::Trend)
    }

    /// Whether `size` can be meant.
    fn takes(self, size: f64) -> bool {
        match self {
            Self::Spike | Self::Variance => size > 0.0,
            Self::Drop => size > 0.0 && size <= 1.0,
            Self::Level => size > -1.0 && size.abs() > 0.0,
            Self::Trend => size.abs() > 0.0,
            Self::Zero | Self::Flat | Self::Gap => true,
        }
    }
}

impl Injected {
    /// Its shape.
    pub fn shape(self) -> Shape {
        self.shape
    }

    /// Its size as a share, 0.2 for 20 %; 0 where its shape has none.
    pub fn size(self) -> f64 {
        self.size
    }

    /// It in words: `a drop of 20 %`.
    pub fn words(self) -> String {
        let size = trimmed(100.0 * self.size);
        match self.shape {
            Shape::Spike => format!("a spike of {size} %"),
            Shape::Drop => format!("a drop of {size} %"),
            Shape::Zero => "a drop to zero".to_owned(),
            Shape::Level => format!("a level shift of {size} %"),
            Shape::Trend => format!("a trend of {size} % a day"),
            Shape::Variance => format!("a variance larger by {size} %"),
            Shape::Flat => "a flat line".to_owned(),
            Shape::Gap => "a gap".to_owned(),
        }
    }
}

/// A number without the digits that binary leaves behind.
fn trimmed(number: f64) -> String {
    let rounded: f64 = format!("{number:.9e}").parse().expect("it was a number");
    rounded.to_string()
}

impl FromStr for Injected {
    type Err = BacktestError;

    fn from_str(text: &str) -> Result<Self, BacktestError> {
        let refused = || BacktestError::BadIncident {
            text: text.to_owned(),
        };
        let (name, size) = match text.split_once('=') {
            Some((name, size)) => (name, Some(size)),
            None => (text, None),
        };
        let shape = SHAPES.iter().find(|(_, known)| *known == name.trim());
        let (shape, _) = shape.ok_or_else(refused)?;
        let size = match (shape.has_size(), size) {
            (false, None) => 0.0,
            (true, Some(size)) => {
                let size = match shape {
                    Shape::Trend => size.trim().strip_suffix("/day").ok_or_else(refused)?,
                    _ => size,
                };
                let percent = size.trim().strip_suffix('%').ok_or_else(refused)?;
                let percent: f64 = percent.trim().parse().map_err(|_| refused())?;
                percent / 100.0
            }
            _ => return Err(refused()),
        };
        let is_meant = size.is_finite() && shape.takes(size);
        is_meant
            .then_some(Self {
                shape: *shape,
                size,
            })
            .ok_or_else(refused)
    }
}

impl fmt::Display for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.shape.name())?;
        if self.shape.has_size() {
            write!(f, "={}%", trimmed(100.0 * self.size))?;
        }
        f.write_str(if self.shape == Shape::Trend {
            "/day"
        } else {
            ""
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incident_reads_back_and_is_said_in_words() {
        let all = [
            ("spike=50%", "a spike of 50 %"),
            ("drop=20%", "a drop of 20 %"),
            ("zero", "a drop to zero"),
            ("level=-10%", "a level shift of -10 %"),
            ("trend=2.5%/day", "a trend of 2.5 % a day"),
            ("variance=200%", "a variance larger by 200 %"),
            ("flat", "a flat line"),
            ("gap", "a gap"),
        ];
        for (text, words) in all {
            let incident: Injected = text.parse().unwrap();
            assert_eq!(
                (incident.to_string(), incident.words()),
                (text.to_owned(), words.to_owned())
            );
        }
    }

    #[test]
    fn what_is_no_incident_is_refused_with_the_forms() {
        for text in [
            "drop",
            "drop=20",
            "drop=0%",
            "drop=101%",
            "level=-100%",
            "trend=5%",
            "gap=3%",
            "dip=1%",
        ] {
            let error = text.parse::<Injected>().unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("`{text}` is no incident; allowed: spike=50%")),
                "{error}"
            );
        }
    }
}
