//! Where the values of every lag lie, as stretches of rows with constant shifts.

use std::ops::Range;

use tuatara_frame::{Lag, LagPlan, TimeAxis};

/// A stretch of rows for which every lag is a constant shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Positions on the axis.
    pub(crate) rows: Range<usize>,
    /// Where row `rows.start` finds each lag; `None` where the label does not exist or lies
    /// before the axis, for all rows of the stretch.
    pub(crate) sources: Vec<Option<usize>>,
}

/// Cuts `rows` so that each lag of `lags` is a constant shift, wholly on the axis or not at all.
pub(crate) fn stretches(axis: &TimeAxis, lags: &[Lag], rows: Range<usize>) -> Vec<Stretch> {
    let plans: Vec<LagPlan> = lags
        .iter()
        .map(|&lag| axis.lag_plan(lag, rows.clone()))
        .collect();
    let mut cuts = vec![rows.start, rows.end];
    for run in plans.iter().flat_map(|plan| &plan.runs) {
        cuts.push(run.start);
        // From here on the lag reaches onto the axis.
        if let Some(shift) = run.shift.and_then(|shift| usize::try_from(shift).ok())
            && (run.start..run.end).contains(&shift)
        {
            cuts.push(shift);
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut at: Vec<usize> = vec![0; plans.len()];
    cuts.windows(2)
        .map(|cut| {
            let rows = cut[0]..cut[1];
            let sources = plans
                .iter()
                .zip(&mut at)
                .map(|(plan, at)| {
                    while plan.runs[*at].end <= rows.start {
                        *at += 1;
                    }
                    let shift = usize::try_from(plan.runs[*at].shift?).ok()?;
                    rows.start.checked_sub(shift)
                })
                .collect();
            Stretch { rows, sources }
        })
        .collect()
}
