//! How good a model is on a set, as the table of AlerTiger has it.

use tuatara_metrics::{Decisions, EventTally, Labels, Scores, average_precision};
use tuatara_synth::LabelledSeries;

use crate::model::Model;
use crate::panel::{Opinion, Workspace};

/// Steps at the beginning that are not scored: the original says nothing of them.
const UNSCORED: usize = 28;

/// What a model says of a set, rows of all series one after the other.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    rows: Vec<(Option<Opinion>, bool)>,
    /// Where each series begins.
    starts: Vec<usize>,
}

impl Measured {
    pub(crate) fn new(model: &Model, set: &[LabelledSeries]) -> Self {
        let mut measured = Self::default();
        let (mut workspace, mut opinions) = (Workspace::default(), Vec::new());
        for series in set {
            let periods = series.cadence.periods();
            let period = periods[periods.len() - 1];
            model.opinions(&series.values, period, &mut workspace, &mut opinions);
            measured.starts.push(measured.rows.len());
            let labels = series.labels();
            let rows = opinions.iter().copied().zip(labels).skip(UNSCORED);
            measured.rows.extend(rows);
        }
        measured
    }

    /// The area under precision over recall, all rows pooled.
    pub(crate) fn average_precision(&self) -> f64 {
        let labels = Labels::new(self.rows.iter().map(|(_, label)| *label).collect());
        let scores = self.rows.iter();
        let scores = scores.map(|(opinion, _)| opinion.map_or(f64::NAN, |said| said.row.score));
        let scores = Scores::new(scores.collect()).expect("a score is finite or none");
        let found = average_precision(&labels, &scores).expect("as many labels as scores");
        found.unwrap_or(f64::NAN)
    }

    /// The share of normal values within the band, `band` telling the bounds of an opinion.
    pub(crate) fn coverage(&self) -> f64 {
        let normal = self.rows.iter().filter(|(_, label)| !label);
        let (mut within, mut all) = (0.0, 0.0);
        for said in normal.filter_map(|(opinion, _)| *opinion) {
            within += f64::from(said.is_within);
            all += 1.0;
        }
        within / f64::max(all, 1.0)
    }

    /// Precision and recall of events where values outside the band are flagged from a probability of
    /// `threshold` on.
    pub(crate) fn events(&self, threshold: f64) -> EventTally {
        let mut tally = EventTally::default();
        let ends = self.starts.iter().skip(1).copied();
        for (&start, end) in self.starts.iter().zip(ends.chain([self.rows.len()])) {
            let rows = &self.rows[start..end];
            let labels = Labels::new(rows.iter().map(|(_, label)| *label).collect());
            let flagged = rows.iter().map(|(opinion, _)| {
                opinion.is_some_and(|said| !said.is_within && said.probability > threshold)
            });
            let decisions = Decisions::new(flagged.collect());
            let one = EventTally::count(&labels, &decisions, 1);
            tally.add(&one.expect("as many labels as decisions"));
        }
        tally
    }
}
