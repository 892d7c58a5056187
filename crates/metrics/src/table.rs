//! Methods beside each other, and always beside the two yardsticks.

use std::fmt;

use crate::summary::{ALERT_GAP, Summary, summarise};
use crate::{Answer, RandomDetector, Result, Truth, flag_everything};

/// The name of the row of the random detector.
pub const RANDOM: &str = "random";

/// The name of the row that flags everything.
pub const EVERYTHING: &str = "flag everything";

/// The measures of methods over one set of series. A random detector and one that flags everything
/// are in every table, behind the methods: figures that are not above both say nothing.
///
/// ```
/// use tuatara_metrics::*;
///
/// let labels = Labels::new((0..400).map(|row| (200..220).contains(&row)).collect());
/// let truth = [Truth::from_labels(labels, Probation::Share)?];
/// let mut table = QualityTable::new(&truth, RandomDetector::new(2026, 0.01)?)?;
///
/// let scores = Scores::new((0..400).map(|row| if row == 203 { 5.0 } else { 1.0 }).collect())?;
/// let decisions = scores.at_least(3.0);
/// table.add("ours", &[Answer { scores, decisions }])?;
///
/// let names: Vec<_> = table.rows().map(|(name, _)| name).collect();
/// assert_eq!(names, ["ours", "random", "flag everything"]);
/// let text = table.to_string();
/// assert!(text.lines().nth(1).expect("a row").starts_with("ours "), "{text}");
/// # Ok::<(), MetricsError>(())
/// ```
#[derive(Debug, Clone)]
pub struct QualityTable<'a> {
    truths: &'a [Truth],
    gap: usize,
    methods: Vec<(String, Summary)>,
    yardsticks: [(String, Summary); 2],
}

impl<'a> QualityTable<'a> {
    /// A table over these series with the yardsticks alone; runs of flagged rows at a distance of
    /// at most [`ALERT_GAP`] rows are one alert.
    ///
    /// # Errors
    /// [`MetricsError::Answers`](crate::MetricsError::Answers) without a series.
    pub fn new(truths: &'a [Truth], random: RandomDetector) -> Result<Self> {
        Self::with_gap(truths, random, ALERT_GAP)
    }

    /// [`new`](Self::new) with another distance at which alerts are joined.
    ///
    /// # Errors
    /// Those of [`new`](Self::new).
    pub fn with_gap(truths: &'a [Truth], random: RandomDetector, gap: usize) -> Result<Self> {
        let numbered = (0..).zip(truths);
        let by_chance: Vec<Answer> = numbered
            .map(|(number, truth)| random.answer(number, truth.rows()))
            .collect();
        let everything: Vec<Answer> = truths
            .iter()
            .map(|truth| flag_everything(truth.rows()))
            .collect();
        let yardsticks = [
            (
                RANDOM.to_owned(),
                summarise(RANDOM, truths, &by_chance, gap)?,
            ),
            (
                EVERYTHING.to_owned(),
                summarise(EVERYTHING, truths, &everything, gap)?,
            ),
        ];
        Ok(Self {
            truths,
            gap,
            methods: Vec::new(),
            yardsticks,
        })
    }

    /// Adds a method with its answer for each series, in their order.
    ///
    /// # Errors
    /// Those of [`summarise`].
    pub fn add(&mut self, method: impl Into<String>, answers: &[Answer]) -> Result<()> {
        let method = method.into();
        let summary = summarise(&method, self.truths, answers, self.gap)?;
        self.methods.push((method, summary));
        Ok(())
    }

    /// The methods as they were added, then `random` and `flag everything`.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Summary)> {
        let all = self.methods.iter().chain(&self.yardsticks);
        all.map(|(name, summary)| (name.as_str(), summary))
    }
}

/// A column: its head, how many digits follow the point, and its cell.
type Column = (&'static str, usize, fn(&Summary) -> Option<f64>);

const COLUMNS: [Column; 17] = [
    ("NAB", 1, |of| of.nab_searched[0].score),
    ("low FP", 1, |of| of.nab_searched[1].score),
    ("low FN", 1, |of| of.nab_searched[2].score),
    ("NAB as shipped", 1, |of| of.nab_decided[0].score),
    ("VUS-PR", 3, |of| of.vus_pr),
    ("AP", 3, |of| of.average_precision),
    ("range F1", 3, |of| of.range_f1),
    ("affiliation F1", 3, |of| of.affiliation_f1),
    ("UCR", 3, |of| of.ucr_accuracy),
    ("alert precision", 3, |of| of.events.precision()),
    ("found", 3, |of| of.events.recall()),
    ("alerts/30 d", 2, |of| of.alerts_per_30_days),
    ("false/30 d", 2, |of| of.false_alerts_per_30_days),
    ("flagged", 4, |of| of.share_flagged),
    ("delay rows", 1, |of| of.events.median_delay()),
    ("delay min", 1, |of| of.median_delay_minutes),
    ("series", 0, |of| Some(of.series as f64)),
];

/// One line for the heads and one for each row, in columns; `-` where a measure has no value.
impl fmt::Display for QualityTable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = self.rows().map(|(name, _)| name.chars().count());
        let first = lengths.max().unwrap_or_default();
        write!(f, "{:first$}", "method")?;
        for (head, ..) in COLUMNS {
            write!(f, "  {head}")?;
        }
        for (name, summary) in self.rows() {
            write!(f, "\n{name:first$}")?;
            for (head, digits, cell) in COLUMNS {
                let width = head.chars().count();
                match cell(summary) {
                    Some(value) => write!(f, "  {value:width$.digits$}")?,
                    None => write!(f, "  {:>width$}", "-")?,
                }
            }
        }
        writeln!(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Decisions, Labels, MetricsError, Probation, Scores};
    use tuatara_frame::Duration;

    fn truth() -> [Truth; 1] {
        let labels = (0..1_000).map(|row| (600..640).contains(&row)).collect();
        let truth = Truth::from_labels(Labels::new(labels), Probation::Rows(0)).unwrap();
        [truth.with_step(Duration::minutes(5)).with_buffer(20)]
    }

    #[test]
    fn flagging_everything_finds_all_at_once_in_one_false_free_alert_that_nab_punishes() {
        let truth = truth();
        let table = QualityTable::new(&truth, RandomDetector::new(1, 0.01).unwrap()).unwrap();
        let (_, everything) = table.rows().find(|(name, _)| *name == EVERYTHING).unwrap();
        assert_eq!(everything.events.recall(), Some(1.0));
        assert_eq!(
            (everything.events.alerts, everything.events.median_delay()),
            (1, Some(0.0))
        );
        assert_eq!(everything.average_precision, Some(0.04));
        assert_eq!(everything.share_flagged, Some(1.0));
        // 600 rows before the window at −0.11 each are −66 of a scale of 2.
        assert!(everything.nab_decided[0].score.unwrap() < -3_000.0);
        // The best threshold is to flag nothing.
        assert_eq!(everything.nab_searched[0].score, Some(0.0));
    }

    #[test]
    fn a_method_must_answer_for_every_series() {
        let truth = truth();
        let mut table = QualityTable::new(&truth, RandomDetector::new(1, 0.01).unwrap()).unwrap();
        let error = table.add("ours", &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ours answers for 0 series and there are 1; allowed: one answer for each of at least \
             one series, in the same order"
        );
        let short = Answer {
            scores: Scores::new(vec![0.0; 9]).unwrap(),
            decisions: Decisions::new(vec![false; 9]),
        };
        assert!(matches!(
            table.add("ours", &[short]),
            Err(MetricsError::Length { .. })
        ));
    }

    #[test]
    fn columns_stand_under_their_heads() {
        let truth = truth();
        let table = QualityTable::new(&truth, RandomDetector::new(1, 0.01).unwrap()).unwrap();
        let text = table.to_string();
        let lengths: Vec<usize> = text.lines().map(str::len).collect();
        assert_eq!(lengths.len(), 3);
        assert!(text.lines().all(|line| line.len() >= lengths[0]), "{text}");
    }
}
