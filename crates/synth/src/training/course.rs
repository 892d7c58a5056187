//! Where the level of a series is at each step.

use super::{choose, log_even};
use crate::draw::Draw;
use crate::labelled::Cadence;

/// Level and trend, and how the season joins them.
#[derive(Debug, Clone)]
pub(super) struct Course {
    levels: Vec<f64>,
    /// The share of the level that a season of 1 is, where it multiplies.
    relative: Option<f64>,
}

/// A season that multiplies takes at most this share of the level away.
const DEEPEST: f64 = 0.9;

impl Course {
    /// A course of `steps` steps for a season of amplitude 1 and noise of `width`.
    pub(super) fn draw(steps: usize, cadence: Cadence, width: f64, draw: &mut Draw) -> Self {
        let is_relative = draw.uniform() < 0.4;
        let depth = draw.between(0.1, DEEPEST);
        let level = match choose(draw, &[0.4, 0.4, 0.2]) {
            _ if is_relative => 1.0 / depth,
            0 => draw.between(-5.0, 5.0),
            1 => log_even(draw, [1.2, 20.0]),
            _ => log_even(draw, [20.0, 1_000.0]),
        };
        let mut course = Self {
            levels: vec![level; steps],
            relative: is_relative.then_some(depth),
        };
        course.bend(steps, cadence, width, draw);
        course
    }

    /// Adds the trend: none, a faint or a plain slope, slow wandering.
    fn bend(&mut self, steps: usize, cadence: Cadence, width: f64, draw: &mut Draw) {
        let seasons = steps as f64 / cadence.longest() as f64;
        match choose(draw, &[0.35, 0.25, 0.2, 0.2]) {
            0 => {}
            // In widths of the noise, or in amplitudes, over the whole series.
            1 => self.slope(width * draw.between(-1.0, 1.0) * seasons),
            2 => self.slope(draw.between(-1.0, 1.0)),
            _ => {
                // Wanders off by a fraction of the noise in a season.
                let pace = width * draw.between(0.1, 1.0) / (cadence.longest() as f64).sqrt();
                let mut away = 0.0;
                for level in &mut self.levels {
                    *level += away;
                    away += pace * draw.normal();
                }
            }
        }
    }

    fn slope(&mut self, rise: f64) {
        let steps = self.levels.len() as f64;
        for (t, level) in self.levels.iter_mut().enumerate() {
            *level += rise * t as f64 / steps;
        }
    }

    pub(super) fn is_relative(&self) -> bool {
        self.relative.is_some()
    }

    /// What is expected at each step.
    pub(super) fn with_season(&self, season: &[f64]) -> Vec<f64> {
        let both = self.levels.iter().zip(season);
        both.map(|(level, season)| match self.relative {
            Some(depth) => level * (1.0 + depth * season),
            None => level + season,
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_season_is_added_or_multiplies() {
        let course = |relative| Course {
            levels: vec![10.0, 20.0],
            relative,
        };
        assert_eq!(course(None).with_season(&[1.0, -1.0]), [11.0, 19.0]);
        assert_eq!(course(Some(0.5)).with_season(&[1.0, -1.0]), [15.0, 10.0]);
    }

    #[test]
    fn about_two_fifths_of_the_courses_multiply() {
        let relative = (0..1_000)
            .filter(|&stream| {
                let mut draw = Draw::new(1, "course", stream);
                Course::draw(140, Cadence::Daily, 0.05, &mut draw).is_relative()
            })
            .count();
        // 400, with deviation √(1 000 · 0.4 · 0.6) = 15.5; five of them.
        assert!((323..=477).contains(&relative), "{relative}");
    }
}
