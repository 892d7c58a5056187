//! What is known of one series: its labels, its windows, and the rows that are not scored.

use serde::{Deserialize, Serialize};
use tuatara_frame::Duration;

use crate::{Decisions, Labels, MetricsError, Result, Scores, Windows};

/// The share of the rows that [`Probation::Share`] and [`Probation::Nab`] leave out.
const SHARE: f64 = 0.15;

/// The rows that [`Probation::Nab`] leaves out at most: the share of 5000.
const NAB_AT_MOST: usize = 750;

/// How many rows at the beginning are neither rewarded nor punished.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Probation {
    /// So many: a training part of known length.
    Rows(usize),
    /// `⌊0.15 n⌋` of n rows.
    Share,
    /// As NAB has it: `⌊0.15 n⌋` of n rows, and at most 750.
    Nab,
}

impl Probation {
    /// How many rows of `rows` are left out.
    ///
    /// # Errors
    /// [`MetricsError::Probation`] if more are to be left out than there are.
    pub fn of(self, rows: usize) -> Result<usize> {
        let share = (SHARE * rows as f64) as usize;
        match self {
            Self::Rows(unscored) if unscored > rows => {
                Err(MetricsError::Probation { unscored, rows })
            }
            Self::Rows(unscored) => Ok(unscored),
            Self::Share => Ok(share),
            Self::Nab => Ok(share.min(NAB_AT_MOST)),
        }
    }
}

/// The truth about one series: which rows are anomalous, where a detection is rewarded, and from
/// which row on answers count. The measures over several series take these.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    labels: Labels,
    windows: Windows,
    unscored: usize,
    scored: Labels,
    step: Option<Duration>,
    buffer: usize,
}

impl Truth {
    /// Of windows that were labelled as such, as in NAB: every row of one is anomalous.
    ///
    /// # Errors
    /// [`MetricsError::Probation`]
    pub fn from_windows(windows: Windows, probation: Probation) -> Result<Self> {
        let unscored = probation.of(windows.rows())?;
        Self::new(windows.labels(), windows, unscored)
    }

    /// Of labels on rows; the windows of NAB are those [after the onsets](Windows::after_onsets).
    ///
    /// # Errors
    /// [`MetricsError::Probation`]
    pub fn from_labels(labels: Labels, probation: Probation) -> Result<Self> {
        let unscored = probation.of(labels.len())?;
        let windows = Windows::after_onsets(&labels, unscored)?;
        Self::new(labels, windows, unscored)
    }

    fn new(labels: Labels, windows: Windows, unscored: usize) -> Result<Self> {
        let scored = labels.from_row(unscored)?;
        Ok(Self {
            labels,
            windows,
            unscored,
            scored,
            step: None,
            buffer: crate::DEFAULT_BUFFER,
        })
    }

    /// The time from a row to the next, without which nothing is said per day or in minutes.
    #[must_use]
    pub fn with_step(mut self, step: Duration) -> Self {
        self.step = Some(step);
        self
    }

    /// The largest buffer of the [volume under the surface](crate::vus_pr), in rows: usually the
    /// period of the values, [`period`](crate::period()). 125 by default, which is what the
    /// benchmark takes for a series without a period.
    #[must_use]
    pub fn with_buffer(mut self, rows: usize) -> Self {
        self.buffer = rows;
        self
    }

    /// How many rows the series has.
    pub fn rows(&self) -> usize {
        self.labels.len()
    }

    /// Which rows are anomalous, those that are not scored among them.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// Where a detection is rewarded by NAB.
    pub fn windows(&self) -> &Windows {
        &self.windows
    }

    /// How many rows at the beginning are not scored.
    pub fn unscored(&self) -> usize {
        self.unscored
    }

    /// The time from a row to the next, if it is known.
    pub fn step(&self) -> Option<Duration> {
        self.step
    }

    /// The largest buffer of the volume under the surface, in rows.
    pub fn buffer(&self) -> usize {
        self.buffer
    }

    /// The labels of the rows that are scored.
    pub fn scored_labels(&self) -> &Labels {
        &self.scored
    }

    /// The scores of the rows that are scored.
    ///
    /// # Errors
    /// [`MetricsError::Length`] unless there is a score for every row of the series.
    pub fn scored(&self, scores: &Scores) -> Result<Scores> {
        self.labels.check("scores", scores.len())?;
        scores.from_row(self.unscored)
    }

    /// The decisions on the rows that are scored.
    ///
    /// # Errors
    /// [`MetricsError::Length`] unless there is a decision on every row of the series.
    pub fn decided(&self, decisions: &Decisions) -> Result<Decisions> {
        self.labels.check("decisions", decisions.len())?;
        decisions.from_row(self.unscored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nab_leaves_out_fifteen_per_cent_and_750_rows_at_most() {
        assert_eq!(Probation::Nab.of(160).unwrap(), 24);
        assert_eq!(Probation::Nab.of(5_000).unwrap(), 750);
        assert_eq!(Probation::Nab.of(22_695).unwrap(), 750);
        assert_eq!(Probation::Share.of(22_695).unwrap(), 3_404);
        assert_eq!(Probation::Share.of(6).unwrap(), 0);
    }

    #[test]
    fn a_training_part_longer_than_the_series_is_refused() {
        let error = Probation::Rows(7).of(6).unwrap_err();
        assert_eq!(
            error.to_string(),
            "7 rows are to be left out of scoring and there are 6; allowed: 0 to 6; leave fewer out"
        );
    }

    #[test]
    fn answers_must_cover_the_rows_that_are_not_scored_too() {
        let truth = Truth::from_labels(Labels::new(vec![false; 8]), Probation::Rows(2)).unwrap();
        assert_eq!(truth.scored_labels().len(), 6);
        let scores = Scores::new(vec![0.0; 6]).unwrap();
        assert_eq!(
            truth.scored(&scores).unwrap_err().to_string(),
            "6 scores do not go with 8 labels; give one for every row, in row order"
        );
    }
}
