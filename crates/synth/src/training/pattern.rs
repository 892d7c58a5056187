//! What a season looks like.

use std::f64::consts::TAU;

use chrono::{Datelike, NaiveDateTime, Timelike};

use super::{choose, log_even};
use crate::alertiger::Shape;
use crate::draw::Draw;
use crate::labelled::Cadence;

/// Factors for each phase of the longest season; range −1 to 1, or all 0.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    phases: Vec<f64>,
}

/// A drifting amplitude is `exp(depth · sin(…))`: how many of the series, how deep.
const DRIFTING_SHARE: f64 = 0.2;
const DRIFT_DEPTH: [f64; 2] = [0.05, 0.3];

impl Pattern {
    /// A pattern for `cadence`.
    pub(super) fn draw(cadence: Cadence, draw: &mut Draw) -> Self {
        let phases = match cadence {
            Cadence::Daily => match choose(draw, &[0.15, 0.35, 0.15, 0.15, 0.2]) {
                0 => vec![0.0; 7],
                1 => shape(7, draw),
                2 => harmonics(7, 3, draw),
                3 => (0..7).map(|_| draw.normal()).collect(),
                _ => weekend(draw).to_vec(),
            },
            Cadence::Hourly => hourly(draw),
            Cadence::Weekly => match choose(draw, &[0.2, 0.25, 0.3, 0.25]) {
                0 => vec![0.0; 52],
                1 => shape(52, draw),
                2 => harmonics(52, 6, draw),
                _ => peaks(52, draw),
            },
        };
        Self {
            phases: scaled(phases),
        }
    }

    pub(super) fn has_season(&self) -> bool {
        self.phases.iter().any(|&factor| factor != 0.0)
    }

    /// The season of `steps` steps from `start`: its phases are those of the calendar, so that the
    /// weekend is on Saturday and Sunday.
    pub(super) fn along(
        &self,
        start: NaiveDateTime,
        steps: usize,
        cadence: Cadence,
        draw: &mut Draw,
    ) -> Vec<f64> {
        let weekday = start.weekday().num_days_from_monday() as usize;
        let first = match cadence {
            Cadence::Hourly => 24 * weekday + start.hour() as usize,
            Cadence::Daily => weekday,
            Cadence::Weekly => start.iso_week().week0() as usize,
        };
        let depth = if draw.uniform() < DRIFTING_SHARE {
            draw.between(DRIFT_DEPTH[0], DRIFT_DEPTH[1])
        } else {
            0.0
        };
        let (turns, phase) = (draw.between(0.2, 2.0), draw.between(0.0, TAU));
        let amplitude =
            |t: usize| libm::exp(depth * libm::sin(TAU * turns * t as f64 / steps as f64 + phase));
        (0..steps)
            .map(|t| amplitude(t) * self.phases[(first + t) % self.phases.len()])
            .collect()
    }
}

/// Shifted and stretched to −1 … 1; all 0 where nothing changes.
fn scaled(phases: Vec<f64>) -> Vec<f64> {
    let high = phases.iter().copied().fold(f64::MIN, f64::max);
    let low = phases.iter().copied().fold(f64::MAX, f64::min);
    let half = (high - low) / 2.0;
    if half < 1e-9 {
        return vec![0.0; phases.len()];
    }
    let middle = f64::midpoint(high, low);
    phases
        .iter()
        .map(|factor| (factor - middle) / half)
        .collect()
}

/// A shape of AlerTiger, at any phase.
fn shape(period: usize, draw: &mut Draw) -> Vec<f64> {
    let shape = Shape::ALL[draw.within(1, 3)];
    let phi = draw.between(0.0, TAU);
    (0..period)
        .map(|t| shape.at(t as f64, period as f64, phi))
        .collect()
}

/// Up to `most` waves, the faster the flatter.
fn harmonics(period: usize, most: usize, draw: &mut Draw) -> Vec<f64> {
    let waves: Vec<[f64; 3]> = (1..=draw.within(1, most))
        .map(|k| [k as f64, draw.normal() / k as f64, draw.between(0.0, TAU)])
        .collect();
    (0..period)
        .map(|t| {
            let turn = TAU * t as f64 / period as f64;
            let wave = |[k, size, phi]: &[f64; 3]| size * libm::sin(k * turn + phi);
            waves.iter().map(wave).sum()
        })
        .collect()
}

/// A calm season with one to four short peaks or troughs.
fn peaks(period: usize, draw: &mut Draw) -> Vec<f64> {
    let mut phases = vec![0.0; period];
    for _ in 0..draw.within(1, 4) {
        let (at, reach) = (draw.below(period), draw.within(0, period / 12));
        let height = draw.between(0.3, 1.0) * if draw.uniform() < 0.8 { 1.0 } else { -1.0 };
        for step in 0..=2 * reach {
            let share = 1.0 - step.abs_diff(reach) as f64 / (reach + 1) as f64;
            phases[(at + step) % period] += height * share;
        }
    }
    phases
}

/// Monday to Friday alike, Saturday and Sunday alike, to within a tenth.
fn weekend(draw: &mut Draw) -> [f64; 7] {
    let step = if draw.uniform() < 0.8 { -1.0 } else { 1.0 };
    let uneven = draw.between(0.0, 0.1);
    std::array::from_fn(|day| uneven * draw.normal() + if day < 5 { 0.0 } else { step })
}

/// A day of 24 hours, repeated, or with a weekend of its own.
fn hourly(draw: &mut Draw) -> Vec<f64> {
    let working = scaled(day(draw));
    let has_weekend = draw.uniform() < 0.6;
    let resting = if draw.uniform() < 0.5 {
        working.clone()
    } else {
        scaled(day(draw))
    };
    let (height, share) = (draw.between(-1.5, 0.3), log_even(draw, [0.1, 1.0]));
    let uneven = draw.between(0.0, 0.1);
    let days = weekend(draw);
    (0..168)
        .map(|hour| {
            let (day, hour) = (hour / 24, hour % 24);
            match has_weekend {
                true if day >= 5 => height + share * resting[hour],
                true => working[hour] + uneven * days[day],
                false => working[hour],
            }
        })
        .collect()
}

fn day(draw: &mut Draw) -> Vec<f64> {
    match choose(draw, &[0.15, 0.25, 0.3, 0.15, 0.15]) {
        0 => vec![0.0; 24],
        1 => shape(24, draw),
        2 => harmonics(24, 4, draw),
        3 => peaks(24, draw),
        _ => {
            // Open for some hours.
            let (from, hours) = (draw.below(24), draw.within(6, 14));
            let is_open = |hour: usize| (hour + 24 - from) % 24 < hours;
            (0..24)
                .map(|hour| f64::from(u8::from(is_open(hour))))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn a_pattern_reaches_from_minus_one_to_one_or_is_flat() {
        let mut flat = 0;
        for stream in 0..400 {
            for cadence in [Cadence::Daily, Cadence::Hourly, Cadence::Weekly] {
                let mut draw = Draw::new(1, "pattern", stream);
                let pattern = Pattern::draw(cadence, &mut draw);
                assert_eq!(pattern.phases.len(), cadence.longest());
                let high = pattern.phases.iter().copied().fold(f64::MIN, f64::max);
                let low = pattern.phases.iter().copied().fold(f64::MAX, f64::min);
                if pattern.has_season() {
                    assert!((high - 1.0).abs() < 1e-9 && (low + 1.0).abs() < 1e-9);
                } else {
                    assert!(high.abs() < 1e-12 && low.abs() < 1e-12);
                    flat += 1;
                }
            }
        }
        // A few of each cadence: 0.15, 0.2, and a share of 0.15 of 1 200.
        assert!((80..=260).contains(&flat), "{flat}");
    }

    #[test]
    fn a_season_follows_the_calendar() {
        let pattern = Pattern {
            phases: vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        };
        let thursday = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let start = thursday.and_hms_opt(0, 0, 0).unwrap();
        // A stream whose amplitude does not drift.
        let mut draw = (0..)
            .map(|stream| Draw::new(1, "season", stream))
            .find(|draw| draw.clone().uniform() >= DRIFTING_SHARE)
            .unwrap();
        let season = pattern.along(start, 5, Cadence::Daily, &mut draw);
        assert_eq!(season, [3.0, 4.0, 5.0, 6.0, 0.0]);
    }
}
