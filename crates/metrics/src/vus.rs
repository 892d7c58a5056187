//! Volume under the surface: average precision with labels widened by a buffer, over all buffers.
//!
//! With labels y on n rows, scores s, and the largest buffer W. For the 250 thresholds that are the
//! scores at the ranks `⌊k (n − 1) / 249⌋` in falling order, `p_k = [s ≥ t_k]`, `N_k = Σ p_k`,
//! `P = Σ y`; then for each buffer w = 0 … W:
//!
//! ```text
//! L    soft labels: 1 on labelled rows; on the ⌊w/2⌋ rows to either side of a segment, at
//!      distance d, √(1 − d/w); they add up, to 1 at most
//! zone a segment widened by ⌊w/2⌋ rows, joined with those that it reaches
//! E_k  share of the zones with a row of p_k
//! TP_k = Σ L p_k      B_k = TP_k − labelled rows in p_k      P' = P + B_k / 2
//! R_k  = min(TP_k / P', 1) · E_k        Q_k = TP_k / N_k        F_k = (N_k − TP_k) / (n − P')
//! PR_w = Σ_k (R_k − R_{k−1}) Q_k,  R_0 = 0       ROC_w: the area under (F, R) by trapezoids
//! ```
//!
//! The volumes are the means over w. No threshold is needed, small shifts are forgiven, whole
//! segments that are missed are not. It prefers wide humps: a trailing mean over some fifty rows
//! lifts it by more than most changes of a model. Read it beside NAB, which prefers single rows.
//!
//! Only rows in zones matter, each once per buffer: O(n log n + W · rows in zones).
//!
//! Source: J. Paparrizos et al., *Volume Under the Surface: A New Accuracy Evaluation Measure for
//! Time-Series Anomaly Detection* (VLDB 2022), with the settings of TSB-AD (NeurIPS 2024).

use std::ops::Range;

use serde::Serialize;

use crate::{Labels, Result, Scores};

/// How many thresholds there are.
const LEVELS: usize = 250;

/// The volumes under the surfaces.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Vus {
    /// Under precision over recall, the customary one. In [0, 1].
    pub pr: f64,
    /// Under recall over the rate of false alarms. In [0, 1].
    pub roc: f64,
}

/// The volume under precision over recall, with buffers up to `buffer` rows; `None` unless some
/// rows are anomalous and others are not. The customary buffer is the [`period`](crate::period()).
///
/// ```
/// use tuatara_metrics::{Labels, Scores, vus_pr};
///
/// let labels = Labels::new((0..60).map(|row| (30..36).contains(&row)).collect());
/// let near = Scores::new((0..60).map(|row| f64::from(u8::from(row == 28))).collect())?;
/// let far = Scores::new((0..60).map(|row| f64::from(u8::from(row == 8))).collect())?;
/// assert!(vus_pr(&labels, &near, 12)? > vus_pr(&labels, &far, 12)?);
/// # Ok::<(), tuatara_metrics::MetricsError>(())
/// ```
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn vus_pr(labels: &Labels, scores: &Scores, buffer: usize) -> Result<Option<f64>> {
    Ok(vus(labels, scores, buffer)?.map(|volumes| volumes.pr))
}

/// Both volumes; see [`vus_pr`].
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn vus(labels: &Labels, scores: &Scores, buffer: usize) -> Result<Option<Vus>> {
    labels.check("scores", scores.len())?;
    let positives = labels.positives();
    if positives == 0 || positives == labels.len() {
        return Ok(None);
    }
    let surface = Surface::new(labels, scores);
    let (mut pr, mut roc) = (0.0, 0.0);
    for width in 0..=buffer {
        let areas = surface.under(width);
        pr += areas.pr;
        roc += areas.roc;
    }
    let count = (buffer + 1) as f64;
    Ok(Some(Vus {
        pr: pr / count,
        roc: roc / count,
    }))
}

/// What does not depend on the buffer.
struct Surface {
    rows: usize,
    positives: f64,
    segments: Vec<Range<usize>>,
    labels: Vec<bool>,
    /// For each row the first threshold that it reaches.
    level: Vec<usize>,
    /// For each threshold the rows that reach it, and the labelled ones among them.
    flagged: Vec<f64>,
    hits: Vec<f64>,
}

impl Surface {
    fn new(labels: &Labels, scores: &Scores) -> Self {
        let rows = labels.len();
        let ranking = scores.ranking();
        let step = (rows - 1) as f64 / (LEVELS - 1) as f64;
        let thresholds: Vec<usize> = (0..LEVELS)
            .map(|k| match k + 1 {
                LEVELS => rows - 1,
                _ => (k as f64 * step) as usize,
            })
            .map(|place| ranking.level[place])
            .collect();
        let mut level = vec![0; rows];
        for (&row, &distinct) in ranking.order.iter().zip(&ranking.level) {
            level[row] = thresholds.partition_point(|&threshold| threshold < distinct);
        }
        let all = level.iter().map(|&level| (level, 1.0));
        let labelled = level.iter().zip(labels.flags());
        let labelled = labelled.map(|(&level, &label)| (level, f64::from(u8::from(label))));
        Self {
            rows,
            positives: labels.positives() as f64,
            segments: labels.segments(),
            labels: labels.flags().to_vec(),
            flagged: accumulated(all),
            hits: accumulated(labelled),
            level,
        }
    }

    /// The areas for one buffer.
    fn under(&self, width: usize) -> Vus {
        let zones = self.zones(width / 2);
        let soft = self.soft_labels(&zones, width);
        let true_rows = accumulated(
            zones
                .iter()
                .flat_map(Range::clone)
                .zip(soft)
                .map(|(row, label)| (self.level[row], label)),
        );
        let reached = accumulated(zones.iter().map(|zone| {
            let first = self.level[zone.clone()].iter().min();
            (first.copied().expect("a zone has a row"), 1.0)
        }));
        let (mut pr, mut roc) = (0.0, 0.0);
        let (mut recall_before, mut rate_before) = (0.0, 0.0);
        for k in 0..LEVELS {
            let widened = self.positives + (true_rows[k] - self.hits[k]) / 2.0;
            let recall = (true_rows[k] / widened).min(1.0) * reached[k] / zones.len() as f64;
            let rate = (self.flagged[k] - true_rows[k]) / (self.rows as f64 - widened);
            pr += (recall - recall_before) * (true_rows[k] / self.flagged[k].max(1.0));
            roc += (rate - rate_before) * (recall + recall_before) / 2.0;
            (recall_before, rate_before) = (recall, rate);
        }
        roc += (1.0 - rate_before) * (1.0 + recall_before) / 2.0;
        Vus { pr, roc }
    }

    /// The segments widened by `half` rows to either side, joined where they meet.
    fn zones(&self, half: usize) -> Vec<Range<usize>> {
        let mut zones: Vec<Range<usize>> = Vec::new();
        for segment in &self.segments {
            let start = segment.start.saturating_sub(half);
            let end = (segment.end + half).min(self.rows);
            match zones.last_mut() {
                Some(zone) if zone.end > start => zone.end = end,
                _ => zones.push(start..end),
            }
        }
        zones
    }

    /// The soft labels of the rows in zones, one after the other.
    fn soft_labels(&self, zones: &[Range<usize>], width: usize) -> Vec<f64> {
        let half = width / 2;
        let fading = |distance: usize| libm::sqrt(1.0 - distance as f64 / width as f64);
        let mut soft = Vec::new();
        let mut segments = self.segments.iter().peekable();
        for zone in zones {
            let base = soft.len();
            let hard = self.labels[zone.clone()].iter();
            soft.extend(hard.map(|&label| f64::from(u8::from(label))));
            while let Some(segment) = segments.next_if(|segment| segment.start < zone.end) {
                for distance in 1..=half {
                    let later = segment.end - 1 + distance;
                    if later < self.rows {
                        soft[base + later - zone.start] += fading(distance);
                    }
                    if let Some(earlier) = segment.start.checked_sub(distance) {
                        soft[base + earlier - zone.start] += fading(distance);
                    }
                }
            }
        }
        for label in &mut soft {
            *label = label.min(1.0);
        }
        soft
    }
}

/// Sums of weights up to each level.
fn accumulated(weights: impl Iterator<Item = (usize, f64)>) -> Vec<f64> {
    let mut sums = vec![0.0; LEVELS];
    for (level, weight) in weights {
        sums[level] += weight;
    }
    let mut sum = 0.0;
    for slot in &mut sums {
        sum += *slot;
        *slot = sum;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::average_precision;

    #[test]
    fn without_a_buffer_and_with_one_segment_it_is_average_precision() {
        // Fewer rows than thresholds, so that none is skipped; one zone, reached with the first hit.
        let labels = Labels::new((0..100).map(|row| (40..50).contains(&row)).collect());
        let scores = Scores::new((0..100).map(|row| f64::from((row * 37) % 100)).collect());
        let scores = scores.unwrap();
        let volume = vus_pr(&labels, &scores, 0).unwrap().unwrap();
        let area = average_precision(&labels, &scores).unwrap().unwrap();
        assert!((volume - area).abs() < 1e-12, "{volume} {area}");
    }

    #[test]
    fn scores_that_are_the_labels_reach_1_without_a_buffer() {
        let labels = Labels::new((0..50).map(|row| row % 10 == 3).collect());
        let scores = labels
            .flags()
            .iter()
            .map(|&label| f64::from(u8::from(label)));
        let scores = Scores::new(scores.collect()).unwrap();
        let volumes = vus(&labels, &scores, 0).unwrap().unwrap();
        assert!((volumes.pr - 1.0).abs() < 1e-12 && (volumes.roc - 1.0).abs() < 1e-12);
    }

    #[test]
    fn without_both_kinds_of_rows_there_is_no_volume() {
        for label in [false, true] {
            let labels = Labels::new(vec![label; 5]);
            let scores = Scores::new(vec![1.0; 5]).unwrap();
            assert_eq!(vus_pr(&labels, &scores, 4).unwrap(), None);
        }
    }
}
