//! Precision and recall of ranges.
//!
//! With true segments R_i and predicted segments P_j (runs of rows, as long as they can be):
//!
//! ```text
//! recall    = mean over i of  α · [touched] + (1 − α) · (share of R_i that is predicted) / x_i
//! precision = mean over j of  (share of P_j that is true) / x_j
//! ```
//!
//! where x is the number of segments of the other kind that touch it, so that one segment found in
//! pieces is worth less. α = 0.2 weighs that a segment was found at all; all of its places weigh
//! the same.
//!
//! Source: N. Tatbul et al., *Precision and Recall for Time Series* (NeurIPS 2018), equations 2 to
//! 7 with flat bias and γ(x) = 1/x; α as in TSB-AD (NeurIPS 2024).

use std::ops::Range;

use serde::Serialize;

use crate::rows::Ranking;
use crate::{Decisions, Labels, Result, Scores};

/// The weight of finding a segment at all.
const ALPHA: f64 = 0.2;

/// How many thresholds [`best_range_f1`] tries.
const TRIED: usize = 100;

/// Precision, recall and their harmonic mean, each in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RangeScore {
    /// How much of what was predicted is true; 0 where nothing was predicted.
    pub precision: f64,
    /// How much of what is true was predicted.
    pub recall: f64,
    /// `2PR / (P + R)`, 0 where both are.
    pub f1: f64,
}

/// Range precision and recall of decisions; `None` without an anomalous row.
///
/// ```
/// use tuatara_metrics::{Decisions, Labels, range_score};
///
/// let labels = Labels::new([0, 1, 1, 1, 1, 0].map(|label| label == 1).to_vec());
/// let decisions = Decisions::new([0, 1, 0, 1, 0, 0].map(|flag| flag == 1).to_vec());
/// let score = range_score(&labels, &decisions)?.expect("there is an anomaly");
/// // Half of it, in two pieces: 0.2 + 0.8 · 0.5 / 2. Both pieces are true.
/// assert_eq!((score.recall, score.precision), (0.4, 1.0));
/// # Ok::<(), tuatara_metrics::MetricsError>(())
/// ```
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn range_score(labels: &Labels, decisions: &Decisions) -> Result<Option<RangeScore>> {
    labels.check("decisions", decisions.len())?;
    let truth = labels.segments();
    Ok((!truth.is_empty()).then(|| of_segments(&truth, &decisions.segments())))
}

/// The range F1 of the best of a hundred thresholds on these very labels: an upper bound. `None`
/// without an anomalous row.
///
/// The thresholds are the scores at the shares `1 − 10^x` of the rows in rising order, for a hundred
/// x evenly spaced from `log₁₀ max(1/n, 10⁻⁵)` to `log₁₀ ½`: dense at the top, where detectors are
/// run. No opinion counts as the lowest score.
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn best_range_f1(labels: &Labels, scores: &Scores) -> Result<Option<f64>> {
    labels.check("scores", scores.len())?;
    let truth = labels.segments();
    if truth.is_empty() {
        return Ok(None);
    }
    let rows = scores.len();
    let Ranking { order, level } = scores.ranking();
    let mut tried: Vec<usize> = shares(rows)
        .map(|share| rows - 1 - (share * (rows - 1) as f64) as usize)
        .map(|place| level[place])
        .collect();
    tried.sort_unstable();
    tried.dedup();
    let best = tried.into_iter().map(|threshold| {
        let mut flags = vec![false; rows];
        let reached = level.iter().take_while(|&&level| level <= threshold);
        for &row in order.iter().take(reached.count()) {
            flags[row] = true;
        }
        of_segments(&truth, &Decisions::new(flags).segments()).f1
    });
    Ok(Some(best.fold(0.0, f64::max)))
}

/// The shares of rows that lie below the thresholds to be tried.
fn shares(rows: usize) -> impl Iterator<Item = f64> {
    let first = libm::log10((1.0 / rows as f64).max(1e-5));
    let last = libm::log10(0.5);
    let step = (last - first) / (TRIED - 1) as f64;
    (0..TRIED).map(move |k| match k + 1 {
        TRIED => 0.5,
        _ => 1.0 - libm::pow(10.0, k as f64 * step + first),
    })
}

fn of_segments(truth: &[Range<usize>], predicted: &[Range<usize>]) -> RangeScore {
    let recall = side(truth, predicted, ALPHA);
    let precision = side(predicted, truth, 0.0);
    let f1 = if recall + precision > 0.0 {
        2.0 * recall * precision / (recall + precision)
    } else {
        0.0
    };
    RangeScore {
        precision,
        recall,
        f1,
    }
}

/// The mean over `targets` of what `others` have of them.
fn side(targets: &[Range<usize>], others: &[Range<usize>], alpha: f64) -> f64 {
    if targets.is_empty() {
        return 0.0;
    }
    let mut sum = 0.0;
    for target in targets {
        let from = others.partition_point(|other| other.end <= target.start);
        let to = others.partition_point(|other| other.start < target.end);
        if from < to {
            let shared: usize = others[from..to]
                .iter()
                .map(|other| other.end.min(target.end) - other.start.max(target.start))
                .sum();
            let share = shared as f64 / target.len() as f64;
            sum += alpha + (1.0 - alpha) * share / (to - from) as f64;
        }
    }
    sum / targets.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> Vec<bool> {
        text.bytes().map(|byte| byte == b'1').collect()
    }

    #[test]
    fn one_predicted_run_over_two_segments_shares_its_precision_between_them() {
        let labels = Labels::new(flags("01100110"));
        let score = range_score(&labels, &Decisions::new(flags("01111110"))).unwrap();
        let score = score.unwrap();
        // Four of its six rows are true, of two segments: 4/6 / 2. Both are found whole.
        assert!((score.precision - 1.0 / 3.0).abs() < 1e-12);
        assert!((score.recall - 1.0).abs() < 1e-12);
        assert!((score.f1 - 0.5).abs() < 1e-12);
    }

    #[test]
    fn silence_has_neither_precision_nor_recall() {
        let labels = Labels::new(flags("0110"));
        let score = range_score(&labels, &Decisions::new(flags("0000"))).unwrap();
        let nothing = RangeScore {
            precision: 0.0,
            recall: 0.0,
            f1: 0.0,
        };
        assert_eq!(score, Some(nothing));
        assert_eq!(
            range_score(&Labels::new(flags("00")), &Decisions::new(flags("10"))).unwrap(),
            None
        );
    }
}
