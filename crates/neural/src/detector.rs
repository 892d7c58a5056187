//! A model as a detector: buckets of a series in, verdicts out.
//!
//! Lags keep the wall clock: where a season is a whole number of days, data finer than a day is compared
//! with the same local time. What a bucket learns from is what it may know: spans that do not train,
//! values outside the declared range and gaps are missing to it, and gaps that were filled are not.

use std::ops::Range;
use std::sync::Arc;

use tuatara_core::{
    DetectError, Detector, Evaluation, EvaluationColumns, Fact, Lookback, Memo, Pattern, Readiness,
    Result, Row, Short, Window, past, unjudged_because,
};
use tuatara_frame::{Granularity, Lag, LagPlan, LagUnit, SeriesView, TimeAxis};

use crate::classifier;
use crate::columns::{Columns, LAGS, LEAST_ERRORS, Reach};
use crate::model::{Answer, Model, recent_from};
use crate::panel::Workspace;
use crate::verdict::Bar;

const DAY: i64 = 86_400_000;
/// Steps of the longest season.
pub(crate) const LONGEST_PERIOD: usize = 20_000;
/// Rows that go through the networks at a time.
const BLOCK: usize = 512;
/// Rows for which columns are made at a time, unless the reach is longer.
const CHUNK: usize = 16_384;

/// Judges buckets by a [`Model`]: the classifier and the band must agree.
///
/// Internals: `probability`, `threshold`, `naive`, `scale`, `regularity`, `band_lower` and
/// `band_upper`, the band before an edge moved out.
#[derive(Debug, Clone, PartialEq)]
pub struct AlerTiger {
    model: Arc<Model>,
    period: Option<usize>,
    bar: Bar,
}

/// The season on one axis and where its lags lead.
struct Grid {
    reach: Reach,
    /// The days of the season, where lags keep the wall clock.
    days: Option<u32>,
}

impl Grid {
    fn lag(days: u32, count: usize) -> Lag {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        Lag::new(days.saturating_mul(count).max(1), LagUnit::Days)
            .expect("one day or more is a lag")
    }
}

/// Where lags lead from the buckets of a part of the axis.
enum Sources {
    /// So many buckets back, each.
    Steps(usize),
    /// By the clock, one plan for each lag.
    Clock(Vec<LagPlan>),
}

impl AlerTiger {
    /// A detector by `model` for seasons of `period` steps, as customary where that is `None`: a week
    /// of days or of finer data, a year of weeks or coarser.
    pub(crate) fn new(model: Arc<Model>, period: Option<usize>, bar: Bar) -> Self {
        Self { model, period, bar }
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The sides that count.
    #[must_use]
    pub fn pattern(&self) -> Pattern {
        self.bar.pattern
    }

    fn grid(&self, axis: &TimeAxis) -> Result<Grid> {
        let step = axis.granularity().nominal().millis().max(1);
        let period = self
            .period
            .unwrap_or_else(|| customary_period(axis.granularity()));
        if period > LONGEST_PERIOD {
            return Err(DetectError::Setting {
                field: "period",
                value: period as f64,
                range: "[1, 20000] buckets of the data",
                fix: "give a shorter one, or monitor a coarser granularity",
            });
        }
        let span = step.saturating_mul(i64::try_from(period).unwrap_or(i64::MAX));
        let by_clock = step < DAY && span % DAY == 0;
        let days = by_clock.then(|| u32::try_from(span / DAY).unwrap_or(u32::MAX));
        let farthest = match days {
            Some(days) => axis.reach(Grid::lag(days, LAGS)),
            None => LAGS * period,
        };
        Ok(Grid {
            reach: Reach::new(period, farthest),
            days,
        })
    }

    /// Rows `rows`, in which the same is known.
    fn fill(
        &self,
        series: SeriesView<'_>,
        grid: &Grid,
        rows: Range<usize>,
        first: usize,
        memo: &mut Kept,
        columns: &mut EvaluationColumns<'_>,
    ) {
        let from = rows.start.saturating_sub(grid.reach.buckets());
        memo.values.clear();
        let known = (from..rows.end).map(|j| past::learnt(series, j, j.max(rows.start)));
        memo.values.extend(known);
        let sources = match grid.days {
            None => Sources::Steps(grid.reach.period),
            Some(days) => {
                let plan = |k| series.axis().lag_plan(Grid::lag(days, k), from..rows.end);
                Sources::of((1..=LAGS).map(plan).collect())
            }
        };
        let Kept { values, space } = memo;
        let made = &mut space.columns;
        let judged = rows.start - from;
        match &sources {
            Sources::Steps(period) => {
                made.fill(values, grid.reach, judged, |t, k| t.checked_sub(k * period));
            }
            Sources::Clock(plans) => made.fill(values, grid.reach, judged, |t, k| {
                let source = plans[k - 1].source(from + t)?;
                let source = usize::try_from(source).ok()?.checked_sub(from)?;
                (source < t).then_some(source)
            }),
        }
        let mut factors = series.factors(rows.clone()).iter().peekable();
        for start in rows.clone().step_by(BLOCK) {
            let block = start..rows.end.min(start + BLOCK);
            space.own.clear();
            space.own.extend_from_slice(&series.values()[block.clone()]);
            space.factors.clear();
            space.factors.resize(block.len(), 1.0);
            while let Some((i, factor)) = factors.next_if(|(i, _)| *i < block.end) {
                space.factors[i - block.start] = *factor;
                // What is expected times a factor is to a value what it was to a part of it.
                space.own[i - block.start] /= factor;
            }
            let within = block.start - from..block.end - from;
            let since = recent_from(within.start);
            space.recent.clear();
            space.recent.extend_from_slice(&values[since..within.end]);
            for (i, factor) in series.factors(from + since..block.end) {
                // Where nothing is expected, no part of a value tells anything.
                let value = &mut space.recent[i - from - since];
                *value = if *factor > 0.0 {
                    *value / factor
                } else {
                    f64::NAN
                };
            }
            let Workspace {
                columns: made,
                space: networks,
                answers,
                recent,
                own,
                factors,
            } = &mut *space;
            let judged = (within.clone(), &own[..]);
            self.model
                .answers(made, grid.reach, recent, judged, networks, answers);
            for (at, answer) in answers.iter().enumerate() {
                let i = block.start + at;
                let row = i - first;
                let said = answer.times(factors[at]);
                let readiness = match said.expected.is_nan() {
                    false => Readiness::Ready,
                    true => readiness(values, within.start + at, grid.reach),
                };
                columns.set(row, self.row(series, i, &said, readiness));
                if columns.internals.wanted() {
                    let t = within.start + at;
                    let [lower, upper] = self.bar.band(&said);
                    let mut put = |name, value| columns.internals.column(name)[row] = value;
                    put("probability", said.probability);
                    put("threshold", self.threshold());
                    put("naive", made.naive[t]);
                    put("scale", made.scale[t]);
                    put("regularity", f64::from(made.regularity(t)));
                    put("band_lower", lower);
                    put("band_upper", upper);
                }
            }
            if columns.facts.is_empty() {
                continue;
            }
            for (at, answer) in answers.iter().enumerate() {
                let t = within.start + at;
                let row = block.start + at - first;
                let said = answer.times(factors[at]);
                if said.expected.is_nan() {
                    continue;
                }
                let facts = &mut columns.facts[row];
                self.explain(made, t, &said, facts);
                facts.extend(series.factors_of(block.start + at).map(|(event, share)| {
                    Fact::Event {
                        event: event.event().to_owned(),
                        factor: event.weighted(share),
                        share,
                    }
                }));
                let inputs = networks.classified().find(|(about, _)| *about == t);
                if let Some((_, inputs)) = inputs {
                    let (input, by) = self.model.classifier.foremost(inputs);
                    let way = if by > 0.0 { "raises" } else { "lowers" };
                    facts.push(Fact::Remark(format!(
                        "the classifier gives a probability of {} of an anomaly, where {} count; {} \
                         {way} it most",
                        Short(said.probability),
                        Short(self.threshold()),
                        classifier::NAMES[input],
                    )));
                }
            }
        }
    }

    /// The probability that counts as an anomaly at this sensitivity.
    fn threshold(&self) -> f64 {
        1.0 - libm::pow(1.0 - self.model.threshold, self.bar.factor)
    }

    fn row(&self, series: SeriesView<'_>, i: usize, answer: &Answer, readiness: Readiness) -> Row {
        let observed = series.values()[i];
        let in_range = series.range().is_none_or(|range| range.contains(observed));
        match unjudged_because(series.is_complete(i), observed, in_range, readiness) {
            None => self.bar.judge(observed, answer, self.model.threshold),
            Some(why) => {
                let expected = match readiness {
                    Readiness::Ready => answer.expected,
                    _ => f64::NAN,
                };
                let [lower, upper] = self.bar.edges(answer);
                Row {
                    expected,
                    lower,
                    upper,
                    ..Row::unjudged(observed, why)
                }
            }
        }
    }

    fn explain(&self, made: &Columns, t: usize, said: &Answer, facts: &mut Vec<Fact>) {
        let used = made.lags[t].iter().filter(|lag| !lag.is_nan()).count();
        facts.push(Fact::Combined {
            method: "median",
            used,
            of: LAGS,
            required: 1,
        });
        facts.push(Fact::Remark(format!(
            "their median is {}, and the network makes {} of it; errors are about {}, {} of the spread \
             of the values",
            Short(made.naive[t]),
            Short(said.expected),
            Short(made.scale[t]),
            Short(f64::from(made.regularity(t))),
        )));
        if made.replaced[t] > 0 {
            let values = match made.replaced[t] {
                1 => "one value stood out and was".to_owned(),
                count => format!("{count} values stood out and were"),
            };
            facts.push(Fact::Remark(format!(
                "{values} replaced by what was expected, so that no anomaly is learned from"
            )));
        }
        let [lower, upper] = self.bar.band(said);
        facts.push(Fact::Remark(format!(
            "the band is {} to {}",
            Short(lower),
            Short(upper)
        )));
    }
}

/// The steps of a season where nothing is said: a week of days and of finer data, 52 weeks, 12 months, 4
/// quarters, and none of anything else.
#[must_use]
pub fn customary_period(granularity: Granularity) -> usize {
    let step = granularity.nominal().millis().max(1);
    if step < 7 * DAY {
        return usize::try_from(7 * DAY / step).unwrap_or(usize::MAX);
    }
    match step / DAY {
        7 => 52,
        28..=31 => 12,
        84..=92 => 4,
        _ => 1,
    }
}

/// Why bucket `t` has no expectation, whose history is `values`.
fn readiness(values: &[f64], t: usize, reach: Reach) -> Readiness {
    let need = reach.period + LEAST_ERRORS;
    let since = t.saturating_sub(reach.buckets());
    let begin = values[since..t].iter().position(|value| !value.is_nan());
    let have = begin.map_or(0, |begin| t - since - begin);
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    match have < need {
        true => Readiness::WarmingUp {
            have: small(have),
            need: small(need),
        },
        false => Readiness::NoBaseline,
    }
}

impl Sources {
    /// By steps where every plan is a whole number of equal ones.
    fn of(plans: Vec<LagPlan>) -> Self {
        let shift = |plan: &LagPlan| match plan.runs.as_slice() {
            [run] => run.shift.and_then(|shift| usize::try_from(shift).ok()),
            _ => None,
        };
        let first = plans.first().and_then(shift);
        let steps = first.filter(|&first| {
            let is = |(at, plan)| shift(plan) == Some(first * (at + 1));
            plans.iter().enumerate().all(is)
        });
        steps.map_or(Self::Clock(plans), Self::Steps)
    }
}

/// What is kept between calls: space alone, nothing that an answer comes from.
#[derive(Debug, Default)]
struct Kept {
    values: Vec<f64>,
    space: Workspace,
}

impl Detector for AlerTiger {
    fn lookback(&self, axis: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(self.grid(axis)?.reach.buckets()))
    }

    fn evaluate(
        &self,
        series: SeriesView<'_>,
        window: Window,
        memo: &mut Memo,
        out: &mut Evaluation,
    ) -> Result<()> {
        window.check(series.len())?;
        let grid = self.grid(series.axis())?;
        let kept = memo.get_or_default::<Kept>();
        let mut columns = out.columns(window.len());
        let chunk = CHUNK.max(2 * grid.reach.buckets());
        for stretch in past::stretches_of_history(series, window) {
            for start in stretch.clone().step_by(chunk) {
                let rows = start..stretch.end.min(start + chunk);
                self.fill(series, &grid, rows, window.start(), kept, &mut columns);
            }
        }
        Ok(())
    }

    fn settings(&self) -> Option<String> {
        Some(format!("{self:?}"))
    }
}
