//! Measures that judge row by row: average precision and F1.
//!
//! ```text
//! precision P = true / flagged     recall R = true / anomalous     F1 = 2PR / (P + R)
//! average precision = Σ over distinct scores, falling, of (R_k − R_{k−1}) · P_k
//! ```
//!
//! Rows of equal score are taken together. Both are harsh where a label is short, and noisy where
//! few rows are anomalous: a random detector has an average precision of the share of anomalous
//! rows.
//!
//! Source: J. Davis, M. Goadrich, *The relationship between precision-recall and ROC curves* (ICML
//! 2006); the sum is the one that does not interpolate.

use crate::{Decisions, Labels, Result, Scores};

/// The area under the curve of precision over recall, in (0, 1]; `None` unless some rows are
/// anomalous and others are not.
///
/// ```
/// use tuatara_metrics::{Labels, Scores, average_precision};
///
/// // Ranks 1 and 3 of four: 1/2 · 1 + 1/2 · 2/3.
/// let labels = Labels::new(vec![true, false, true, false]);
/// let scores = Scores::new(vec![0.9, 0.8, 0.7, 0.1])?;
/// assert_eq!(average_precision(&labels, &scores)?, Some(0.5 + 1.0 / 3.0));
/// # Ok::<(), tuatara_metrics::MetricsError>(())
/// ```
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn average_precision(labels: &Labels, scores: &Scores) -> Result<Option<f64>> {
    labels.check("scores", scores.len())?;
    let positives = labels.positives();
    if positives == 0 || positives == labels.len() {
        return Ok(None);
    }
    let (mut sum, mut recall_before) = (0.0, 0.0);
    for (hits, flagged) in hits_by_threshold(labels, scores) {
        let recall = hits as f64 / positives as f64;
        sum += (recall - recall_before) * (hits as f64 / flagged as f64);
        recall_before = recall;
    }
    Ok(Some(sum))
}

/// The F1 of the threshold that is best on these very labels, in (0, 1]: an upper bound. `None`
/// without an anomalous row.
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn best_f1(labels: &Labels, scores: &Scores) -> Result<Option<f64>> {
    labels.check("scores", scores.len())?;
    let positives = labels.positives();
    if positives == 0 {
        return Ok(None);
    }
    let f1 = |(hits, flagged)| 2.0 * hits as f64 / (flagged + positives) as f64;
    let best = hits_by_threshold(labels, scores).into_iter().map(f1);
    Ok(Some(best.fold(0.0, f64::max)))
}

/// The F1 of decisions, in [0, 1]: 0 if none is right; `None` without an anomalous row.
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn f1(labels: &Labels, decisions: &Decisions) -> Result<Option<f64>> {
    labels.check("decisions", decisions.len())?;
    let positives = labels.positives();
    let flagged = decisions.flags().iter().filter(|&&flag| flag).count();
    let both = labels.flags().iter().zip(decisions.flags());
    let hits = both.filter(|(label, flag)| **label && **flag).count();
    Ok((positives > 0).then(|| 2.0 * hits as f64 / (flagged + positives) as f64))
}

/// For each distinct score, falling: the anomalous rows down to it, and all.
fn hits_by_threshold(labels: &Labels, scores: &Scores) -> Vec<(usize, usize)> {
    let ranking = scores.ranking();
    let mut hits = 0;
    let mut found = Vec::new();
    let mut lasts = ranking.last_of_each().peekable();
    for (place, &row) in ranking.order.iter().enumerate() {
        hits += usize::from(labels.flags()[row]);
        if lasts.next_if_eq(&place).is_some() {
            found.push((hits, place + 1));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(labels: &[u8], scores: &[f64]) -> (Labels, Scores) {
        let labels = labels.iter().map(|&label| label == 1).collect();
        (Labels::new(labels), Scores::new(scores.to_vec()).unwrap())
    }

    #[test]
    fn a_constant_score_has_the_share_of_anomalous_rows() {
        let (labels, scores) = case(&[1, 0, 0, 0], &[5.0; 4]);
        assert_eq!(average_precision(&labels, &scores).unwrap(), Some(0.25));
        // Flagging everything: 2 · 1 / (4 + 1).
        assert_eq!(best_f1(&labels, &scores).unwrap(), Some(0.4));
    }

    #[test]
    fn without_both_kinds_of_rows_there_is_no_average_precision() {
        for label in [0, 1] {
            let (labels, scores) = case(&[label; 3], &[1.0, 2.0, 3.0]);
            assert_eq!(average_precision(&labels, &scores).unwrap(), None);
        }
    }

    #[test]
    fn decisions_that_never_hit_have_an_f1_of_zero() {
        let labels = Labels::new(vec![true, false]);
        let f1_of = |flags: [bool; 2]| f1(&labels, &Decisions::new(flags.to_vec())).unwrap();
        assert_eq!(f1_of([false, true]), Some(0.0));
        assert_eq!(f1_of([false, false]), Some(0.0));
        assert_eq!(f1_of([true, true]), Some(2.0 / 3.0));
    }
}
