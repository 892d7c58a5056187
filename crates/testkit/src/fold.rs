//! The battery of Law 2: everything after the points is a left fold.

mod invariants;
mod pattern;
mod trial;

use std::fmt;

use tuatara_core::{Detector, Filter, Labeler};
use tuatara_frame::{Aggregation, Duration};
use tuatara_merge::{MergePolicy, NamedFilter, Thinning, ThinningParams};

use crate::scenario::{Scenario, Shape, granularity, zone};
use crate::{Draw, Law, Violation, axis_of};
use trial::{FoldTrial, Folding};

/// Tries Law 2 on the rows of `detectors` and on synthetic ones, with random policies and random
/// choices of `filters`, each with its name; see [`FoldBattery`].
///
/// # Panics
/// When a law is broken: the message is the [`Violation`], with seed, bucket and both answers.
pub fn check_fold(
    name: &str,
    detectors: &[&dyn Detector],
    filters: &[(&str, &dyn Filter)],
) -> FoldReport {
    match FoldBattery::default().check(name, detectors, filters) {
        Ok(report) => report,
        Err(violation) => panic!("{violation}"),
    }
}

/// Tries Law 2 with a random choice of `labelers` behind random choices of `filters`.
///
/// # Panics
/// As [`check_fold`].
pub fn check_labelers(
    name: &str,
    filters: &[(&str, &dyn Filter)],
    labelers: &[(&str, &dyn Labeler)],
) -> FoldReport {
    match FoldBattery::default().check_with(name, &[], filters, labelers) {
        Ok(report) => report,
        Err(violation) => panic!("{violation}"),
    }
}

/// How Law 2 is tried: seed, size, and what must have been seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoldBattery {
    /// Seed of the first case; the others follow from it.
    pub seed: u64,
    /// Number of cases.
    pub cases: usize,
    /// The least number of cuts at which a candidate was open; with fewer the battery fails, as
    /// it has seen too little.
    pub carried: usize,
    /// The most buckets of a case.
    pub longest: usize,
}

impl Default for FoldBattery {
    /// 150 cases of up to 300 buckets, 64 cuts with an open candidate among them.
    fn default() -> Self {
        Self {
            seed: 20_201_101,
            cases: 150,
            carried: 64,
            longest: 300,
        }
    }
}

/// What a battery has seen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoldReport {
    /// Name of what was tried.
    pub name: String,
    /// Cases tried.
    pub cases: usize,
    /// Cuts at which a candidate was open.
    pub carried: usize,
    /// Events of all cases.
    pub events: usize,
    /// Events among them that took something back.
    pub retracted: usize,
    /// Anomalies that closed as reported.
    pub closed: usize,
    /// Anomalies that closed while a filter did not keep them.
    pub removed: usize,
    /// Anomalies that filters kept only later than at their first bucket.
    pub delayed: usize,
    /// Flagged buckets that are part of no anomaly.
    pub thinned: usize,
}

impl fmt::Display for FoldReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            cases,
            carried,
            events,
            retracted,
            closed,
            removed,
            delayed,
            thinned,
        } = self;
        write!(
            f,
            "{name}: {cases} cases ({carried} cuts with an open candidate), {events} events \
             ({retracted} retractions), {closed} closed, {removed} removed, {delayed} delayed, {thinned} buckets thinned"
        )
    }
}

impl FoldBattery {
    /// Tries Law 2.
    ///
    /// # Errors
    /// The first [`Violation`]; [`Law::Coverage`] when too few candidates were open at a cut.
    pub fn check(
        &self,
        name: &str,
        detectors: &[&dyn Detector],
        filters: &[(&str, &dyn Filter)],
    ) -> Result<FoldReport, Violation> {
        self.check_with(name, detectors, filters, &[])
    }

    /// Tries Law 2 with one of `labelers` in each case, where there are any.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn check_with(
        &self,
        name: &str,
        detectors: &[&dyn Detector],
        filters: &[(&str, &dyn Filter)],
        labelers: &[(&str, &dyn Labeler)],
    ) -> Result<FoldReport, Violation> {
        let mut draw = Draw::new(self.seed);
        let mut report = FoldReport {
            name: name.to_owned(),
            ..FoldReport::default()
        };
        for _ in 0..self.cases {
            report.cases += 1;
            let scenario = self.scenario(&mut draw);
            let detector = if detectors.is_empty() || draw.chance(0.5) {
                None
            } else {
                Some(*draw.pick(detectors))
            };
            let chosen: Vec<NamedFilter<'_>> = filters
                .iter()
                .filter(|_| draw.chance(0.5))
                .map(|&(name, filter)| NamedFilter {
                    name,
                    filter,
                    axis: None,
                    others: &[],
                })
                .collect();
            let labeler = match labelers {
                [] => None,
                some => Some(*draw.pick(some)),
            };
            let policy = policy(&mut draw, &scenario);
            let aggregation = *draw.pick(&Aggregation::ALL);
            let step = scenario.axis().granularity().nominal().millis();
            let thinning = thinning(&mut draw, step);
            let trial = FoldTrial::new(
                name,
                &scenario,
                detector,
                Folding {
                    filters: &chosen,
                    labeler,
                    policy,
                    thinning,
                    aggregation,
                },
                &mut draw,
            )?;
            trial.check_all(&mut draw, &mut report)?;
        }
        if report.carried < self.carried {
            return Err(Violation {
                name: name.to_owned(),
                law: Law::Coverage,
                scenario: format!("all {} from seed {}", report.cases, self.seed),
                detail: format!(
                    "{report}; {} cuts with an open candidate are asked",
                    self.carried
                ),
            });
        }
        Ok(report)
    }

    fn scenario(&self, draw: &mut Draw) -> Scenario {
        let (granularity, zone) = (granularity(draw), zone(draw));
        let shape = *draw.pick(&Shape::FULL);
        let len = if draw.chance(0.1) {
            draw.between(0..4)
        } else {
            draw.between(20..self.longest)
        };
        Scenario::new(draw.seed(), granularity, zone, shape, len)
    }
}

/// Gaps from nothing to several buckets, durations from less than a bucket to many, whole buckets
/// and not.
fn policy(draw: &mut Draw, scenario: &Scenario) -> MergePolicy {
    let axis = axis_of(
        draw,
        scenario.axis().granularity(),
        scenario.axis().zone(),
        1,
    );
    let step = axis.granularity().nominal().millis() as f64;
    let millis = |buckets: f64| {
        Duration::from_millis((buckets * step) as i64).expect("a number of buckets is a duration")
    };
    let gap = match draw.between(0..4) {
        0 => 0.0,
        1 => draw.between(1..6) as f64,
        _ => draw.within(0.0, 5.0),
    };
    let longest = match draw.between(0..4) {
        0 => draw.between(1..30) as f64,
        1 => draw.within(0.1, 2.0),
        _ => draw.within(1.0, 40.0),
    };
    MergePolicy::new(millis(gap), millis(longest)).expect("longer than nothing")
}

/// Off in half of the cases; otherwise some of its settings, over buckets of `step` milliseconds.
pub(crate) fn thinning(draw: &mut Draw, step: i64) -> Thinning {
    let mut params = ThinningParams::default();
    if draw.chance(0.5) {
        return Thinning::default();
    }
    if draw.chance(0.4) {
        params.enter = *draw.pick(&[1.5, 2.0, 2.5]);
        params.leave = *draw.pick(&[0.0, 0.6, 1.0, params.enter]);
    } else if draw.chance(0.3) {
        params.leave = *draw.pick(&[0.0, 0.4, 0.6]);
    }
    if draw.chance(0.4) {
        params.n = u32::try_from(draw.between(1..7)).unwrap_or(1);
        params.k = u32::try_from(draw.between(1..4)).map_or(1, |k| k.min(params.n));
    }
    if draw.chance(0.4) {
        // Whole buckets, so that it is reached exactly, and parts of them.
        let buckets = match draw.chance(0.5) {
            true => draw.between(0..12) as f64,
            false => draw.within(0.0, 12.0),
        };
        let millis = (buckets * step as f64) as i64;
        params.quiet = Duration::from_millis(millis).expect("a number of buckets is a duration");
    }
    Thinning::new(params).expect("the settings are in their ranges")
}
