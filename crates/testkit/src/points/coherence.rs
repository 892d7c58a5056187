//! What every row promises by itself, and what a detector does with a request.

use tuatara_core::{Direction, Evaluation, Memo, Row, Verdict, Window};

use super::trial::{Trial, is_judged, same_number};
use crate::{Law, Violation};

impl Trial<'_> {
    /// Score, verdict and band of every row of the reference.
    pub(super) fn check_coherence(&self) -> Result<(), Violation> {
        let view = self.view();
        for (i, row) in self.reference().iter().enumerate() {
            let fail = |law, why: &str| {
                let at = view.axis().start(i);
                Err(self.violation(law, format!("bucket {i} ({at}): {why}\n  got {row:?}")))
            };
            if !same_number(row.observed, view.values()[i]) {
                return fail(Law::Verdict, "observed is not the value of the series");
            }
            if let Some(why) = wrong_score(row) {
                return fail(Law::Score, why);
            }
            let in_range = view
                .range()
                .is_none_or(|range| range.contains(row.observed));
            if let Some(why) = wrong_verdict(row, view.is_complete(i), in_range) {
                return fail(Law::Verdict, why);
            }
            if let Some(why) = wrong_band(row) {
                return fail(Law::Band, why);
            }
        }
        Ok(())
    }

    /// A window beyond the axis is an error, not a panic and not an answer.
    pub(super) fn check_requests(&self) -> Result<(), Violation> {
        let longer = match self.series().axis().extended_back(1) {
            Ok(axis) => Window::whole(&axis),
            Err(_) => return Ok(()),
        };
        let answer = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let mut out = Evaluation::default();
            self.detector()
                .evaluate(self.view(), longer, &mut Memo::default(), &mut out)
        }));
        match answer {
            Ok(Err(_)) => Ok(()),
            Ok(Ok(())) => Err(self.violation(
                Law::Request,
                format!(
                    "a window of {} buckets on {} is answered",
                    longer.len(),
                    self.len()
                ),
            )),
            Err(_) => Err(self.violation(
                Law::Request,
                format!(
                    "a window of {} buckets on {} is a panic",
                    longer.len(),
                    self.len()
                ),
            )),
        }
    }
}

fn wrong_score(row: &Row) -> Option<&'static str> {
    if row.score.is_infinite() {
        Some("the score is infinite")
    } else if row.score.is_nan() == is_judged(row.verdict) {
        Some("the score is NaN exactly where the bucket was not judged")
    } else if (row.score > 1.0) != row.verdict.is_anomalous() {
        Some("the score is above 1 exactly where the bucket is anomalous")
    } else if row.score < 0.0 {
        Some("the score is negative")
    } else {
        None
    }
}

fn wrong_verdict(row: &Row, complete: bool, in_range: bool) -> Option<&'static str> {
    let verdict = row.verdict;
    if (verdict == Verdict::Incomplete) == complete {
        return Some("Incomplete is the verdict exactly where the bucket still waits for rows");
    }
    let absent = matches!(
        verdict,
        Verdict::Missing | Verdict::Anomalous(Direction::Neither)
    );
    if complete && row.observed.is_nan() && !absent {
        return Some("a complete bucket without a value is missing, or anomalous without a side");
    }
    if complete && verdict == Verdict::Missing && !row.observed.is_nan() {
        return Some("Missing is the verdict of buckets without a value alone");
    }
    if verdict.is_anomalous() && row.observed.is_nan() && !row.expected.is_nan() {
        return Some("where absence is the anomaly there is no expected value");
    }
    let measured = complete && !row.observed.is_nan();
    if measured && (verdict == Verdict::OutOfRange) == in_range {
        return Some("OutOfRange is the verdict exactly where the value lies outside its range");
    }
    let unready = matches!(verdict, Verdict::NoBaseline | Verdict::WarmingUp { .. });
    if unready && !row.expected.is_nan() {
        return Some("where there is no baseline there is no expected value");
    }
    if let Verdict::WarmingUp { have, need } = verdict
        && have >= need
    {
        return Some("a bucket that is warming up has less than it needs");
    }
    row.expected
        .is_infinite()
        .then_some("the expected value is infinite")
}

/// Edges that are NaN say nothing.
fn wrong_band(row: &Row) -> Option<&'static str> {
    let Row {
        observed,
        lower,
        upper,
        ..
    } = *row;
    let (above, below) = (observed > upper, observed < lower);
    match row.verdict {
        Verdict::Anomalous(Direction::Up) if !above && !upper.is_nan() => {
            Some("anomalous upwards, and not above the upper edge")
        }
        Verdict::Anomalous(Direction::Down) if !below && !lower.is_nan() => {
            Some("anomalous downwards, and not below the lower edge")
        }
        Verdict::Normal if above || below => Some("normal, and outside the band"),
        _ if lower > upper => Some("the lower edge lies above the upper"),
        _ => None,
    }
}
