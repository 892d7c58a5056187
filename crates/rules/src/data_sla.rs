//! `DATA_SLA`: the newest data are older than agreed.
//!
//! ```text
//! age_t      = end of t − end of the last bucket up to t that has a value
//! anomalous  ⇔  age_t > sla
//! score      = age_t / sla
//! ```
//!
//! A bucket is judged when it is complete, so "now" is the end of the run. An `sla` of three days
//! lets two days and a half pass and tells of the first bucket that ends later than three days after
//! the last value; the anomaly lasts until data come again. Within the agreed time a missing bucket
//! is `missing`, and so is one before which neither a value nor a time of `sla` is known: the data may
//! not have begun.
//!
//! Direction: neither. There is no value, no expectation and no band.
//! Source: ThirdEye 2020, *data quality*; there a missing `sla` failed, and the age was taken on the
//! clock of UTC.

use serde::{Deserialize, Serialize};
use tuatara_core::{
    BuildContext, Detector, Direction, Evaluation, Fact, Lookback, Memo, ParamDoc, ParamError,
    Params, Readiness, Result, Row, TextForm, Verdict, Window, score, unjudged_because,
};
use tuatara_frame::{Duration, Granularity, SeriesView, TimeAxis};

use crate::duration_param::{buckets_to_last, duration};
use tuatara_core::past::is_hidden;

/// Parameters of `DATA_SLA`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataSlaParams {
    /// How old the newest data may be: `3_DAYS`, the default, ISO 8601 (`P3D`) or short (`3d`).
    pub sla: String,
}

impl Default for DataSlaParams {
    fn default() -> Self {
        Self {
            sla: "3_DAYS".to_owned(),
        }
    }
}

impl Params for DataSlaParams {
    const TYPE: &'static str = "DATA_SLA";
    type Built = Box<dyn Detector>;
    const SUMMARY: &'static str = "the newest data are older than agreed";
    const DOCS: &'static [ParamDoc] = &[ParamDoc::new(
        "sla",
        "how old the newest data may be at the end of a bucket",
    )
    .default("`3_DAYS`")
    .text(TextForm::new("duration, or a number with its unit", ""))];

    fn build(self, _: &BuildContext) -> Result<Self::Built, ParamError> {
        // As documented, a number and a unit; a month of the calendar has no length of its own.
        let documented = self
            .sla
            .contains('_')
            .then(|| self.sla.parse::<Granularity>());
        let sla = match documented {
            Some(Ok(step)) if !of_months(&self.sla) => step.nominal(),
            _ => duration("sla", &self.sla).map_err(|_| {
                ParamError::new(
                    "sla",
                    &self.sla,
                    "a number with its unit (3_DAYS, 12_HOURS), ISO 8601 (P3D, PT12H) or short (3d, 12h)",
                    "3_DAYS is customary",
                )
            })?,
        };
        if sla == Duration::ZERO {
            return Err(ParamError::new(
                "sla",
                &self.sla,
                "a duration above zero",
                "3_DAYS is customary",
            ));
        }
        Ok(Box::new(DataSla { sla }))
    }
}

/// Finds buckets at whose end the newest data are older than agreed.
///
/// Internals: `age_hours`, the age of the newest data; at least that where they are older than what
/// is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataSla {
    sla: Duration,
}

impl DataSla {
    /// Buckets before one within which its newest data must lie to be in time.
    fn reach(&self, axis: &TimeAxis) -> usize {
        // Days with a clock change are shorter than they usually are.
        buckets_to_last(self.sla, axis).saturating_add(2)
    }
}

impl Detector for DataSla {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(self.reach(axis)))
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        let (axis, values) = (series.axis(), series.values());
        let need = self.reach(axis);
        let millis = |i: usize| axis.end(i).millis();
        let mut columns = out.columns(window.len());
        let mut newest = None;
        for (row, i) in window.range().enumerate() {
            let observed = values[i];
            let counts = |j: usize| !values[j].is_nan() && !is_hidden(series, j, i);
            // What is hidden from one bucket may not be from the next.
            let is_first = row == 0 || !series.mask().is_empty();
            newest = match newest {
                _ if !observed.is_nan() => Some(i),
                _ if is_first => (i.saturating_sub(need)..i).rev().find(|&j| counts(j)),
                known => known,
            };
            let since = newest.filter(|j| j + need >= i);
            let in_range = series.range().is_none_or(|range| range.contains(observed));
            let complete = series.is_complete(i);
            let why = unjudged_because(complete, observed, in_range, Readiness::Ready);
            let earliest = since.unwrap_or(i.saturating_sub(need));
            let age = millis(i) - millis(earliest);
            let limit = self.sla.millis();
            let judged = match (why, since) {
                (None, _) => Row {
                    score: 0.0,
                    ..Row::unjudged(observed, Verdict::Normal)
                },
                // Before that much is known the data may not have begun.
                (Some(Verdict::Missing), _) if age > limit && (since.is_some() || i >= need) => {
                    Row {
                        score: score::of_limits(age as f64, f64::NEG_INFINITY, limit as f64, true),
                        ..Row::unjudged(observed, Verdict::Anomalous(Direction::Neither))
                    }
                }
                (Some(why), _) => Row::unjudged(observed, why),
            };
            columns.set(row, judged);
            if columns.internals.wanted() {
                columns.internals.column("age_hours")[row] = age as f64 / 3_600_000.0;
            }
            if let Some(facts) = columns.facts.get_mut(row) {
                let age = Duration::from_millis(age.max(0)).unwrap_or(Duration::ZERO);
                facts.push(Fact::Remark(match since {
                    Some(j) => format!(
                        "the newest data end at {}, {age} before, {} is agreed",
                        axis.end(j),
                        self.sla
                    ),
                    None => format!(
                        "there are no data of the last {age}, {} is agreed",
                        self.sla
                    ),
                }));
            }
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}

/// Whether the unit of `3_MONTHS` is one without a length.
fn of_months(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    text.contains("MONTH") || text.contains("YEAR")
}
