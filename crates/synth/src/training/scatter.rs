//! How values scatter around what is expected.

use super::{choose, log_even};
use crate::draw::Draw;
use crate::labelled::Cadence;
use crate::noise::count;

/// How wide the noise is, and of what kind.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scatter {
    width: f64,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Normal,
    /// Student's t with so many degrees of freedom, scaled to a deviation of 1.
    Student(usize),
    /// Neighbours correlate by so much.
    Memory(f64),
    /// Whole counts, where the expectation allows them.
    Counts,
}

const WIDTH: [f64; 2] = [0.005, 0.5];
/// How many times as wide the noise of a phase may be, where it depends on the phase.
const UNEVEN: [f64; 2] = [0.4, 2.5];

impl Scatter {
    pub(super) fn draw(draw: &mut Draw) -> Self {
        let width = log_even(draw, WIDTH);
        let kind = match choose(draw, &[0.5, 0.2, 0.2, 0.1]) {
            0 => Kind::Normal,
            1 => Kind::Student(draw.within(3, 8)),
            2 => Kind::Memory(draw.between(0.2, 0.8)),
            _ => Kind::Counts,
        };
        Self { width, kind }
    }

    /// The width before it is made uneven.
    pub(super) fn width(self) -> f64 {
        self.width
    }

    /// The deviation at each step: the same, by phase, in proportion, or that of counts.
    pub(super) fn widths(
        self,
        expected: &[f64],
        is_relative: bool,
        cadence: Cadence,
        draw: &mut Draw,
    ) -> Vec<f64> {
        let steps = expected.len();
        let mean = expected.iter().sum::<f64>() / steps as f64;
        if self.counts(expected).is_some() {
            // In proportion to the root, so that λ = y / unit has deviation √λ.
            let unit = self.unit(mean);
            return expected.iter().map(|y| libm::sqrt(y * unit)).collect();
        }
        match choose(draw, &[0.7, 0.3]) {
            _ if is_relative && mean.abs() > f64::EPSILON => {
                let share = |y: &f64| self.width * (y / mean).abs();
                expected.iter().map(share).collect()
            }
            0 => vec![self.width; steps],
            _ => {
                let period = cadence.periods()[0];
                let phases: Vec<f64> = (0..period).map(|_| log_even(draw, UNEVEN)).collect();
                (0..steps)
                    .map(|t| self.width * phases[t % period])
                    .collect()
            }
        }
    }

    /// Values around `expected`, `widths` wide.
    pub(super) fn around(self, expected: &[f64], widths: &[f64], draw: &mut Draw) -> Vec<f64> {
        if let Some(unit) = self.counts(expected) {
            let one = |y: &f64| unit * count(y / unit, draw.normal());
            return expected.iter().map(one).collect();
        }
        let mut last = draw.normal();
        let shocks = widths.iter().map(|width| {
            let shock = match self.kind {
                Kind::Student(degrees) => student(degrees, draw),
                Kind::Memory(memory) => {
                    last = memory * last + libm::sqrt(1.0 - memory * memory) * draw.normal();
                    last
                }
                Kind::Normal | Kind::Counts => draw.normal(),
            };
            width * shock
        });
        expected
            .iter()
            .zip(shocks)
            .map(|(y, shock)| y + shock)
            .collect()
    }

    /// The unit of the counts, where there are any: nothing may be negative.
    fn counts(self, expected: &[f64]) -> Option<f64> {
        let mean = expected.iter().sum::<f64>() / expected.len() as f64;
        let is_positive = expected.iter().all(|y| *y > 0.0);
        (matches!(self.kind, Kind::Counts) && is_positive).then(|| self.unit(mean))
    }

    /// What one count is worth, so that counts of `mean` have the width of the noise: u² λ = w².
    fn unit(self, mean: f64) -> f64 {
        self.width * self.width / mean
    }
}

/// A number of Student's distribution, divided by its deviation √(ν / (ν − 2)).
fn student(degrees: usize, draw: &mut Draw) -> f64 {
    let z = draw.normal();
    let squares: f64 = (0..degrees).map(|_| draw.normal()).map(|z| z * z).sum();
    let nu = degrees as f64;
    z / libm::sqrt(squares / nu) / libm::sqrt(nu / (nu - 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(kind: Kind, expected: f64) -> Vec<f64> {
        let scatter = Scatter { width: 0.1, kind };
        let expected = vec![expected; 40_000];
        let mut draw = Draw::new(1, "scatter", 0);
        let widths = scatter.widths(
            &expected,
            false,
            Cadence::Daily,
            &mut Draw::new(1, "even", 0),
        );
        scatter
            .around(&expected, &widths, &mut draw)
            .iter()
            .map(|value| value - expected[0])
            .collect()
    }

    fn variance(noise: &[f64]) -> f64 {
        noise.iter().map(|x| x * x).sum::<f64>() / noise.len() as f64
    }

    #[test]
    fn noise_has_its_width_whatever_its_kind() {
        // Five relative deviations of a variance: √(2/n), more with a memory (φ = 0.5: · √(5/3)),
        // and with heavy tails (kurtosis 9 of ν = 5: · 2).
        for (kind, tolerance) in [
            (Kind::Normal, 0.036),
            (Kind::Memory(0.5), 0.046),
            (Kind::Student(5), 0.08),
            (Kind::Counts, 0.036),
        ] {
            let variance = variance(&around(kind, 4.0));
            assert!(
                (variance / 0.01 - 1.0).abs() < tolerance,
                "{kind:?}: {variance}"
            );
        }
    }

    #[test]
    fn a_memory_correlates_neighbours() {
        let noise = around(Kind::Memory(0.5), 0.0);
        let covariance = noise.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / 40_000.0;
        assert!((covariance / variance(&noise) - 0.5).abs() < 0.022);
    }

    #[test]
    fn heavy_tails_are_heavier() {
        let beyond_four = |kind| {
            let noise = around(kind, 0.0);
            noise.iter().filter(|x| x.abs() > 0.4).count()
        };
        // Of 40 000 normal numbers 2.5 are beyond four deviations; of Student's t with 5 degrees,
        // beyond 4 √(5/3) = 5.16 scales, 144.
        assert!(beyond_four(Kind::Normal) <= 12);
        assert!((84..=204).contains(&beyond_four(Kind::Student(5))));
    }

    #[test]
    fn counts_are_multiples_of_their_unit() {
        // w² / mean = 0.01 / 4.
        for x in around(Kind::Counts, 4.0) {
            let counts = (x + 4.0) / 0.0025;
            assert!((counts - counts.round()).abs() < 1e-6);
        }
    }
}
