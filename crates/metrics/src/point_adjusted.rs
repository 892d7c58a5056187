//! F1 after point adjustment. **Never a reason to choose a detector.**
//!
//! If one row of a segment is flagged, the whole segment counts as found:
//!
//! ```text
//! true    = rows of the segments with a flagged row
//! flagged = those rows and the flagged rows outside segments
//! F1      = 2 · true / (flagged + anomalous)
//! ```
//!
//! A long segment is found by chance, and then pays with all of its rows, while a false alarm costs
//! one: on the usual benchmarks random scores reach the published state of the art. It is here to
//! read old tables, and beside the random detector of the same table only.
//!
//! With a limit, a segment counts as found only if one of its first `k + 1` rows is flagged. That
//! bounds the delay and is less wrong; false alarms still cost by the row.
//!
//! Source: H. Xu et al., *Unsupervised Anomaly Detection via Variational Auto-Encoder for Seasonal
//! KPIs* (WWW 2018), for the adjustment; H. Ren et al., *Time-Series Anomaly Detection Service at
//! Microsoft* (KDD 2019), for the limit; S. Kim et al., *Towards a Rigorous Evaluation of
//! Time-Series Anomaly Detection* (AAAI 2022), for the warning.

use crate::{Decisions, Labels, Result};

/// F1 after point adjustment, in [0, 1]; `None` without an anomalous row. **A random detector
/// scores high on it: see the [module](self), and never quote it as an achievement.**
///
/// `within` is the row of a segment, counted from 0, by which it must have been found; `None` takes
/// a hit anywhere in it.
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn point_adjusted_f1(
    labels: &Labels,
    decisions: &Decisions,
    within: Option<usize>,
) -> Result<Option<f64>> {
    labels.check("decisions", decisions.len())?;
    let flags = decisions.flags();
    let outside = flags.iter().zip(labels.flags());
    let false_rows = outside.filter(|(flag, label)| **flag && !**label).count();
    let true_rows: usize = labels
        .segments()
        .into_iter()
        .filter(|segment| {
            let limit = within.map_or(segment.len(), |row| row.saturating_add(1));
            flags[segment.clone()].iter().take(limit).any(|&flag| flag)
        })
        .map(|segment| segment.len())
        .sum();
    let positives = labels.positives();
    let asked = (true_rows + false_rows + positives) as f64;
    Ok((positives > 0).then(|| 2.0 * true_rows as f64 / asked))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RandomDetector;

    fn flags(text: &str) -> Vec<bool> {
        text.bytes().map(|byte| byte == b'1').collect()
    }

    fn of(labels: &str, decisions: &str, within: Option<usize>) -> Option<f64> {
        let decisions = Decisions::new(flags(decisions));
        point_adjusted_f1(&Labels::new(flags(labels)), &decisions, within).unwrap()
    }

    #[test]
    fn one_row_finds_the_whole_segment_unless_it_comes_too_late() {
        // 4 of 4 rows true, 1 false: 2·4 / (5 + 4).
        assert_eq!(of("0111100", "1000100", None), Some(8.0 / 9.0));
        assert_eq!(of("0111100", "1000100", Some(3)), Some(8.0 / 9.0));
        assert_eq!(of("0111100", "1000100", Some(2)), Some(0.0));
        assert_eq!(of("0000000", "1000100", None), None);
    }

    #[test]
    fn a_random_detector_looks_excellent_on_long_segments() {
        // A tenth of 4 000 rows is anomalous, in two segments; one row in 50 is flagged by chance.
        let labels: Vec<bool> = (0..4_000).map(|row| row % 2_000 < 200).collect();
        let labels = Labels::new(labels);
        let random = RandomDetector::new(7, 0.02).unwrap().answer(0, 4_000);
        let adjusted = point_adjusted_f1(&labels, &random.decisions, None)
            .unwrap()
            .unwrap();
        let honest = crate::f1(&labels, &random.decisions).unwrap().unwrap();
        assert!(adjusted > 0.9 && honest < 0.1, "{adjusted} {honest}");
    }
}
