//! The rows of a rule on a slice, which may not be watched all of the time.

use std::ops::Range;
use std::sync::Arc;

use tuatara_core::{Detail, DetectError, Evaluation, Expectations, Memo, Row, Verdict, Window};
use tuatara_frame::{Series, SeriesView};

use crate::session::{Desk, ForecastKey, Same, stretch};
use crate::{Error, Result, Rule};

/// What `rule` expects of the buckets of `seen`, where anything is kept and that is apart from what
/// judges it; not where all of them are `idle`.
pub(crate) fn expectations(
    rule: &Rule,
    series: &Arc<Series>,
    seen: Window,
    idle: &[Range<usize>],
    desk: &mut Desk<'_>,
) -> Result<Option<Arc<Expectations>>> {
    if !desk.keeps() || is_all(idle, seen) {
        return Ok(None);
    }
    let Some((forecaster, _)) = rule.detector.apart() else {
        return Ok(None);
    };
    let Some(settings) = forecaster.settings() else {
        return Ok(None);
    };
    let before = desk.expected_before(&settings);
    let key = || ForecastKey {
        series: Same::of(series),
        forecaster: settings,
        seen,
    };
    let mut was_there = false;
    let expectations = desk.once(key, || {
        let (view, refused) = (series.view(), Error::detect(&rule.name));
        let known = before.iter().find_map(|(other, known)| {
            let until = stretch::same_until(other.view(), view)?;
            Some((known, until))
        });
        let expected = match known {
            Some((known, until)) => {
                let rest = Expectations::of_rest(forecaster, view, seen, known, until);
                let (expected, is_all) = rest.map_err(refused)?;
                was_there = is_all;
                expected
            }
            None => Expectations::of(forecaster, view, seen).map_err(refused)?,
        };
        Ok(Arc::new(expected))
    })?;
    if was_there {
        desk.was_kept::<ForecastKey>();
    }
    Ok(Some(expectations))
}

/// The rows of `rule` in the buckets of `seen`, inactive in those that are `idle`. Where all are, the
/// detector is not asked; where it is known what is `expected`, its judge alone.
pub(crate) fn evaluate(
    rule: &Rule,
    series: SeriesView<'_>,
    seen: Window,
    idle: &[Range<usize>],
    expected: Option<&Expectations>,
) -> Result<Evaluation> {
    let mut evaluation = Evaluation::new(Detail::Columns);
    if is_all(idle, seen) {
        never(series, seen, &mut evaluation);
        return Ok(evaluation);
    }
    let out = &mut evaluation;
    match (expected, rule.detector.apart()) {
        (Some(expected), Some((_, judge))) => expected.judge(&judge, series, out),
        _ => {
            let memo = &mut Memo::default();
            rule.detector.evaluate(series, seen, memo, out)
        }
    }
    .and_then(|()| DetectError::check_rows(evaluation.len(), seen.len()))
    .map_err(Error::detect(&rule.name))?;
    for idle in idle {
        evaluation.take_back(idle.start - seen.start()..idle.end - seen.start());
    }
    Ok(evaluation)
}

fn is_all(idle: &[Range<usize>], seen: Window) -> bool {
    idle.iter().any(|idle| *idle == seen.range())
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
