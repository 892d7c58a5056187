//! The accuracy of the UCR anomaly archive: one guess a series.
//!
//! The guess is the row with the highest score after the training part, the first of equals. With
//! the one anomaly on rows b to e, L = e − b + 1 long, it is right if it lies in
//!
//! ```text
//! b − max(L, 100) … e + max(L, 100)          both ends included
//! ```
//!
//! The accuracy is the share of series with a right guess. Where no row has a score, there is no
//! guess, and it is wrong.
//!
//! Source: R. Wu, E. Keogh, *Current Time Series Anomaly Detection Benchmarks are Flawed and are
//! Creating the Illusion of Progress* (TKDE 2021), and the archive's own rule.

use crate::{MetricsError, Result, Scores, Truth};

/// The rows to either side that a guess may be off at least.
const SLACK: usize = 100;

/// Whether the guess of `scores` is right.
///
/// # Errors
/// [`MetricsError::NotOneAnomaly`] unless exactly one anomaly is scored,
/// [`MetricsError::Length`] unless there is a score for every row.
pub fn ucr_hit(truth: &Truth, scores: &Scores) -> Result<bool> {
    let scores = truth.scored(scores)?;
    let segments = truth.scored_labels().segments();
    let [anomaly] = &segments[..] else {
        let found = segments.len();
        return Err(MetricsError::NotOneAnomaly { found });
    };
    let slack = anomaly.len().max(SLACK);
    let right = anomaly.start.saturating_sub(slack)..anomaly.end + slack;
    let ranking = scores.ranking();
    let guess = ranking
        .order
        .first()
        .filter(|&&row| !scores.values()[row].is_nan());
    Ok(guess.is_some_and(|row| right.contains(row)))
}

/// The share of series whose guess is right, in [0, 1]; `None` without a series.
///
/// # Errors
/// Those of [`ucr_hit`].
pub fn ucr_accuracy<'a>(
    answers: impl IntoIterator<Item = (&'a Truth, &'a Scores)>,
) -> Result<Option<f64>> {
    let (mut right, mut series) = (0_usize, 0_usize);
    for (truth, scores) in answers {
        right += usize::from(ucr_hit(truth, scores)?);
        series += 1;
    }
    Ok((series > 0).then(|| right as f64 / series as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Labels, Probation};

    /// 2000 rows, 300 of them for training, the anomaly on rows 1000 to 1000 + length − 1.
    fn series(length: usize) -> Truth {
        let labels = (0..2_000).map(|row| (1_000..1_000 + length).contains(&row));
        Truth::from_labels(Labels::new(labels.collect()), Probation::Rows(300)).unwrap()
    }

    fn guess(row: usize) -> Scores {
        let scores = (0..2_000).map(|at| if at == row { 1.0 } else { 0.0 });
        Scores::new(scores.collect()).unwrap()
    }

    #[test]
    fn a_guess_may_be_a_hundred_rows_off() {
        let truth = series(20);
        let right = [900, 1_000, 1_010, 1_019, 1_119];
        let wrong = [899, 1_120, 1_999, 400];
        assert!(
            right
                .iter()
                .all(|&row| ucr_hit(&truth, &guess(row)).unwrap())
        );
        assert!(
            !wrong
                .iter()
                .any(|&row| ucr_hit(&truth, &guess(row)).unwrap())
        );
    }

    #[test]
    fn a_long_anomaly_gives_as_much_room_as_it_is_long() {
        let truth = series(150);
        assert!(ucr_hit(&truth, &guess(850)).unwrap() && ucr_hit(&truth, &guess(1_299)).unwrap());
        assert!(!ucr_hit(&truth, &guess(849)).unwrap() && !ucr_hit(&truth, &guess(1_300)).unwrap());
    }

    #[test]
    fn a_high_score_in_the_training_part_is_no_guess() {
        let mut scores = guess(1_005).values().to_vec();
        scores[10] = 9.0;
        assert!(ucr_hit(&series(20), &Scores::new(scores).unwrap()).unwrap());
    }

    #[test]
    fn the_first_of_equals_is_the_guess_and_no_opinion_is_none() {
        let truth = series(20);
        // All equal: row 300 is the guess.
        assert!(!ucr_hit(&truth, &Scores::new(vec![1.0; 2_000]).unwrap()).unwrap());
        assert!(!ucr_hit(&truth, &Scores::new(vec![f64::NAN; 2_000]).unwrap()).unwrap());
    }

    #[test]
    fn accuracy_is_the_share_of_right_guesses() {
        let truth = series(20);
        let (right, wrong) = (guess(1_000), guess(400));
        let answers = [
            (&truth, &right),
            (&truth, &wrong),
            (&truth, &right),
            (&truth, &right),
        ];
        assert_eq!(ucr_accuracy(answers).unwrap(), Some(0.75));
        assert_eq!(ucr_accuracy([]).unwrap(), None);
    }

    #[test]
    fn two_anomalies_are_refused() {
        let labels = (0..9).map(|row| row == 2 || row == 5).collect();
        let truth = Truth::from_labels(Labels::new(labels), Probation::Rows(0)).unwrap();
        let error = ucr_hit(&truth, &Scores::new(vec![0.0; 9]).unwrap()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the UCR accuracy asks for the one anomaly of a series, and this one has 2 where it is \
             scored; allowed: 1; use another measure, or leave the series out"
        );
    }
}
