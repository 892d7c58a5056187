//! The battery of Law 1: rows of a detector.

mod coherence;
mod events;
mod history;
mod levels;
mod memory;
mod trial;

use std::fmt;

use tuatara_core::Detector;

use crate::scenario::{Scenario, Shape, granularity, zone};
use crate::{Draw, Law, Violation, axis_of};
use trial::Trial;

/// Lookbacks below this count as this one when lengths are drawn.
const SHORTEST: usize = 15;

/// Tries Law 1 and the coherence of rows on `detector`; see [`PointBattery`].
///
/// # Panics
/// When a law is broken: the message is the [`Violation`], with seed, bucket and both rows.
pub fn check_detector(name: &str, detector: &dyn Detector) -> BatteryReport {
    match PointBattery::default().check(name, detector) {
        Ok(report) => report,
        Err(violation) => panic!("{violation}"),
    }
}

/// How Law 1 is tried: seed, size, and what must have been seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointBattery {
    /// Seed of the first scenario; the others follow from it.
    pub seed: u64,
    /// The least number of scenarios.
    pub cases: usize,
    /// A scenario is *rich* when its judged rows span this many lookbacks: five for lags, three
    /// refits for models.
    pub lookbacks: usize,
    /// The least number of rich scenarios; with fewer the battery fails, as it has seen too
    /// little.
    pub rich: usize,
    /// The most buckets of a scenario.
    pub longest: usize,
}

impl Default for PointBattery {
    /// 160 scenarios of up to 3 000 buckets, 64 of them with judged rows over five lookbacks.
    fn default() -> Self {
        Self {
            seed: 20_200_308,
            cases: 160,
            lookbacks: 5,
            rich: 64,
            longest: 3_000,
        }
    }
}

/// What a battery has seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BatteryReport {
    /// Name of the detector.
    pub name: String,
    /// Scenarios tried.
    pub cases: usize,
    /// Scenarios whose judged rows span enough lookbacks.
    pub rich: usize,
    /// Scenarios whose granularity the detector does not fit, by its own word.
    pub refused: usize,
    /// Rows of the scenarios, each counted once.
    pub rows: usize,
    /// Rows among them that were judged.
    pub judged: usize,
    /// Rows among them that were anomalous.
    pub anomalous: usize,
    /// Rows among them with which a new level was adopted.
    pub new_levels: usize,
}

impl fmt::Display for BatteryReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            cases,
            rich,
            refused,
            rows,
            judged,
            anomalous,
            new_levels,
        } = self;
        write!(
            f,
            "{name}: {cases} scenarios ({rich} rich, {refused} refused), \
             {rows} rows ({judged} judged, {anomalous} anomalous, {new_levels} with a new level)"
        )
    }
}

impl PointBattery {
    /// Tries Law 1 and the coherence of rows on `detector`.
    ///
    /// # Errors
    /// The first [`Violation`]; [`Law::Coverage`] when the detector has judged too little for the
    /// answer to mean something.
    pub fn check(&self, name: &str, detector: &dyn Detector) -> Result<BatteryReport, Violation> {
        let mut draw = Draw::new(self.seed);
        let mut report = BatteryReport {
            name: name.to_owned(),
            ..BatteryReport::default()
        };
        let most = 4 * self.cases.max(self.rich);
        while report.cases < most && (report.cases < self.cases || report.rich < self.rich) {
            report.cases += 1;
            let Some(scenario) = self.scenario(detector, &mut draw) else {
                report.refused += 1;
                continue;
            };
            let trial = Trial::new(name, detector, &scenario)?;
            trial.check_all(&mut draw)?;
            report.new_levels += trial.check_new_levels()?;
            report.rows += trial.reference().len();
            report.judged += trial.judged();
            report.anomalous += trial
                .reference()
                .iter()
                .filter(|row| row.verdict.is_anomalous())
                .count();
            report.rich += usize::from(trial.lookbacks_judged() >= self.lookbacks);
        }
        if report.rich < self.rich {
            return Err(Violation {
                name: name.to_owned(),
                law: Law::Coverage,
                scenario: format!("all {} from seed {}", report.cases, self.seed),
                detail: format!(
                    "{report}; {} rich scenarios are asked: allow longer ones",
                    self.rich
                ),
            });
        }
        Ok(report)
    }

    /// A scenario whose length suits the lookback; `None` when the detector refuses its
    /// granularity.
    fn scenario(&self, detector: &dyn Detector, draw: &mut Draw) -> Option<Scenario> {
        let rich = draw.chance(0.6);
        // What judged rows over `lookbacks` need: as much again before the first, and some gaps.
        let enough = |lookback: usize| (self.lookbacks + 2) * lookback.max(SHORTEST) + 10;
        let mut found = None;
        for _ in 0..12 {
            let (granularity, zone) = (granularity(draw), zone(draw));
            let probe = axis_of(draw, granularity, zone, 1);
            let Ok(lookback) = detector.lookback(&probe) else {
                continue;
            };
            found = Some((granularity, zone, lookback.len()));
            if !rich || enough(lookback.len()) <= self.longest {
                break;
            }
        }
        let (granularity, zone, lookback) = found?;
        let shape = if rich || draw.chance(0.5) {
            *draw.pick(&Shape::FULL)
        } else {
            *draw.pick(&Shape::ODD)
        };
        let len = match draw.between(0..8) {
            _ if rich => enough(lookback) + draw.between(0..20),
            0 => draw.between(0..3),
            1 | 2 => (lookback + draw.between(0..4)).saturating_sub(1),
            3 => draw.between(0..lookback + 2),
            _ => draw.between(0..6 * lookback.max(SHORTEST) + 20),
        };
        let len = len.min(if rich { self.longest } else { self.longest / 2 });
        Some(Scenario::new(draw.seed(), granularity, zone, shape, len))
    }
}
