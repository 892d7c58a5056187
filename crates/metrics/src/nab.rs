//! The score of the Numenta Anomaly Benchmark.
//!
//! A row that is flagged has a value that depends on where it lies; a window takes the best of its
//! rows, everything outside counts row by row:
//!
//! ```text
//! S(x) = 2 / (1 + exp(5x)) − 1,   and −1 for x > 3
//!
//! inside a window [a, b] of w = b − a + 1 rows    v_i = tp · S(−(b − i + 1) / w) / S(−1)
//! outside, after a window [a, b]                  v_i = fp · S((i − b) / (w − 1))
//! outside, before any window                      v_i = −fp
//!
//! raw   = Σ over windows of max v_i, or −fn if none of its rows is flagged  +  Σ v_i outside
//! score = 100 · (raw − null) / (perfect − null),   null = −fn · windows,  perfect = tp · windows
//! ```
//!
//! The value inside is 1 at the left edge, 0.86 half-way and near 0 at the right edge: what is
//! reported early pays. After a window it is near 0 and −1 from three widths on; after a window of
//! one row it is −1. The first rows of a series ([`Probation`](crate::Probation)) count for
//! nothing. A window whose rows are all among them does not count towards `null`; it does towards
//! `perfect`, as in the benchmark.
//!
//! | profile                            | tp | fp   | fn |
//! |------------------------------------|----|------|----|
//! | [`Standard`](Profile::Standard)    | 1  | 0.11 | 1  |
//! | [`RewardLowFp`](Profile::RewardLowFp) | 1 | 0.22 | 1 |
//! | [`RewardLowFn`](Profile::RewardLowFn) | 1 | 0.11 | 2 |
//!
//! Two figures come of it. [`searched`](NabCorpus::searched) takes the one threshold for all series
//! that is best on these very labels; that is the protocol of the published table, and an upper
//! bound. [`NabDecisions`] takes the detector's own decisions as they were shipped.
//!
//! What to know when reading it: false alarms cost per row, so a plateau is dear and thinning worth
//! many points; windows are wide and their left edge pays best, so that an alarm *before* the event
//! scores higher than one at it.
//!
//! Source: A. Lavin, S. Ahmad, *Evaluating Real-time Anomaly Detection Algorithms – the Numenta
//! Anomaly Benchmark* (ICMLA 2015), and its code, version 1.1 (sweeper, optimizer, profiles).
//! Departs from it: every distinct score is a candidate for the threshold, where the original's
//! search sometimes stops at a worse one.

use serde::{Deserialize, Serialize};

use crate::rows::Ranking;
use crate::{Decisions, Result, Scores, Truth};

/// Beyond so many widths after a window the value is that of any false alarm.
const FAR: f64 = 3.0;

/// What hits, false alarms and misses weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// 1, 0.11 and 1.
    Standard,
    /// False alarms weigh twice as much.
    RewardLowFp,
    /// Misses weigh twice as much.
    RewardLowFn,
}

impl Profile {
    /// All of them, in the order of the published table.
    pub const ALL: [Self; 3] = [Self::Standard, Self::RewardLowFp, Self::RewardLowFn];

    fn weights(self) -> Weights {
        let (hit, false_alarm, miss) = match self {
            Self::Standard => (1.0, 0.11, 1.0),
            Self::RewardLowFp => (1.0, 0.22, 1.0),
            Self::RewardLowFn => (1.0, 0.11, 2.0),
        };
        Weights {
            hit,
            false_alarm,
            miss,
        }
    }
}

struct Weights {
    hit: f64,
    false_alarm: f64,
    miss: f64,
}

/// A score of NAB.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NabScore {
    /// 0 for a silent detector, 100 for a perfect one, below 0 where silence were better. `None`
    /// without a window: then there was nothing to find, and a threshold that was searched says
    /// nothing but "silent".
    pub score: Option<f64>,
    /// The lowest score that is flagged; `None` if nothing is.
    pub threshold: Option<f64>,
    /// The sum of all values, before it is scaled.
    pub raw: f64,
}

/// The scores of one detector over all series, to be judged by one threshold.
///
/// ```
/// use tuatara_metrics::{NabCorpus, Probation, Profile, Scores, Truth, Windows};
///
/// let windows = Windows::new(8, [2..5])?;
/// let truth = Truth::from_windows(windows, Probation::Rows(0))?;
/// let mut corpus = NabCorpus::default();
/// corpus.add(&truth, &Scores::new(vec![0.0, 0.1, 0.9, 0.1, 0.1, 0.1, 0.5, 0.0])?)?;
///
/// // 0.9 on the left edge is worth 1; taking in 0.5 would cost.
/// let best = corpus.searched(Profile::Standard);
/// assert_eq!((best.score, best.threshold), (Some(100.0), Some(0.9)));
/// # Ok::<(), tuatara_metrics::MetricsError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct NabCorpus {
    scores: Vec<f64>,
    values: Vec<Value>,
    /// Windows with a row that is scored, and all.
    counted: usize,
    windows: usize,
}

/// What flagging a row is worth under weights of 1.
#[derive(Debug, Clone, Copy)]
enum Value {
    Inside { window: usize, value: f64 },
    Outside(f64),
}

impl NabCorpus {
    /// Adds a series. `scores` has one for every row, those that are not scored among them; no
    /// opinion is never flagged.
    ///
    /// # Errors
    /// [`MetricsError::Length`](crate::MetricsError::Length)
    pub fn add(&mut self, truth: &Truth, scores: &Scores) -> Result<()> {
        let scored = truth.scored(scores)?;
        self.scores.extend(scored.values());
        self.windows += truth.windows().ranges().len();
        let mut rows = values(truth);
        rows.drain(..truth.unscored());
        // The windows that are left are numbered anew, after those of the series before.
        let mut last = None;
        for row in &mut rows {
            if let Value::Inside { window, .. } = row {
                if last != Some(*window) {
                    last = Some(*window);
                    self.counted += 1;
                }
                *window = self.counted - 1;
            }
        }
        self.values.extend(rows);
        Ok(())
    }

    /// The best score that any one threshold for all series reaches; of several such thresholds
    /// the highest.
    pub fn searched(&self, profile: Profile) -> NabScore {
        let mut best = self.silent(profile);
        self.sweep(profile, |threshold, raw| {
            if raw > best.raw {
                (best.raw, best.threshold) = (raw, Some(threshold));
            }
        });
        self.scaled(best, profile)
    }

    /// The score when all rows with a score of `threshold` or more are flagged.
    pub fn at(&self, profile: Profile, threshold: f64) -> NabScore {
        let mut reached = self.silent(profile);
        self.sweep(profile, |lowest, raw| {
            if lowest >= threshold {
                (reached.raw, reached.threshold) = (raw, Some(lowest));
            }
        });
        self.scaled(reached, profile)
    }

    fn null(&self, profile: Profile) -> f64 {
        -profile.weights().miss * self.counted as f64
    }

    fn silent(&self, profile: Profile) -> NabScore {
        NabScore {
            score: None,
            threshold: None,
            raw: self.null(profile),
        }
    }

    fn scaled(&self, found: NabScore, profile: Profile) -> NabScore {
        let null = self.null(profile);
        let perfect = profile.weights().hit * self.windows as f64;
        NabScore {
            score: (perfect > null).then(|| 100.0 * (found.raw - null) / (perfect - null)),
            ..found
        }
    }

    /// Calls `visit` with each distinct score, highest first, and the sum of all values when the
    /// rows down to it are flagged.
    fn sweep(&self, profile: Profile, mut visit: impl FnMut(f64, f64)) {
        let weights = profile.weights();
        let null = self.null(profile);
        let mut best = vec![-weights.miss; self.counted];
        let mut gained = 0.0;
        let Ranking { order, level } = Ranking::new(&self.scores);
        for (place, &row) in order.iter().enumerate() {
            let score = self.scores[row];
            if score.is_nan() {
                break;
            }
            match self.values[row] {
                Value::Outside(value) => gained += weights.false_alarm * value,
                Value::Inside { window, value } => {
                    let value = weights.hit * value;
                    if value > best[window] {
                        gained += value - best[window];
                        best[window] = value;
                    }
                }
            }
            if level.get(place + 1) != Some(&level[place]) {
                visit(score, null + gained);
            }
        }
    }
}

/// The decisions of one detector over all series, as they were shipped: no threshold is searched.
#[derive(Debug, Clone, Default)]
pub struct NabDecisions(NabCorpus);

impl NabDecisions {
    /// Adds a series. `decisions` has one for every row, those that are not scored among them.
    ///
    /// # Errors
    /// [`MetricsError::Length`](crate::MetricsError::Length)
    pub fn add(&mut self, truth: &Truth, decisions: &Decisions) -> Result<()> {
        truth.labels().check("decisions", decisions.len())?;
        let flags = decisions.flags().iter();
        let scores = flags.map(|&flagged| if flagged { 1.0 } else { 0.0 });
        self.0.add(truth, &Scores::new(scores.collect())?)
    }

    /// The score of these decisions; the threshold is 1 where anything is flagged.
    pub fn score(&self, profile: Profile) -> NabScore {
        self.0.at(profile, 1.0)
    }
}

/// `S(x)`
fn sigmoid(x: f64) -> f64 {
    if x > FAR {
        return -1.0;
    }
    2.0 / (1.0 + libm::exp(5.0 * x)) - 1.0
}

/// The value of each row of a series.
fn values(truth: &Truth) -> Vec<Value> {
    let mut values = Vec::with_capacity(truth.rows());
    let mut before: Option<std::ops::Range<usize>> = None;
    let outside = |row: usize, before: &Option<std::ops::Range<usize>>| match before {
        Some(window) if window.len() > 1 => {
            let after = (row + 1 - window.end) as f64;
            Value::Outside(sigmoid(after / (window.len() - 1) as f64))
        }
        _ => Value::Outside(-1.0),
    };
    for (number, window) in truth.windows().ranges().iter().enumerate() {
        values.extend((values.len()..window.start).map(|row| outside(row, &before)));
        values.extend(window.clone().map(|row| Value::Inside {
            window: number,
            value: sigmoid(-((window.end - row) as f64) / window.len() as f64) / sigmoid(-1.0),
        }));
        before = Some(window.clone());
    }
    values.extend((values.len()..truth.rows()).map(|row| outside(row, &before)));
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Probation, Windows};

    fn truth(rows: usize, windows: &[(usize, usize)], unscored: usize) -> Truth {
        let windows = Windows::new(rows, windows.iter().map(|&(start, end)| start..end)).unwrap();
        Truth::from_windows(windows, Probation::Rows(unscored)).unwrap()
    }

    fn decided(truth: &Truth, rows: &[usize], profile: Profile) -> f64 {
        let flags = (0..truth.rows()).map(|row| rows.contains(&row)).collect();
        let mut decisions = NabDecisions::default();
        decisions.add(truth, &Decisions::new(flags)).unwrap();
        decisions.score(profile).score.unwrap()
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-6, "{a} is not {b}");
    }

    #[test]
    fn silence_is_0_and_the_left_edge_of_every_window_is_100() {
        let truth = truth(100, &[(20, 30), (60, 70)], 10);
        for profile in Profile::ALL {
            close(decided(&truth, &[], profile), 0.0);
            close(decided(&truth, &[20, 60], profile), 100.0);
        }
    }

    #[test]
    fn a_false_alarm_before_any_window_costs_its_weight() {
        // Two windows: from null to perfect are 2·(1 + fn); one row costs fp.
        let truth = truth(100, &[(20, 30), (60, 70)], 10);
        close(
            decided(&truth, &[12], Profile::Standard),
            -100.0 * 0.11 / 4.0,
        );
        close(
            decided(&truth, &[12], Profile::RewardLowFp),
            -100.0 * 0.22 / 4.0,
        );
        close(
            decided(&truth, &[12], Profile::RewardLowFn),
            -100.0 * 0.11 / 6.0,
        );
        close(decided(&truth, &[9], Profile::Standard), 0.0);
    }

    #[test]
    fn a_plateau_is_punished_for_each_of_its_rows() {
        let truth = truth(100, &[(20, 30)], 0);
        let one = decided(&truth, &[5], Profile::Standard);
        let three = decided(&truth, &[5, 6, 7], Profile::Standard);
        close(three, 3.0 * one);
    }

    #[test]
    fn half_way_into_a_window_is_worth_eighty_six_hundredths() {
        // S(−0.5) / S(−1) = 0.848284 / 0.986614, from tables of exp: exp(−2.5) = 0.082085,
        // exp(−5) = 0.006738.
        let truth = truth(30, &[(10, 20)], 0);
        let value = (2.0 / 1.082_085 - 1.0) / (2.0 / 1.006_738 - 1.0);
        let score = decided(&truth, &[15], Profile::Standard);
        assert!((score - 50.0 * (1.0 + value)).abs() < 1e-3, "{score}");
        assert!((value - 0.86).abs() < 0.001, "{value}");
    }

    #[test]
    fn three_widths_after_a_window_is_any_false_alarm() {
        // A window of 11 rows, 10..21: 31 rows after its last one are 3.1 widths.
        let truth = truth(100, &[(10, 21)], 0);
        close(decided(&truth, &[51], Profile::Standard), -5.5);
        assert!(decided(&truth, &[21], Profile::Standard) > -1.4);
    }

    #[test]
    fn a_corpus_without_a_window_says_that_nothing_could_be_found() {
        let truth = truth(20, &[], 0);
        let mut corpus = NabCorpus::default();
        corpus
            .add(&truth, &Scores::new(vec![1.0; 20]).unwrap())
            .unwrap();
        let found = corpus.searched(Profile::Standard);
        assert_eq!((found.score, found.threshold), (None, None));
    }

    #[test]
    fn a_search_never_ends_below_a_fixed_threshold() {
        let truth = truth(40, &[(10, 14), (30, 35)], 5);
        let scores = (0..40).map(|row| f64::from((row * 7 + 3) % 11)).collect();
        let mut corpus = NabCorpus::default();
        corpus.add(&truth, &Scores::new(scores).unwrap()).unwrap();
        let best = corpus.searched(Profile::Standard).raw;
        for threshold in 0..12 {
            assert!(corpus.at(Profile::Standard, f64::from(threshold)).raw <= best);
        }
    }
}
