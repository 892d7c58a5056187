//! What is said of the rows of one series: windows, labels, scores, decisions. Four types, because
//! each is easily taken for another.

use std::cmp::Ordering;
use std::ops::Range;

use crate::{MetricsError, Result};

/// The share of the scored rows that the windows after onsets have together.
const ONSET_SHARE: f64 = 0.10;

/// The ranges of rows in which a detection is rewarded. Sorted; two may touch but share no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Windows {
    rows: usize,
    ranges: Vec<Range<usize>>,
}

impl Windows {
    /// Windows of a series of `rows` rows, in any order, each with its end not included.
    ///
    /// # Errors
    /// [`MetricsError::Window`] for one that is empty or not within the rows,
    /// [`MetricsError::WindowsOverlap`] for two that share a row.
    pub fn new(rows: usize, ranges: impl IntoIterator<Item = Range<usize>>) -> Result<Self> {
        let mut ranges: Vec<_> = ranges.into_iter().collect();
        for &Range { start, end } in &ranges {
            if start >= end || end > rows {
                return Err(MetricsError::Window { start, end, rows });
            }
        }
        ranges.sort_by_key(|range| range.start);
        for pair in ranges.windows(2) {
            if pair[1].start < pair[0].end {
                return Err(MetricsError::WindowsOverlap {
                    first_start: pair[0].start,
                    first_end: pair[0].end,
                    start: pair[1].start,
                    end: pair[1].end,
                });
            }
        }
        Ok(Self { rows, ranges })
    }

    /// Windows for labels that mark the anomalous rows themselves, as most sets do.
    ///
    /// With `n` rows after the first `unscored` and `k` segments among them, a window goes from the
    /// first row of its segment to `⌊0.1 n / k⌋` rows after it or to the end of the segment,
    /// whichever is later, and stops where the next segment begins. A segment across the border is
    /// taken from the border on.
    ///
    /// # Errors
    /// [`MetricsError::Probation`] if more rows are left out than there are.
    pub fn after_onsets(labels: &Labels, unscored: usize) -> Result<Self> {
        let rows = labels.len();
        let segments = labels.from_row(unscored)?.segments();
        let reach = if segments.is_empty() {
            0
        } else {
            (ONSET_SHARE * (rows - unscored) as f64 / segments.len() as f64) as usize
        };
        let starts = segments.iter().skip(1).map(|next| next.start);
        let limits = starts.chain([rows - unscored]);
        let ranges = segments.iter().zip(limits).map(|(segment, limit)| {
            let end = segment.end.max((segment.start + reach + 1).min(limit));
            segment.start + unscored..end + unscored
        });
        Ok(Self {
            rows,
            ranges: ranges.collect(),
        })
    }

    /// How many rows the series has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The windows in order of time.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// The rows within windows as labels.
    pub fn labels(&self) -> Labels {
        let mut flags = vec![false; self.rows];
        for range in &self.ranges {
            flags[range.clone()].fill(true);
        }
        Labels(flags)
    }
}

/// Which rows are anomalous in truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels(Vec<bool>);

impl Labels {
    /// A label for every row.
    pub fn new(anomalous: Vec<bool>) -> Self {
        Self(anomalous)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels, one for every row.
    pub fn flags(&self) -> &[bool] {
        &self.0
    }

    /// How many rows are anomalous.
    pub fn positives(&self) -> usize {
        self.0.iter().filter(|&&anomalous| anomalous).count()
    }

    /// The runs of anomalous rows, as long as they can be, in order of time.
    pub fn segments(&self) -> Vec<Range<usize>> {
        runs(&self.0)
    }

    /// The labels of row `first` and all after it.
    ///
    /// # Errors
    /// [`MetricsError::Probation`] if there are fewer rows than that.
    pub fn from_row(&self, first: usize) -> Result<Self> {
        Ok(Self(self.0[tail(first, self.len())?].to_vec()))
    }

    /// Refuses what has another number of rows.
    pub(crate) fn check(&self, what: &'static str, got: usize) -> Result<()> {
        let rows = self.len();
        if got == rows {
            return Ok(());
        }
        Err(MetricsError::Length { what, got, rows })
    }
}

/// How anomalous a detector says that each row is: finite, on any scale, higher is more anomalous;
/// NaN is no opinion, which ranks below every number.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores(Vec<f64>);

impl Scores {
    /// A score for every row.
    ///
    /// # Errors
    /// [`MetricsError::InfiniteScore`]
    pub fn new(scores: Vec<f64>) -> Result<Self> {
        match scores.iter().position(|score| score.is_infinite()) {
            None => Ok(Self(scores)),
            Some(row) => Err(MetricsError::InfiniteScore {
                row,
                value: scores[row],
            }),
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scores, one for every row.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// Flags the rows whose score is `threshold` or higher. No opinion is never flagged.
    pub fn at_least(&self, threshold: f64) -> Decisions {
        Decisions(self.0.iter().map(|&score| score >= threshold).collect())
    }

    /// The scores of row `first` and all after it.
    ///
    /// # Errors
    /// [`MetricsError::Probation`] if there are fewer rows than that.
    pub fn from_row(&self, first: usize) -> Result<Self> {
        Ok(Self(self.0[tail(first, self.len())?].to_vec()))
    }

    /// The rows by falling score, and among equals by time.
    pub(crate) fn ranking(&self) -> Ranking {
        Ranking::new(&self.0)
    }
}

/// Which rows a detector flagged, by its own decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decisions(Vec<bool>);

impl Decisions {
    /// A decision for every row.
    pub fn new(flagged: Vec<bool>) -> Self {
        Self(flagged)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The decisions, one for every row.
    pub fn flags(&self) -> &[bool] {
        &self.0
    }

    /// The runs of flagged rows, as long as they can be, in order of time.
    pub fn segments(&self) -> Vec<Range<usize>> {
        runs(&self.0)
    }

    /// The decisions on row `first` and all after it.
    ///
    /// # Errors
    /// [`MetricsError::Probation`] if there are fewer rows than that.
    pub fn from_row(&self, first: usize) -> Result<Self> {
        Ok(Self(self.0[tail(first, self.len())?].to_vec()))
    }
}

/// Rows by falling score.
pub(crate) struct Ranking {
    /// The rows, highest score first; equal scores in order of time; no opinion last.
    pub(crate) order: Vec<usize>,
    /// For each place in `order`, the number of its score among the different ones, from 0.
    pub(crate) level: Vec<usize>,
}

impl Ranking {
    pub(crate) fn new(scores: &[f64]) -> Self {
        let mut order: Vec<_> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| falling(scores[a], scores[b]));
        let mut level = vec![0; order.len()];
        for place in 1..order.len() {
            let differs = falling(scores[order[place - 1]], scores[order[place]]).is_ne();
            level[place] = level[place - 1] + usize::from(differs);
        }
        Self { order, level }
    }

    /// The places in `order` that are the last of their score.
    pub(crate) fn last_of_each(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.level.len()).filter(|&place| self.level.get(place + 1) != Some(&self.level[place]))
    }
}

/// Orders by falling score, no opinion last.
fn falling(a: f64, b: f64) -> Ordering {
    b.partial_cmp(&a)
        .unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()))
}

/// The runs of `true`, as long as they can be.
fn runs(flags: &[bool]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (row, _) in flags.iter().enumerate().filter(|(_, flag)| **flag) {
        match runs.last_mut() {
            Some(run) if run.end == row => run.end += 1,
            _ => runs.push(row..row + 1),
        }
    }
    runs
}

/// The rows from `first` on.
fn tail(first: usize, rows: usize) -> Result<Range<usize>> {
    if first <= rows {
        return Ok(first..rows);
    }
    Err(MetricsError::Probation {
        unscored: first,
        rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Labels {
        Labels::new(text.bytes().map(|byte| byte == b'1').collect())
    }

    #[test]
    fn windows_may_touch_and_share_no_row() {
        let windows = Windows::new(9, [4..6, 1..4]).unwrap();
        assert_eq!(windows.ranges(), [1..4, 4..6]);
        assert_eq!(windows.labels().segments().first(), Some(&(1..6)));
        let error = Windows::new(9, [4..6, 1..5]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the windows 1..5 and 4..6 overlap; join them into one"
        );
    }

    #[test]
    fn a_window_after_an_onset_stops_where_the_next_segment_begins() {
        // 40 rows after the first 2, four segments: one row of reach beside the onset.
        let text = format!("11{}", "1000010111000000000000000000000000001010");
        let windows = Windows::after_onsets(&labels(&text), 2).unwrap();
        // Segments at 2, 7, 9..12, 38, 40; five of them: ⌊4.0 / 5⌋ = 0 rows of reach.
        assert_eq!(windows.ranges(), [2..3, 7..8, 9..12, 38..39, 40..41]);
        // Two segments in 40 rows: two rows beyond the onset, but not into the next segment.
        let text = "0010100000000000000000000000000000000000";
        let windows = Windows::after_onsets(&labels(text), 0).unwrap();
        assert_eq!(windows.ranges(), [2..4, 4..7]);
    }

    #[test]
    fn no_opinion_ranks_below_every_number_and_equals_itself() {
        let scores = Scores::new(vec![f64::NAN, 0.0, 2.0, -0.0, f64::NAN, -3.0]).unwrap();
        let ranking = scores.ranking();
        assert_eq!(ranking.order, [2, 1, 3, 5, 0, 4]);
        assert_eq!(ranking.level, [0, 1, 1, 2, 3, 3]);
        assert_eq!(ranking.last_of_each().collect::<Vec<_>>(), [0, 2, 3, 5]);
    }

    #[test]
    fn an_infinite_score_is_refused_with_its_row() {
        let error = Scores::new(vec![1.0, f64::INFINITY]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the score of row 1 is inf; allowed: finite numbers, and NaN for no opinion; write a \
             large finite number where certainty is meant"
        );
    }
}
