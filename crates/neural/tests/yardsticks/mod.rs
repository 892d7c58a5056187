//! Scores that need no training, and what a set of scored series is worth.

use tuatara_metrics::{Decisions, EventTally, Labels, Scores, average_precision, best_f1};
use tuatara_synth::LabelledSeries;

/// Days at the beginning that are not scored.
pub(crate) const UNSCORED: usize = 28;
const WEEK: usize = 7;

/// What one method says of a series, day by day.
#[derive(Debug, Clone, Default)]
pub(crate) struct Said {
    /// NaN where nothing is said.
    pub(crate) score: Vec<f64>,
    /// Whether a score above the threshold may be flagged at all, as by a band that must be left.
    pub(crate) may_flag: Vec<bool>,
    /// The band of what is normal, where there is one.
    pub(crate) band: Vec<Option<Band>>,
}

/// Where a value lies, and how much room there was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Band {
    pub(crate) is_within: bool,
    pub(crate) width: f64,
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let upper = values[values.len() / 2];
    match values.len() % 2 {
        1 => upper,
        _ => f64::midpoint(values[values.len() / 2 - 1], upper),
    }
}

/// The threshold of [`four_lags`]. Its source flags above 6 and is silent about the unit: 1.2 of the
/// plain deviations meets what it published of events.
pub(crate) const FOUR_LAGS_FLAG: f64 = 6.0 * 1.2;

/// |y − median of the values 7, 14, 21 and 28 days before| / the median absolute deviation of the
/// differences from week to week in the 28 days before.
pub(crate) fn four_lags(series: &LabelledSeries) -> Said {
    let y = &series.values;
    let score = |t: usize| {
        if t < UNSCORED {
            return f64::NAN;
        }
        let mut lags: Vec<f64> = (1..=4).map(|k| y[t - k * WEEK]).collect();
        let mut differences: Vec<f64> =
            (1..=3 * WEEK).map(|k| y[t - k] - y[t - k - WEEK]).collect();
        let middle = median(&mut differences);
        let mut away: Vec<f64> = differences.iter().map(|d| (d - middle).abs()).collect();
        (y[t] - median(&mut lags)).abs() / median(&mut away)
    };
    Said {
        score: (0..y.len()).map(score).collect(),
        may_flag: vec![true; y.len()],
        band: vec![None; y.len()],
    }
}

/// |y − what the generator expected|: who knows trend and season can do no better by size.
pub(crate) fn oracle(series: &LabelledSeries) -> Said {
    let both = series.values.iter().zip(&series.expected);
    Said {
        score: both
            .map(|(value, expected)| (value - expected).abs())
            .collect(),
        may_flag: vec![true; series.len()],
        band: vec![None; series.len()],
    }
}

/// What a method says of all series of a set, without the days that are not scored.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    labels: Vec<Labels>,
    said: Vec<Said>,
    inside: usize,
    banded: usize,
    width: f64,
}

impl Judged {
    pub(crate) fn new(set: &[LabelledSeries], method: impl Fn(&LabelledSeries) -> Said) -> Self {
        let mut judged = Self::default();
        for series in set {
            let mut said = method(series);
            let labels = series.labels();
            for (band, label) in said.band.iter().zip(&labels).skip(UNSCORED) {
                if let (Some(band), false) = (band, label) {
                    judged.inside += usize::from(band.is_within);
                    judged.banded += 1;
                    judged.width += band.width;
                }
            }
            said.score.drain(..UNSCORED);
            said.may_flag.drain(..UNSCORED);
            judged.labels.push(Labels::new(labels[UNSCORED..].to_vec()));
            judged.said.push(said);
        }
        judged
    }

    fn pooled(&self) -> (Labels, Scores) {
        let labels = self.labels.iter().flat_map(|labels| labels.flags());
        let scores = self.said.iter().flat_map(|said| &said.score);
        let scores = Scores::new(scores.copied().collect()).expect("scores are finite or none");
        (Labels::new(labels.copied().collect()), scores)
    }

    /// The area under precision over recall, rows pooled.
    pub(crate) fn auprc(&self) -> f64 {
        let (labels, scores) = self.pooled();
        let area = average_precision(&labels, &scores).expect("as many labels as scores");
        area.expect("a set has anomalies")
    }

    /// The best F1 of rows at any threshold.
    pub(crate) fn best_f1(&self) -> f64 {
        let (labels, scores) = self.pooled();
        let best = best_f1(&labels, &scores).expect("as many labels as scores");
        best.expect("a set has anomalies")
    }

    /// The probability that a labelled row has a higher score than another, ties counting half.
    pub(crate) fn auroc(&self) -> f64 {
        let (labels, _) = self.pooled();
        let scores: Vec<f64> = self
            .said
            .iter()
            .flat_map(|said| said.score.clone())
            .collect();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
        let (mut ranks, mut start) = (0.0, 0);
        while start < order.len() {
            let same = |&&row: &&usize| scores[row].total_cmp(&scores[order[start]]).is_eq();
            let end = start + order[start..].iter().take_while(same).count();
            let rank = (start + end + 1) as f64 / 2.0; // of each, from 1
            let labelled = order[start..end]
                .iter()
                .filter(|&&row| labels.flags()[row])
                .count();
            ranks += rank * labelled as f64;
            start = end;
        }
        let (hits, all) = (labels.positives() as f64, labels.len() as f64);
        (ranks - hits * (hits + 1.0) / 2.0) / (hits * (all - hits))
    }

    /// Runs of flags against runs of labels, flags being above `threshold`, then as `filter` shows.
    pub(crate) fn events(
        &self,
        threshold: f64,
        filter: impl Fn(usize, &[bool]) -> Vec<bool>,
    ) -> EventTally {
        let mut tally = EventTally::default();
        for (number, (labels, said)) in self.labels.iter().zip(&self.said).enumerate() {
            let both = said.score.iter().zip(&said.may_flag);
            let flags: Vec<bool> = both
                .map(|(score, may)| *may && *score > threshold)
                .collect();
            let shown = Decisions::new(filter(number, &flags));
            tally.add(&EventTally::count(labels, &shown, 1).expect("as many labels as flags"));
        }
        tally
    }

    /// The threshold among a hundred quantiles of the scores whose events are the best.
    pub(crate) fn best_threshold(&self, filter: impl Fn(usize, &[bool]) -> Vec<bool>) -> f64 {
        let mut scores: Vec<f64> = self
            .said
            .iter()
            .flat_map(|said| said.score.clone())
            .collect();
        scores.retain(|score| !score.is_nan());
        scores.sort_by(f64::total_cmp);
        // Among the highest tenth, where anomalies are; the mean of two that are as good, not the last.
        let at = |k: usize| scores[scores.len() - 1 - scores.len() * k / 2_000];
        let f1 = |threshold| self.events(threshold, &filter).f1().unwrap_or(0.0);
        let tried: Vec<(f64, f64)> = (0..200).map(at).map(|t| (t, f1(t))).collect();
        let best = tried.iter().map(|(_, f1)| *f1).fold(0.0, f64::max);
        let mut as_good: Vec<f64> = tried
            .iter()
            .filter(|(_, f1)| *f1 >= best)
            .map(|(threshold, _)| *threshold)
            .collect();
        median(&mut as_good)
    }

    /// The share of normal values within their band, and its mean width; `None` without bands.
    pub(crate) fn coverage(&self) -> Option<[f64; 2]> {
        let count = self.banded as f64;
        (self.banded > 0).then(|| [self.inside as f64 / count, self.width / count])
    }
}

/// Every flag is shown.
pub(crate) fn all(_: usize, flags: &[bool]) -> Vec<bool> {
    flags.to_vec()
}
