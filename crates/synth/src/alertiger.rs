//! Daily series by the recipe that AlerTiger was trained on: four shapes of a week, a faint trend,
//! Gaussian noise, and at most one anomaly in each.
//!
//! ```text
//! y_t = b + a t + s(t) + σ z_t + A r_t            t = 0, 1, … days; z normal
//!
//! s   constant 0 │ triangle |(2t/7 + φ) mod 2 − 1| │ square 1 where sin(2π t/7 + φ) > 0.01, else −1
//!     │ sine sin(2π t/7 + φ);  as many series of each, in this order
//! φ   even in [0, 2π)        a   even in [0, 0.001)       b   even in [−5, 5)
//! A   even in the range of sizes
//! r   spike (40 %)  1/m, 2/m, … 1 and back, m = ⌈d/2⌉; the peak twice if d is even
//!     shift (40 %)  1 throughout
//!     none  (20 %)
//! d   even in 2 … 10 days; the start even from day 28 to the last at which the anomaly ends in time
//! ```
//!
//! A is drawn again until it changes the mean of the stretch by more than a tenth of the absolute
//! mean that it had. Every day of the stretch is labelled; the edges of a long spike are hardly more
//! than noise, so that nobody can find all labelled days.
//!
//! Source: the generator of mock data of the open release of AlerTiger (0.0.0), described in our own
//! words; see Y. Wang et al., *AlerTiger* (KDD 2023). Departs from it: sizes that can never change
//! the mean by a tenth are drawn [`DRAWS`] times and the last one stands, where the original would
//! not end; and every second series can be mirrored, so that its anomaly is a drop.

use std::f64::consts::TAU;

use chrono::{NaiveDate, NaiveTime};

use crate::draw::Draw;
use crate::error::{Result, SynthError, require};
pub use crate::labelled::LabelledSeries;
use crate::labelled::{Anomaly, AnomalyKind, Cadence};

/// How often a size is drawn before the last one stands.
pub const DRAWS: usize = 1_000;

const DOMAIN: &str = "alertiger";
const WEEK: f64 = 7.0;
/// The first day on which an anomaly may start: the days before it are the first history.
const FIRST_START: usize = 28;
const LENGTH_DAYS: [usize; 2] = [2, 10];
const SPIKE_SHARE: f64 = 0.4;
const SHIFT_SHARE: f64 = 0.4;
const STEEPEST: f64 = 0.001;
const FARTHEST: f64 = 5.0;
/// The least change of the mean of a stretch, as a share of the absolute mean.
const LEAST_CHANGE: f64 = 0.1;

/// The streams of a series: what is drawn from each.
const SHAPE: u64 = 0;
const NOISE: u64 = 1;
const ANOMALY: u64 = 2;
const STREAMS: u64 = 3;

/// What a week looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Every day is the same.
    Constant,
    /// Up and down by straight lines, between 0 and 1.
    Triangle,
    /// Either 1 or −1.
    Square,
    /// A sine of amplitude 1.
    Sine,
}

impl Shape {
    /// The shapes in the order in which a set has them.
    pub const ALL: [Self; 4] = [Self::Constant, Self::Triangle, Self::Square, Self::Sine];

    /// The season at `t` steps with `period` steps to a season and the phase `phi` in radians.
    pub fn at(self, t: f64, period: f64, phi: f64) -> f64 {
        let angle = TAU * t / period + phi;
        match self {
            Self::Constant => 0.0,
            Self::Triangle => libm::fabs(libm::fmod(2.0 * t / period + phi, 2.0) - 1.0),
            Self::Square if libm::sin(angle) > 0.01 => 1.0,
            Self::Square => -1.0,
            Self::Sine => libm::sin(angle),
        }
    }
}

/// A set of series: how many, how long, how noisy, and how large their anomalies.
///
/// ```
/// use tuatara_synth::alertiger::Recipe;
///
/// let set = Recipe::standard().series(1);
/// assert_eq!((set.len(), set[0].len()), (100, 181));
/// assert_eq!(set[0].start.to_string(), "2023-01-01 00:00:00");
/// // A series can be had alone.
/// assert_eq!(Recipe::standard().one(1, 99), set[99]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recipe {
    per_shape: usize,
    days: usize,
    noise: f64,
    size: [f64; 2],
    is_mirrored: bool,
}

impl Recipe {
    /// 100 series of 181 days with noise of 0.05 and sizes from 0.5 to 1.
    pub const fn standard() -> Self {
        Self {
            per_shape: 25,
            days: 181,
            noise: 0.05,
            size: [0.5, 1.0],
            is_mirrored: false,
        }
    }

    /// As [`standard`](Self::standard) with noise of 0.2.
    pub const fn noisy() -> Self {
        Self {
            noise: 0.2,
            ..Self::standard()
        }
    }

    /// As [`standard`](Self::standard) with sizes from 0.15 to 0.4.
    pub const fn subtle() -> Self {
        Self {
            size: [0.15, 0.4],
            ..Self::standard()
        }
    }

    /// As [`standard`](Self::standard) with every second series times −1: half the anomalies are drops.
    pub const fn mixed() -> Self {
        Self {
            is_mirrored: true,
            ..Self::standard()
        }
    }

    /// 200 series of 90 days, as the notebook of the original tests on.
    pub const fn readme() -> Self {
        Self {
            per_shape: 50,
            days: 90,
            ..Self::standard()
        }
    }

    /// 200 series of 365 days, as the notebook of the original trains on.
    pub const fn training() -> Self {
        Self {
            per_shape: 50,
            days: 365,
            ..Self::standard()
        }
    }

    /// With `per_shape` series of each shape.
    pub const fn with_series_per_shape(self, per_shape: usize) -> Self {
        Self { per_shape, ..self }
    }

    /// With series of `days` days.
    ///
    /// # Errors
    /// [`OutOfRange`](SynthError::OutOfRange) outside 38 to 36 600: before the longest anomaly lie
    /// 28 days of history.
    pub fn with_days(self, days: usize) -> Result<Self> {
        require(
            "days",
            days as f64,
            [(FIRST_START + LENGTH_DAYS[1]) as f64, 36_600.0],
            "38 to 36600",
            "28 days of history and the longest anomaly need 38",
        )?;
        Ok(Self { days, ..self })
    }

    /// With noise of deviation `noise`, in the unit of the seasons, whose amplitude is 1.
    ///
    /// # Errors
    /// [`OutOfRange`](SynthError::OutOfRange) outside [0, 100].
    pub fn with_noise(self, noise: f64) -> Result<Self> {
        require(
            "noise",
            noise,
            [0.0, 100.0],
            "[0, 100]",
            "0.05 is the original's",
        )?;
        Ok(Self { noise, ..self })
    }

    /// With anomalies of `low` to `high` in the unit of the seasons.
    ///
    /// # Errors
    /// [`OutOfRange`](SynthError::OutOfRange) unless 0 < `low` ≤ `high` < ∞.
    pub fn with_size(self, [low, high]: [f64; 2]) -> Result<Self> {
        if 0.0 < low && low <= high && high.is_finite() {
            return Ok(Self {
                size: [low, high],
                ..self
            });
        }
        Err(SynthError::OutOfRange {
            setting: "size",
            value: format!("{low} to {high}"),
            allowed: "0 < low ≤ high < ∞",
            remedy: "0.5 to 1 are the original's",
        })
    }

    /// How many series a set has.
    pub const fn len(&self) -> usize {
        Shape::ALL.len() * self.per_shape
    }

    /// Whether a set has no series.
    pub const fn is_empty(&self) -> bool {
        self.per_shape == 0
    }

    /// The set at `seed`: constants, triangles, squares, sines.
    pub fn series(&self, seed: u64) -> Vec<LabelledSeries> {
        (0..self.len()).map(|index| self.one(seed, index)).collect()
    }

    /// The series number `index` of the set at `seed`. Beyond the end of the set the sines go on.
    pub fn one(&self, seed: u64, index: usize) -> LabelledSeries {
        let shape = index.checked_div(self.per_shape).unwrap_or(0);
        let shape = Shape::ALL[shape.min(Shape::ALL.len() - 1)];
        let stream = |number| Draw::new(seed, DOMAIN, STREAMS * index as u64 + number);
        let series = self.of_shape(shape, [stream(SHAPE), stream(NOISE), stream(ANOMALY)]);
        if self.is_mirrored && index % 2 == 1 {
            series.mirrored()
        } else {
            series
        }
    }

    /// One series from streams of its own for its shape, its noise and its anomaly.
    pub(crate) fn of_shape(
        &self,
        shape: Shape,
        [mut form, mut noise, mut anomaly]: [Draw; 3],
    ) -> LabelledSeries {
        let phi = form.between(0.0, TAU);
        let slope = form.between(0.0, STEEPEST);
        let bias = form.between(-FARTHEST, FARTHEST);
        let expected: Vec<f64> = (0..self.days)
            .map(|day| day as f64)
            .map(|t| bias + slope * t + shape.at(t, WEEK, phi))
            .collect();
        let mut values: Vec<f64> = expected
            .iter()
            .map(|expected| expected + self.noise * noise.normal())
            .collect();
        let found = self.disturb(&mut values, &mut anomaly);
        let start = NaiveDate::from_ymd_opt(2023, 1, 1).expect("1 January 2023 is a date");
        LabelledSeries {
            start: start.and_time(NaiveTime::MIN),
            cadence: Cadence::Daily,
            values,
            expected,
            anomalies: Vec::from_iter(found),
            unclear: Vec::new(),
        }
    }

    /// Adds the anomaly to `values`, if there is one.
    fn disturb(&self, values: &mut [f64], draw: &mut Draw) -> Option<Anomaly> {
        let chance = draw.uniform();
        let kind = match chance {
            _ if chance < SPIKE_SHARE => AnomalyKind::Spike,
            _ if chance < SPIKE_SHARE + SHIFT_SHARE => AnomalyKind::Shift,
            _ => return None,
        };
        let length = draw.within(LENGTH_DAYS[0], LENGTH_DAYS[1]);
        let start = draw.within(FIRST_START, self.days - length);
        let span = start..start + length;
        let form = match kind {
            AnomalyKind::Spike => ramp(length),
            _ => vec![1.0; length],
        };
        let size = self.size_for(&values[span.clone()], &form, draw);
        for (value, share) in values[span.clone()].iter_mut().zip(form) {
            *value += size * share;
        }
        Some(Anomaly { span, kind })
    }

    /// A size that changes the mean of `stretch` enough, or the last one drawn.
    fn size_for(&self, stretch: &[f64], form: &[f64], draw: &mut Draw) -> f64 {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let least = LEAST_CHANGE * mean(stretch).abs();
        let share = mean(form);
        let mut size = draw.between(self.size[0], self.size[1]);
        for _ in 1..DRAWS {
            if size * share > least {
                break;
            }
            size = draw.between(self.size[0], self.size[1]);
        }
        size
    }
}

/// A symmetric ramp of `length` steps that reaches 1 in the middle, twice if `length` is even.
pub(crate) fn ramp(length: usize) -> Vec<f64> {
    let half = length.div_ceil(2);
    (0..length)
        .map(|step| (step + 1).min(length - step) as f64 / half as f64)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_rises_by_equal_steps_and_peaks_twice_when_its_length_is_even() {
        let third = 1.0 / 3.0;
        assert_eq!(ramp(5), [third, 2.0 * third, 1.0, 2.0 * third, third]);
        assert_eq!(ramp(4), [0.5, 1.0, 1.0, 0.5]);
        assert_eq!(ramp(2), [1.0, 1.0]);
    }

    #[test]
    fn the_shapes_are_those_of_the_formulas() {
        let at = |shape: Shape, t| shape.at(t, 7.0, 0.5);
        // (2·5/7 + 0.5) mod 2 = 1.928571; (2·6/7 + 0.5) mod 2 = 0.214286.
        assert!((at(Shape::Triangle, 5.0) - 0.928_571).abs() < 1e-6);
        assert!((at(Shape::Triangle, 6.0) - 0.785_714).abs() < 1e-6);
        // sin(2π/7 + 0.5) = sin(1.397598) = 0.985039; half a turn later it is negative.
        assert!((at(Shape::Sine, 1.0) - 0.985_039).abs() < 1e-6);
        let is = |value: f64, expected: f64| (value - expected).abs() < 1e-12;
        assert!(is(at(Shape::Square, 1.0), 1.0) && is(at(Shape::Square, 4.5), -1.0));
        // The square is −1 where the sine is 0 to within rounding.
        assert!(is(Shape::Square.at(0.0, 7.0, 0.0), -1.0));
        assert!(is(at(Shape::Constant, 3.0), 0.0));
    }

    #[test]
    fn a_setting_outside_its_range_is_refused_with_the_remedy() {
        let text = |result: Result<Recipe>| result.unwrap_err().to_string();
        assert_eq!(
            text(Recipe::standard().with_days(37)),
            "days is 37, outside 38 to 36600; 28 days of history and the longest anomaly need 38"
        );
        assert_eq!(
            text(Recipe::standard().with_size([1.0, 0.5])),
            "size is 1 to 0.5, outside 0 < low ≤ high < ∞; 0.5 to 1 are the original's"
        );
        assert_eq!(
            text(Recipe::standard().with_noise(-1.0)),
            "noise is -1, outside [0, 100]; 0.05 is the original's"
        );
        for size in [[0.0, 1.0], [f64::NAN, 1.0], [1.0, f64::INFINITY]] {
            assert!(Recipe::standard().with_size(size).is_err());
        }
    }

    #[test]
    fn the_shortest_series_has_room_for_the_longest_anomaly() {
        let recipe = Recipe::standard().with_days(38).unwrap();
        for series in recipe.series(1) {
            for anomaly in &series.anomalies {
                assert!(anomaly.span.start >= 28 && anomaly.span.end <= 38);
            }
        }
        assert!(
            Recipe::standard()
                .with_series_per_shape(0)
                .series(1)
                .is_empty()
        );
        assert_eq!(
            Recipe::standard().with_series_per_shape(0).one(1, 0).len(),
            181
        );
    }
}
