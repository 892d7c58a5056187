//! Labelled series of every kind for training networks, a fresh one for each epoch and number.
//!
//! ```text
//! y_t = unit · (±1) · round( c_t + a_t s_t + w_t n_t  ⊕ anomalies )        NaN in gaps
//!
//! s  season: none, the shapes of AlerTiger, harmonics, free profiles, weekday and weekend,
//!    a peak once a season; hourly a day, or a day within a week; amplitude 1, may drift slowly
//! c  course: level, trend, slow wandering; season and noise are added, or multiply the level
//! w  width of the noise: 0.005 to 0.5, the same throughout, by phase, or in proportion to the level
//! n  noise: normal, heavy-tailed (Student, 3 to 8 degrees), with a memory; or whole counts
//! unit  10^−6 … 10^6
//! ```
//!
//! | anomaly         | what happens                                          | size                          |
//! |-----------------|-------------------------------------------------------|-------------------------------|
//! | spike, shift    | up or down, and back                                  | 2.5 to 25 widths, or a share of the season |
//! | level shift     | up or down for good; its first steps are labelled     | 4 to 25 widths                |
//! | trend break     | climbs or falls for one to three seasons, and stays   | 6 to 30 widths at the end     |
//! | dip to zero     | zero, or a twentieth of what it was                   | all of it, at least 5 widths  |
//! | variance change | noise 3 to 8 times as wide                            |                               |
//! | flat-line       | the value before it, again and again                  |                               |
//!
//! After the label of a change for good follow four seasons in which a person could say either:
//! [`unclear`](LabelledSeries::unclear). A share of the daily series is made by the recipe of
//! [`alertiger`](crate::alertiger) with noise of 0.02 to 0.25 and sizes to match.
//!
//! A series is a function of the seed, the epoch and its number: any can be had alone, in any
//! order, by any thread.

mod change;
mod course;
mod gaps;
mod pattern;
mod scatter;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::alertiger::{Recipe, Shape};
use crate::draw::Draw;
use crate::error::{Result, require};
use crate::labelled::{Cadence, LabelledSeries};

use course::Course;
use pattern::Pattern;
use scatter::Scatter;

/// Of the daily series, how many are by the recipe of AlerTiger.
const RECIPE_SHARE: f64 = 0.3;
const MIRRORED_SHARE: f64 = 0.5;
/// Decimal exponents of the unit.
const UNIT: [f64; 2] = [-6.0, 6.0];
/// Series that are rounded to a step of the noise's width, as a metric of few digits is.
const ROUNDED_SHARE: f64 = 0.1;

/// A kind of training data: the cadence, and how long a series is.
///
/// ```
/// use tuatara_synth::{Cadence, training::Mixture};
///
/// let mixture = Mixture::new(Cadence::Hourly);
/// let series = mixture.draw(1, 0, 17); // seed 1, epoch 0, number 17
/// assert_eq!(series.len(), 1008); // six weeks
/// assert_ne!(mixture.draw(1, 1, 17).expected, series.expected); // fresh in the next epoch
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mixture {
    cadence: Cadence,
    steps: usize,
}

impl Mixture {
    /// Series of `cadence`: 140 days, 1 008 hours or 312 weeks long.
    pub const fn new(cadence: Cadence) -> Self {
        let steps = match cadence {
            Cadence::Daily => 140,
            Cadence::Hourly => 6 * 168,
            Cadence::Weekly => 6 * 52,
        };
        Self { cadence, steps }
    }

    /// Series of `steps` steps.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::SynthError::OutOfRange) outside 40 to 100 000, and below three of the
    /// longest season: 504 hours, 156 weeks.
    pub fn with_steps(self, steps: usize) -> Result<Self> {
        let (least, allowed) = match self.cadence {
            Cadence::Daily => (40.0, "40 to 100000 days"),
            Cadence::Hourly => (504.0, "504 to 100000 hours"),
            Cadence::Weekly => (156.0, "156 to 100000 weeks"),
        };
        let remedy = "three of the longest season are the least that shows one";
        require("steps", steps as f64, [least, 100_000.0], allowed, remedy)?;
        Ok(Self { steps, ..self })
    }

    /// The cadence of the series.
    pub const fn cadence(&self) -> Cadence {
        self.cadence
    }

    /// How many steps a series has.
    pub const fn steps(&self) -> usize {
        self.steps
    }

    /// The series number `index` of `epoch` at `seed`.
    pub fn draw(&self, seed: u64, epoch: u32, index: u32) -> LabelledSeries {
        let number = (u64::from(epoch) << 32) | u64::from(index);
        let stream = |purpose| Draw::new(seed, purpose, number);
        let mut kind = stream("training kind");
        let start = self.start(&mut kind);
        let is_recipe = kind.uniform() < RECIPE_SHARE && self.cadence == Cadence::Daily;
        let streams = [
            stream("training course"),
            stream("training noise"),
            stream("training change"),
        ];
        let mut series = if is_recipe {
            let mut series = self.by_recipe(&mut kind, streams);
            series.start = start;
            series
        } else {
            self.composed(start, &mut kind, streams)
        };
        if kind.uniform() < MIRRORED_SHARE {
            series = series.mirrored();
        }
        let unit = libm::pow(10.0, kind.between(UNIT[0], UNIT[1]));
        for value in series.values.iter_mut().chain(&mut series.expected) {
            *value *= unit;
        }
        gaps::lose(
            &mut series.values,
            self.cadence,
            &mut stream("training gaps"),
        );
        series
    }

    /// Some hour, day or Monday of 2020 to 2023.
    fn start(&self, draw: &mut Draw) -> NaiveDateTime {
        let monday =
            NaiveDate::from_ymd_opt(2020, 1, 6).expect("6 January 2020 is a date, a Monday");
        let shift = match self.cadence {
            Cadence::Hourly => TimeDelta::hours(draw.below(4 * 364 * 24) as i64),
            Cadence::Daily => TimeDelta::days(draw.below(4 * 364) as i64),
            Cadence::Weekly => TimeDelta::weeks(draw.below(4 * 52) as i64),
        };
        monday.and_time(NaiveTime::MIN) + shift
    }

    fn by_recipe(&self, kind: &mut Draw, streams: [Draw; 3]) -> LabelledSeries {
        let noise = log_even(kind, [0.02, 0.25]);
        let low = (2.5 * noise).max(0.1);
        let size = [low, low + kind.between(0.2, 1.0)];
        let shape = Shape::ALL[kind.below(Shape::ALL.len())];
        Recipe::standard()
            .with_days(self.steps)
            .and_then(|recipe| recipe.with_noise(noise)?.with_size(size))
            .expect("a mixture's steps, noise and sizes are in the ranges of the recipe")
            .of_shape(shape, streams)
    }

    fn composed(
        &self,
        start: NaiveDateTime,
        kind: &mut Draw,
        [mut course, mut noise, mut change]: [Draw; 3],
    ) -> LabelledSeries {
        let pattern = Pattern::draw(self.cadence, kind);
        let season = pattern.along(start, self.steps, self.cadence, kind);
        let scatter = Scatter::draw(kind);
        let course = Course::draw(self.steps, self.cadence, scatter.width(), &mut course);
        let expected = course.with_season(&season);
        let widths = scatter.widths(&expected, course.is_relative(), self.cadence, kind);
        let mut values = scatter.around(&expected, &widths, &mut noise);
        let mut series = change::disturb(
            change::Undisturbed {
                start,
                cadence: self.cadence,
                expected,
                widths: &widths,
                has_season: pattern.has_season(),
            },
            &mut values,
            &mut change,
        );
        if kind.uniform() < ROUNDED_SHARE {
            let step = scatter.width() * kind.between(0.2, 2.0);
            for value in &mut values {
                *value = step * (*value / step).round();
            }
        }
        series.values = values;
        series
    }
}

/// A number whose logarithm is even in the range.
fn log_even(draw: &mut Draw, [low, high]: [f64; 2]) -> f64 {
    libm::exp(draw.between(libm::log(low), libm::log(high)))
}

/// Which of `weights`, by their share of the sum; one draw.
fn choose(draw: &mut Draw, weights: &[f64]) -> usize {
    let mut rest = draw.uniform() * weights.iter().sum::<f64>();
    let below = |weight: &f64| {
        rest -= weight;
        rest < 0.0
    };
    // Rounding can leave a crumb beyond the last weight.
    weights.iter().position(below).unwrap_or(weights.len() - 1)
}
