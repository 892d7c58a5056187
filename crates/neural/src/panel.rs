//! A model over many series at once: one workspace, one series after the other.

use std::ops::Range;

use tuatara_core::Row;

use crate::columns::{Columns, LAGS, Reach};
use crate::model::{Answer, Model, Space, recent_from};
use crate::verdict::Bar;

/// Rows that go through a network at a time: few enough to stay in the cache.
const BLOCK: usize = 512;

/// Working space of a model, kept by the caller so that it is allocated once.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    pub(crate) columns: Columns,
    pub(crate) space: Space,
    pub(crate) answers: Vec<Answer>,
    /// The values learned from, shortly before those judged and among them.
    pub(crate) recent: Vec<f64>,
    /// The values judged.
    pub(crate) own: Vec<f64>,
    /// What the expectation of each is multiplied by.
    pub(crate) factors: Vec<f64>,
}

/// What a model says of one value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opinion {
    /// The row: what was expected, the band, the score, the verdict.
    pub row: Row,
    /// How probable an anomaly is, in [0, 1]; NaN where that cannot be said.
    pub probability: f64,
    /// Whether the value lies within the band, whatever the classifier says.
    pub is_within: bool,
}

impl Model {
    /// What the model says of each of `values`, oldest first, NaN where missing, in `out`: as long as
    /// `values`, `None` where nothing can be said: a missing value, or too little before it. A season
    /// has `period` steps.
    ///
    /// The answer for a value comes from it and those before it: the same bits alone, in a longer
    /// series and among others.
    ///
    /// ```
    /// # #[cfg(feature = "pretrained")] {
    /// use tuatara_neural::{Model, Workspace};
    ///
    /// // Eight weeks of days, the last of which is far too low.
    /// let week = [100.0, 104.0, 98.0, 102.0, 110.0, 50.0, 40.0];
    /// let mut days: Vec<f64> = (0..56).map(|t| week[t % 7] + ((t * 37) % 11) as f64 / 5.0).collect();
    /// days[55] = 10.0;
    /// let mut opinions = Vec::new();
    /// Model::pretrained().opinions(&days, 7, &mut Workspace::default(), &mut opinions);
    /// assert!(opinions[55].is_some_and(|opinion| opinion.row.verdict.is_anomalous()));
    /// assert_eq!(opinions[12], None); // two weeks are the least
    /// # }
    /// ```
    pub fn opinions(
        &self,
        values: &[f64],
        period: usize,
        workspace: &mut Workspace,
        out: &mut Vec<Option<Opinion>>,
    ) {
        let reach = reach_of(period, values.len());
        workspace.look_back(values, reach, 0);
        out.clear();
        for start in (0..values.len()).step_by(BLOCK) {
            let rows = start..values.len().min(start + BLOCK);
            self.judge(values, reach, rows, workspace, out);
        }
    }

    /// What the model says of the last of `values`: the bits that [`opinions`](Self::opinions) gives,
    /// from no more of the history than that looks back at.
    pub fn last_opinion(
        &self,
        values: &[f64],
        period: usize,
        workspace: &mut Workspace,
    ) -> Option<Opinion> {
        let reach = reach_of(period, values.len());
        let last = values.len().checked_sub(1)?;
        let values = &values[last.saturating_sub(reach.buckets())..];
        let last = values.len() - 1;
        workspace.look_back(values, reach, last);
        let mut out = Vec::with_capacity(1);
        self.judge(values, reach, last..last + 1, workspace, &mut out);
        out.pop().flatten()
    }

    /// Adds what is said of `rows`, the workspace having looked back at `values`.
    fn judge(
        &self,
        values: &[f64],
        reach: Reach,
        rows: Range<usize>,
        workspace: &mut Workspace,
        out: &mut Vec<Option<Opinion>>,
    ) {
        let Workspace {
            columns,
            space,
            answers,
            ..
        } = workspace;
        let bar = Bar::default();
        let own = &values[rows.clone()];
        let known = &values[recent_from(rows.start)..rows.end];
        self.answers(columns, reach, known, (rows, own), space, answers);
        out.extend(own.iter().zip(answers.iter()).map(|(&value, answer)| {
            let [lower, upper] = bar.band(answer);
            let can = !value.is_nan() && !answer.expected.is_nan();
            can.then(|| Opinion {
                row: bar.judge(value, answer, self.threshold),
                probability: answer.probability,
                is_within: (lower..=upper).contains(&value),
            })
        }));
    }
}

/// That of a season of `period` steps over `count` values. No lag of a longer season than all of them
/// lies among them, so nothing is said of any value, whatever the season.
fn reach_of(period: usize, count: usize) -> Reach {
    let period = period.clamp(1, count.saturating_add(1));
    Reach::new(period, LAGS * period)
}

impl Workspace {
    /// For what is asked about the buckets from `first` on.
    fn look_back(&mut self, values: &[f64], reach: Reach, first: usize) {
        let source = |t: usize, k| t.checked_sub(k * reach.period);
        self.columns.fill(values, reach, first, source);
    }
}
