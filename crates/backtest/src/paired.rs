//! Two contestants on the same series, one series at a time.

use crate::chance::{bootstrap_mean, sign_test};
use crate::{Contestant, Figures};

/// What is compared: its name, whether more of it is better, and its value on one series.
type Measure = (&'static str, bool, fn(&Figures) -> Option<f64>);

/// In the order in which they are shown. A delay is compared on series where both found something.
const MEASURES: [Measure; 7] = [
    ("share of incidents found", true, |of| {
        of.operator.share_found()
    }),
    ("false alerts per 30 days", false, |of| {
        of.quality.as_ref()?;
        of.operator.false_alerts_per_30_days()
    }),
    ("alerts per 30 days", false, |of| {
        of.operator.alerts_per_30_days()
    }),
    ("median delay in minutes", false, |of| {
        Some(of.operator.median_delay()?.report_minutes)
    }),
    ("VUS-PR", true, Figures::vus_pr),
    ("average precision", true, Figures::average_precision),
    ("range F1", true, Figures::range_f1),
];

/// Below this two values count as a tie: rounding, and no difference.
const TIE: f64 = 1e-9;

/// How another contestant does beside the first, measure by measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The first.
    pub first: String,
    /// The other.
    pub other: String,
    /// What was compared.
    pub measures: Vec<PairedMeasure>,
}

/// One measure on all series for which both contestants have it.
#[derive(Debug, Clone, PartialEq)]
pub struct PairedMeasure {
    /// What was compared.
    pub name: &'static str,
    /// Whether more of it is better.
    pub more_is_better: bool,
    /// Per series that both have, by its position: the value of the other less that of the first.
    pub differences: Vec<(usize, f64)>,
    /// Series on which the other is better.
    pub wins: usize,
    /// Series on which both are the same.
    pub ties: usize,
    /// Series on which the first is better.
    pub losses: usize,
    /// Mean of the differences; `None` without a series.
    pub mean: Option<f64>,
    /// The range in which that mean lies in 95 of 100 resamples of the series; `None` for fewer than
    /// two series.
    pub mean_range: Option<[f64; 2]>,
    /// How probable it is that chance alone makes wins and losses differ so much, two-sided.
    pub sign_test: f64,
}

pub(crate) fn compare(first: &Contestant, other: &Contestant, seed: u64) -> Comparison {
    let measures = MEASURES.iter().map(|&(name, more_is_better, value)| {
        let pairs = first.series.iter().zip(&other.series).enumerate();
        let differences: Vec<(usize, f64)> = pairs
            .filter_map(|(at, (first, other))| {
                Some((at, value(other.as_ref()?)? - value(first.as_ref()?)?))
            })
            .collect();
        let better = |difference: f64| match more_is_better {
            true => difference > TIE,
            false => difference < -TIE,
        };
        let wins = differences.iter().filter(|(_, d)| better(*d)).count();
        let losses = differences.iter().filter(|(_, d)| better(-*d)).count();
        let values: Vec<f64> = differences.iter().map(|(_, d)| *d).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        PairedMeasure {
            name,
            more_is_better,
            wins,
            losses,
            ties: differences.len() - wins - losses,
            mean: (!values.is_empty()).then_some(mean),
            mean_range: bootstrap_mean(&values, seed),
            sign_test: sign_test(wins, losses),
            differences,
        }
    });
    Comparison {
        first: first.name.clone(),
        other: other.name.clone(),
        measures: measures.collect(),
    }
}
