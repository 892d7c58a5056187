//! Which value of a setting keeps to a budget of alerts.

use std::collections::BTreeMap;

use tuatara::frame::{Duration, Instant, Interval, SliceKey, Source, TimeAxis};
use tuatara_metrics::operator::{Alert, Delay, OperatorTally};

use crate::chance::at_least;
use crate::known::Gridded;
use crate::ran::dataset;
use crate::{BacktestError, Budget, Known, Ran, Result, ScoredSeries};

/// Values of a setting that are tried over the same history: each with what it would have told, in
/// the part from which the value is chosen and in the part behind it on which that is checked.
///
/// An alert belongs to the part in which somebody was told of it. By the laws of the engine what it
/// says in the first part does not depend on the second, so one run serves both: in the first part an
/// alert is what was known of it at its end, taken back since or not. An incident belongs to the part
/// in which it begins, or in which its series is watched from on; an alert is true if it shares time
/// with an incident of either part.
#[derive(Debug)]
pub struct Tuning {
    budget: Budget,
    history: Interval,
    cut: Instant,
    labelled: bool,
    elsewhere: usize,
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
    /// The time in which any series was judged.
    pub time: Duration,
    /// The time in which each series was judged, added up: a budget of each series counts this.
    pub of_series: Duration,
    /// Series that were judged in this part.
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
            elsewhere: 0,
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
        let slices = ran.series();
        known.check_slices("the data", slices.len())?;
        known.check_dimensions(&slices)?;
        let spans: Vec<_> = slices.iter().map(|&slice| (slice, ran.history())).collect();
        self.elsewhere = known.elsewhere(&spans);
        let judged: Vec<Instant> = slices
            .iter()
            .filter_map(|slice| ran.judged_from(slice))
            .collect();
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
            let from = judged.iter().map(|&from| from.max(start));
            let own = from.filter(|from| *from < until).map(|from| (from, until));
            let own: Vec<Interval> = own
                .map(|(from, until)| Interval::new(from, until))
                .collect::<Result<_, _>>()?;
            let each = own.iter().map(|own| own.duration());
            let time = each.clone().max().unwrap_or(Duration::ZERO);
            let millis = each.map(Duration::millis).fold(0, i64::saturating_add);
            let of_series = Duration::from_millis(millis)?;
            let operator = match &scored {
                Some(scored) => Some(tally(ran, scored, Interval::new(start, until)?, end)?),
                None => None,
            };
            Ok::<_, BacktestError>(Counted {
                alerts,
                time,
                of_series,
                series: own.len(),
                rate: self.budget.rate(alerts, time, of_series),
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

    /// How many incidents of a list concern none of the series, or lie outside of their history.
    pub fn elsewhere(&self) -> usize {
        self.elsewhere
    }

    /// Whether anything was judged in the part from which the value is chosen, with any value.
    pub fn has_judged(&self) -> bool {
        self.tried.iter().any(|tried| tried.tuning.series > 0)
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
            let Counted {
                alerts,
                time,
                of_series,
                ..
            } = tried.tuning;
            if !self.budget.holds(alerts, time, of_series) {
                continue;
            }
            let alerts = i64::try_from(alerts).unwrap_or(i64::MAX);
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
            of_series,
            ..
        } = self.tried[at].held_back;
        Some(Chosen {
            at,
            holds: self.budget.holds(alerts, time, of_series),
            by_chance: at_least(alerts, self.budget.allows(time, of_series)),
        })
    }
}

/// Each slice as it is scored.
fn scored<'r>(
    ran: &'r Ran,
    source: &dyn Source,
    known: &Known,
) -> Result<Vec<(&'r SliceKey, ScoredSeries)>> {
    let one = |slice: &'r SliceKey| {
        let part = ran.part_at(slice).expect("it is one of the run");
        let source = dataset(source, &ran.report().detection().parts()[part]);
        let profile = source.profile(slice.metric())?;
        let series = known.scored(Gridded {
            name: slice.to_string(),
            slice,
            source,
            axis: TimeAxis::covering(profile.granularity, profile.zone, ran.history())?,
            judged_from: ran.judged_from(slice),
        })?;
        Ok((slice, series))
    };
    ran.series().into_iter().map(one).collect()
}

/// What an operator counts in `part`: incidents that begin in it, and alerts told in it, up to `end`.
fn tally(
    ran: &Ran,
    scored: &[(&SliceKey, ScoredSeries)],
    part: Interval,
    end: Instant,
) -> Result<OperatorTally> {
    let mut told: BTreeMap<SliceKey, Vec<Alert>> = BTreeMap::new();
    for one in ran.told_up_to(end) {
        told.entry(one.slice).or_default().push(one.alert);
    }
    let mut total = OperatorTally::default();
    for (slice, series) in scored {
        let from = part.start().max(series.watched.start());
        let until = part.end().min(series.watched.end());
        if from >= until {
            continue;
        }
        let own = Interval::new(from, until)?;
        // What was told before this part and goes on in it finds its incidents, and is not counted
        // again.
        let all = told.get(slice).map_or(&[][..], Vec::as_slice);
        let counted: Vec<&Alert> = all
            .iter()
            .filter(|alert| alert.reportable_at > part.start())
            .collect();
        let is_true = |alert: &&&Alert| {
            let mut incidents = series.incidents.iter().chain(&series.before);
            incidents.any(|incident| incident.overlaps(alert.interval))
        };
        let begins = |incident: &&Interval| {
            let seen = incident.start().max(series.watched.start());
            own.contains(seen)
        };
        let incidents: Vec<&Interval> = series.incidents.iter().filter(begins).collect();
        let found = incidents
            .iter()
            .filter_map(|incident| Delay::of(**incident, series.watched.start(), series.step, all));
        total.add(&OperatorTally {
            series: 1,
            days: days(own.duration().millis()),
            alerted_days: days(alerted(all, own)),
            alerts: counted.len(),
            true_alerts: counted.iter().filter(is_true).count(),
            incidents: incidents.len(),
            found: found.collect(),
        });
    }
    Ok(total)
}

fn days(millis: i64) -> f64 {
    millis as f64 / Duration::days(1).millis() as f64
}

/// The milliseconds of `own` under an alert.
fn alerted(alerts: &[Alert], own: Interval) -> i64 {
    let mut spans: Vec<Interval> = alerts.iter().map(|alert| alert.interval).collect();
    spans.sort_by_key(|span| span.start());
    let (mut millis, mut covered) = (0, own.start());
    for span in spans {
        let (start, end) = (span.start().max(covered), span.end().min(own.end()));
        millis += (end.millis() - start.millis()).max(0);
        covered = covered.max(end);
    }
    millis
}
