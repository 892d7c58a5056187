//! Shapes of series.

use tuatara_frame::TimeAxis;

use crate::Draw;

/// What the values of a scenario look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Shape {
    /// A daily and a weekly season with noise and a few spikes.
    Season,
    /// One value throughout.
    Constant,
    /// A season with single missing buckets and long gaps.
    Gaps,
    /// No value at all.
    AllMissing,
    /// A season around 1e300.
    Huge,
    /// A season around 1e-300.
    Tiny,
    /// A season below zero.
    Negative,
    /// A season around zero.
    Signed,
    /// A season in which some values are given as infinite.
    Infinities,
    /// Small whole numbers.
    Quantised,
    /// One value, and nothing else.
    OnePoint,
    /// Values begin somewhere in the middle.
    LateStart,
    /// Anything whatsoever.
    Garbage,
}

impl Shape {
    /// Those with enough values for most buckets to be judged.
    pub const FULL: [Self; 8] = [
        Self::Season,
        Self::Constant,
        Self::Gaps,
        Self::Huge,
        Self::Tiny,
        Self::Negative,
        Self::Signed,
        Self::Quantised,
    ];

    /// Those with few values, none, or absurd ones.
    pub const ODD: [Self; 5] = [
        Self::AllMissing,
        Self::Infinities,
        Self::OnePoint,
        Self::LateStart,
        Self::Garbage,
    ];

    /// One value for each bucket of `axis`.
    pub fn values(self, draw: &mut Draw, axis: &TimeAxis) -> Vec<f64> {
        let len = axis.len();
        let seasonal = |draw: &mut Draw| season(draw, axis);
        match self {
            Self::Season => seasonal(draw),
            Self::Constant => vec![*draw.pick(&[0.0, 1.0, -3.5, 0.1]); len],
            Self::Gaps => {
                let values = seasonal(draw);
                with_gaps(draw, values)
            }
            Self::AllMissing => vec![f64::NAN; len],
            Self::Huge => seasonal(draw).iter().map(|y| y * 1e300).collect(),
            Self::Tiny => seasonal(draw).iter().map(|y| y * 1e-300).collect(),
            Self::Negative => seasonal(draw).iter().map(|y| -y).collect(),
            Self::Signed => seasonal(draw).iter().map(|y| y - 100.0).collect(),
            Self::Infinities => seasonal(draw)
                .into_iter()
                .map(|y| {
                    if draw.chance(0.1) {
                        f64::INFINITY * y
                    } else {
                        y
                    }
                })
                .collect(),
            Self::Quantised => (0..len).map(|_| draw.between(0..4) as f64).collect(),
            Self::OnePoint => {
                let mut values = vec![f64::NAN; len];
                if len > 0 {
                    values[draw.between(0..len)] = 5.0;
                }
                values
            }
            Self::LateStart => {
                let mut values = seasonal(draw);
                let first = draw.between(0..len + 1);
                values[..first].fill(f64::NAN);
                values
            }
            Self::Garbage => (0..len).map(|_| draw.garbage()).collect(),
        }
    }
}

/// Around 100, with a period of a day and of a week in buckets, noise, and a spike in fifty.
fn season(draw: &mut Draw, axis: &TimeAxis) -> Vec<f64> {
    let step = axis.granularity().nominal().millis();
    let day = (86_400_000 / step).max(1);
    (0..axis.len())
        .map(|i| {
            let i = i as i64;
            // Triangles do for a season, and have the same bits everywhere.
            let daily = triangle(i, day);
            let weekly = triangle(i, 7 * day);
            let spike = if draw.chance(0.02) {
                60.0 * draw.normal()
            } else {
                0.0
            };
            100.0 + 10.0 * daily + 20.0 * weekly + 2.0 * draw.normal() + spike
        })
        .collect()
}

/// From 0 to 1 and back over `period`.
fn triangle(i: i64, period: i64) -> f64 {
    let phase = i.rem_euclid(period) as f64 / period as f64;
    1.0 - (2.0 * phase - 1.0).abs()
}

fn with_gaps(draw: &mut Draw, mut values: Vec<f64>) -> Vec<f64> {
    let len = values.len();
    for value in &mut values {
        if draw.chance(0.1) {
            *value = f64::NAN;
        }
    }
    for _ in 0..2 {
        if len > 0 {
            let first = draw.between(0..len);
            let last = (first + draw.between(0..len / 6 + 1)).min(len);
            values[first..last].fill(f64::NAN);
        }
    }
    values
}
