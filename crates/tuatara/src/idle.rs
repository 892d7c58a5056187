//! The rows of a rule on a slice that is not watched all of the time.

use std::ops::Range;
use std::sync::Arc;

use tuatara_core::{Detail, DetectError, Evaluation, Expectations, Memo, Row, Verdict, Window};
use tuatara_frame::{Series, SeriesView};

use crate::session::{Desk, ForecastKey, Same};
use crate::{Error, Result, Rule};

/// The rows of `rule` in the buckets of `seen`, inactive in those that are `idle`. Where all are, the
/// detector is not asked.
pub(crate) fn evaluate(
    rule: &Rule,
    series: &Arc<Series>,
    seen: Window,
    idle: &[Range<usize>],
    desk: &mut Desk<'_>,
) -> Result<Evaluation> {
    let mut evaluation = Evaluation::new(Detail::Columns);
    if idle.iter().any(|idle| *idle == seen.range()) {
        never(series.view(), seen, &mut evaluation);
        return Ok(evaluation);
    }
    match rule.detector.apart().filter(|_| desk.keeps()) {
        Some((forecaster, judge)) if forecaster.settings().is_some() => {
            let key = || ForecastKey {
                series: Same::of(series),
                forecaster: forecaster.settings().unwrap_or_default(),
                seen,
            };
            let expectations = desk.once(key, |_| {
                let expected = Expectations::of(forecaster, series.view(), seen);
                Ok(Arc::new(expected.map_err(Error::detect(&rule.name))?))
            })?;
            expectations.judge(&judge, series.view(), &mut evaluation)
        }
        _ => {
            let memo = &mut Memo::default();
            rule.detector
                .evaluate(series.view(), seen, memo, &mut evaluation)
        }
    }
    .and_then(|()| DetectError::check_rows(evaluation.len(), seen.len()))
    .map_err(Error::detect(&rule.name))?;
    for idle in idle {
        evaluation.take_back(idle.start - seen.start()..idle.end - seen.start());
    }
    Ok(evaluation)
}

/// What was observed, and nothing else.
fn never(series: SeriesView<'_>, seen: Window, out: &mut Evaluation) {
    let mut columns = out.columns(seen.len());
    for (row, i) in seen.range().enumerate() {
        let verdict = match series.is_complete(i) {
            true => Verdict::Inactive,
            false => Verdict::Incomplete,
        };
        columns.set(row, Row::unjudged(series.values()[i], verdict));
    }
}
