//! Which value of a setting keeps to a budget of alerts.

use tuatara::frame::{Duration, Instant, Interval, SliceKey, Source, TimeAxis};
use tuatara_metrics::operator::{Alert, OperatorTally, Watch};

use crate::chance::at_least;
use crate::known::Gridded;
use crate::ran::dataset;
use crate::{BacktestError, Budget, Known, Ran, Result, ScoredSeries};

/// Values of a setting that are tried over the same history: each with what it would have told, in
/// the part from which the value is chosen and in the part behind it on which that is checked.
///
/// An alert belongs to the part in which somebody was told of it. By the laws of the engine what it
/// says in the first part does not depend on the second, so one run serves both.
#[derive(Debug)]
pub struct Tuning {
    budget: Budget,
    history: Interval,
    cut: Instant,
    labelled: bool,
    tried: Vec<Tried>,
}

/// One value with what it would have told.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The value, as it is written.
    pub value: String,
    /// In the part from which the value is chosen.
    pub tuning: Counted,
    /// In the part behind it.
    pub held_back: Counted,
}

/// What one value would have told in one part of history.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// Anomalies, or where a grouper gathers incidents, that somebody was told of: after merge,
    /// filters and groupers, those that were taken back later among them.
    pub alerts: usize,
    /// The time that was judged.
    pub time: Duration,
    /// Series that were judged.
    pub series: usize,
    /// Alerts in the unit of the budget; `None` if nothing was judged.
    pub rate: Option<f64>,
    /// What an operator counts, where incidents are known.
    pub operator: Option<OperatorTally>,
}

/// The value that keeps to the budget.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// Its position among the values.
    pub at: usize,
    /// Whether it keeps to the budget in the part that was held back, too.
    pub holds: bool,
    /// How probable it is to be told at least so often in that part, if the budget were the true
    /// rate and alerts came independently: a small one says that the value does not hold, a large one
    /// that chance may have done it.
    pub by_chance: f64,
}

impl Tuning {
    /// Tries values over `history`, whose last `held_back`, a share in (0, 1), is left for the check.
    pub fn new(budget: Budget, history: Interval, held_back: f64) -> Self {
        let millis = history.duration().millis() as f64 * (1.0 - held_back.clamp(0.0, 1.0));
        // At most the duration, which is a whole number of milliseconds.
        let first = Duration::from_millis(millis as i64).unwrap_or(Duration::ZERO);
        Self {
            budget,
            history,
            cut: history.start().checked_add(first).unwrap_or(history.end()),
            labelled: false,
            tried: Vec::new(),
        }
    }

    /// The end of the part from which the value is chosen.
    pub fn cut(&self) -> Instant {
        self.cut
    }

    /// The budget.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// Adds `value` with its run over the history, and what is known of incidents.
    ///
    /// # Errors
    /// Those of the source and of the labels, see [`Backtest::add`](crate::Backtest::add).
    pub fn add(
        &mut self,
        value: impl Into<String>,
        ran: &Ran,
        source: &dyn Source,
        known: &Known,
    ) -> Result<()> {
        self.labelled |= known.is_labelled();
        let slices = ran.report().slices();
        let judged = slices
            .iter()
            .filter_map(|slice| ran.judged_from(slice.key()));
        let judged: Vec<Instant> = judged.collect();
        let from = judged.iter().min().copied().unwrap_or(self.history.end());
        let parts = [(self.history.start(), self.cut), (self.cut, Instant::MAX)];
        let pages = ran.pages();
        let scored = match known.is_labelled() {
            true => Some(scored(ran, source, known)?),
            false => None,
        };
        let mut counted = parts.into_iter().map(|(start, end)| {
            let alerts = pages
                .iter()
                .filter(|at| start < **at && **at <= end)
                .count();
            let until = end.min(self.history.end());
            let watched = Interval::new(start.max(from).min(until), until)?;
            let time = watched.duration();
            let operator = match &scored {
                Some(scored) => Some(tally(scored, watched, (start, end))?),
                None => None,
            };
            Ok::<_, BacktestError>(Counted {
                alerts,
                time,
                series: judged.len(),
                rate: self.budget.rate(alerts, time, judged.len()),
                operator,
            })
        });
        let (tuning, held_back) = (
            counted.next().expect("two parts")?,
            counted.next().expect("two parts")?,
        );
        drop(counted);
        self.tried.push(Tried {
            value: value.into(),
            tuning,
            held_back,
        });
        Ok(())
    }

    /// The values in the order in which they came.
    pub fn tried(&self) -> &[Tried] {
        &self.tried
    }

    /// Whether incidents are known.
    pub fn is_labelled(&self) -> bool {
        self.labelled
    }

    /// Whether an incident is known in the part from which the value is chosen: without one nothing
    /// is known of what a value finds, and the budget alone decides.
    pub fn has_incidents(&self) -> bool {
        let mut all = self
            .tried
            .iter()
            .filter_map(|tried| tried.tuning.operator.as_ref());
        all.any(|operator| operator.incidents > 0)
    }

    /// The value that keeps to the budget in the first part: where incidents are known the one that
    /// finds the most of them, of several that with the fewest alerts; otherwise the one with the most
    /// alerts, as the most sensitive. Of equals the first. `None` if none keeps to it.
    pub fn chosen(&self) -> Option<Chosen> {
        let has_incidents = self.has_incidents();
        let mut best: Option<(usize, (usize, i64))> = None;
        for (at, tried) in self.tried.iter().enumerate() {
            let Counted { alerts, rate, .. } = &tried.tuning;
            if rate.is_none_or(|rate| rate > self.budget.count()) {
                continue;
            }
            let alerts = i64::try_from(*alerts).unwrap_or(i64::MAX);
            let worth = match &tried.tuning.operator {
                Some(operator) if has_incidents => (operator.found.len(), -alerts),
                _ => (0, alerts),
            };
            if best.is_none_or(|(_, known)| worth > known) {
                best = Some((at, worth));
            }
        }
        let (at, _) = best?;
        let Counted {
            alerts,
            time,
            series,
            rate,
            ..
        } = &self.tried[at].held_back;
        Some(Chosen {
            at,
            holds: rate.is_some_and(|rate| rate <= self.budget.count()),
            by_chance: at_least(*alerts, self.budget.allows(*time, *series)),
        })
    }
}

/// Each slice as it is scored, with its alerts.
fn scored(
    ran: &Ran,
    source: &dyn Source,
    known: &Known,
) -> Result<Vec<(ScoredSeries, Vec<Alert>)>> {
    let mut all: Vec<(SliceKey, ScoredSeries, Vec<Alert>)> = Vec::new();
    for slice in ran.report().slices() {
        if all.iter().any(|(key, ..)| key == slice.key()) {
            continue;
        }
        let source = dataset(source, &ran.report().detection().parts()[slice.part()]);
        let profile = source.profile(slice.key().metric())?;
        let series = known.scored(Gridded {
            name: slice.key().to_string(),
            slice: slice.key(),
            source,
            axis: TimeAxis::covering(profile.granularity, profile.zone, ran.history())?,
            judged_from: ran.judged_from(slice.key()),
        })?;
        all.push((slice.key().clone(), series, Vec::new()));
    }
    for told in ran.told() {
        if let Some((.., alerts)) = all.iter_mut().find(|(key, ..)| *key == told.slice) {
            alerts.push(told.alert);
        }
    }
    Ok(all
        .into_iter()
        .map(|(_, series, alerts)| (series, alerts))
        .collect())
}

/// What an operator counts in `part`: incidents that begin in it, and alerts told in it.
fn tally(
    scored: &[(ScoredSeries, Vec<Alert>)],
    watched: Interval,
    (start, end): (Instant, Instant),
) -> Result<OperatorTally> {
    let mut total = OperatorTally::default();
    for (series, alerts) in scored {
        let from = watched.start().max(series.watched.start());
        let until = watched.end().min(series.watched.end());
        if from >= until {
            continue;
        }
        let own = Interval::new(from, until)?;
        let incidents = series.incidents.iter().copied();
        let incidents = incidents.filter(|incident| own.contains(incident.start()));
        let told = alerts.iter().copied().filter(|alert| {
            let at = alert.reportable_at;
            start < at && at <= end && alert.interval.overlaps(own)
        });
        let watch = Watch::new(
            &series.name,
            own,
            series.step,
            incidents.collect(),
            told.collect(),
        )?;
        total.add(&watch.tally());
    }
    Ok(total)
}
