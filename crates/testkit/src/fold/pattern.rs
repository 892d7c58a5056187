//! Rows made up from a seed: runs of flags with quiet stretches between, and every verdict.

use tuatara_core::{Direction, Evaluation, Row, Verdict};
use tuatara_frame::Series;

use crate::Draw;

/// One row per bucket of `series`; flagged buckets come in runs.
pub(super) fn rows(draw: &mut Draw, series: &Series) -> Evaluation {
    let mut out = Evaluation::default();
    let mut columns = out.columns(series.len());
    let stays = draw.within(0.3, 0.95);
    let starts = draw.within(0.02, 0.6);
    let mut flagged = false;
    for (i, &observed) in series.values().iter().enumerate() {
        flagged = draw.chance(if flagged { stays } else { starts });
        let expected = if draw.chance(0.1) {
            f64::NAN
        } else {
            observed + 10.0 * draw.normal()
        };
        // Few values, so that peaks tie.
        let score = 1.0 + draw.between(1..5) as f64 / 2.0;
        let (lower, upper) = (
            expected - 20.0,
            *draw.pick(&[expected + 20.0, f64::INFINITY]),
        );
        let row = if observed.is_nan() {
            Row {
                expected,
                lower,
                upper,
                ..Row::unjudged(observed, Verdict::Missing)
            }
        } else if flagged {
            let direction = *draw.pick(&[Direction::Up, Direction::Down, Direction::Neither]);
            let verdict = Verdict::Anomalous(direction);
            Row {
                observed,
                expected,
                lower,
                upper,
                score,
                verdict,
            }
        } else if expected.is_nan() {
            Row::unjudged(observed, Verdict::NoBaseline)
        } else {
            Row {
                observed,
                expected,
                lower,
                upper,
                score: 0.5,
                verdict: Verdict::Normal,
            }
        };
        columns.set(i, row);
    }
    out
}
