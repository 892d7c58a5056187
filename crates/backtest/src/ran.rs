//! A run of the production engine over history, and what reached a person in it.

use std::collections::{BTreeMap, BTreeSet};

use tuatara::core::{Anomaly, AnomalyId};
use tuatara::frame::{Duration, Instant, Interval, SliceKey, Source};
use tuatara::merge::{EventKind, Retraction};
use tuatara::{Detection, Part, Report, SliceReport, Watch};
use tuatara_metrics::operator::Alert;

use crate::{Late, Result};

/// A run of the production engine over history.
///
/// Every bucket of the history is judged as of the instant at which its data had arrived. An alert
/// is told at the end of the first bucket at which every filter kept it, and what its data and its
/// rule are waited for after that.
#[derive(Debug)]
pub struct Ran {
    report: Report,
    history: Interval,
    /// Per part of the detection, how long its data are waited for.
    delays: Vec<Duration>,
    /// Per slice its positions in the report, those of parts that look at the metric first.
    places: BTreeMap<SliceKey, Vec<usize>>,
}

/// An anomaly that reached a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its name.
    pub id: AnomalyId,
    /// Where it was.
    pub slice: SliceKey,
    /// When it was, and when it was told.
    pub alert: Alert,
}

impl Ran {
    /// Judges every bucket that ends in `history`, its end included, with data that arrive `arrival`
    /// after the end of their bucket; where the source says that they come later still, that counts.
    /// [`Duration::ZERO`] adds nothing. `watch` is told of each finished slice.
    ///
    /// # Errors
    /// Those of [`Detection::run`].
    pub fn over(
        detection: &Detection,
        source: &dyn Source,
        history: Interval,
        arrival: Duration,
        watch: Option<&dyn Watch>,
    ) -> Result<Self> {
        let late = Late::new(source, detection, arrival);
        let interval = Self::interval(detection, &late, history)?;
        let report = match watch {
            Some(watch) => detection.run_watched(&late, interval, None, watch)?,
            None => detection.run(&late, interval)?,
        };
        Self::of(report, &late, history)
    }

    /// The time over which `detection` runs to judge every bucket that ends in `history`: the last of
    /// them when their data are there, which is after its end.
    ///
    /// # Errors
    /// Those of the source.
    pub fn interval(
        detection: &Detection,
        source: &dyn Source,
        history: Interval,
    ) -> Result<Interval> {
        let delays = delays(detection, source)?;
        let wait = delays.into_iter().min().unwrap_or(Duration::ZERO);
        let later = |at: Instant| at.checked_add(wait).unwrap_or(Instant::MAX);
        Ok(Interval::new(later(history.start()), later(history.end()))?)
    }

    /// The run that `report` is of, over the [`interval`](Self::interval) of `history`: what
    /// [`over`](Self::over) is for whoever has run the detection already.
    ///
    /// # Errors
    /// Those of the source.
    pub fn of(report: Report, source: &dyn Source, history: Interval) -> Result<Self> {
        let delays = delays(report.detection(), source)?;
        let parts = report.detection().parts();
        let mut places: BTreeMap<SliceKey, Vec<usize>> = BTreeMap::new();
        for (place, slice) in report.slices().iter().enumerate() {
            places.entry(slice.key().clone()).or_default().push(place);
        }
        for all in places.values_mut() {
            all.sort_by_key(|&place| parts[report.slices()[place].part()].is_of_quality());
        }
        Ok(Self {
            report,
            history,
            delays,
            places,
        })
    }

    /// What the engine reports.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The time whose buckets were judged.
    pub fn history(&self) -> Interval {
        self.history
    }

    /// The slices that are a series each, in the order of the report: each once, and those that a part
    /// looks at for the quality of the data only where nothing else is looked at.
    pub(crate) fn series(&self) -> Vec<&SliceKey> {
        let parts = self.report.detection().parts();
        let only_quality = parts.iter().all(Part::is_of_quality);
        let mut seen = BTreeSet::new();
        let slices = self.report.slices().iter();
        let counts = slices.filter(|slice| only_quality || !parts[slice.part()].is_of_quality());
        let keys = counts.map(SliceReport::key);
        keys.filter(|key| seen.insert(*key)).collect()
    }

    /// The position of the part that looks at `slice`; none if the run does not.
    pub(crate) fn part_at(&self, slice: &SliceKey) -> Option<usize> {
        let first = *self.places.get(slice)?.first()?;
        Some(self.report.slices()[first].part())
    }

    fn reports<'r>(&'r self, slice: &SliceKey) -> impl Iterator<Item = &'r SliceReport> + use<'r> {
        let places = self.places.get(slice).map_or(&[][..], Vec::as_slice);
        places.iter().map(|&place| &self.report.slices()[place])
    }

    /// When what became known at the end of a bucket of `part` was there to be known.
    fn arrived(&self, part: usize, at: Instant) -> Instant {
        at.checked_add(self.delays[part]).unwrap_or(Instant::MAX)
    }

    /// The part of the detection that found `anomaly`.
    fn part_of(&self, anomaly: &Anomaly) -> usize {
        let parts = self.report.detection().parts();
        let found = |part: &Part| {
            let mut names = part.rule_names();
            names.any(|name| anomaly.rules.iter().any(|rule| rule == name))
        };
        parts.iter().position(found).unwrap_or_default()
    }

    /// The anomalies that stand at the end and that no event explains, in the order of the report.
    pub fn told(&self) -> Vec<Told> {
        let standing = self.report.anomalies().iter();
        let told = standing.filter(|anomaly| !anomaly.is_suppressed());
        told.filter_map(|anomaly| self.tell(anomaly)).collect()
    }

    fn tell(&self, anomaly: &Anomaly) -> Option<Told> {
        let reportable_at = self.arrived(self.part_of(anomaly), anomaly.reportable_at?);
        let interval = anomaly.interval;
        Some(Told {
            id: anomaly.id,
            slice: anomaly.slice.clone(),
            alert: Alert {
                interval,
                reportable_at,
            },
        })
    }

    /// When a person was told of something for the first time, in order: of an incident where the
    /// detection gathers what it finds, otherwise of an anomaly. What no longer stands at the end
    /// was told all the same; what an event explains was not.
    pub fn pages(&self) -> Vec<Instant> {
        let report = &self.report;
        let mut told: BTreeMap<AnomalyId, Instant> = BTreeMap::new();
        let mut add = |id, at| {
            told.entry(id).or_insert(at);
        };
        let gathers = report.detection().gathers();
        if gathers {
            let first = self.delays.iter().min().copied().unwrap_or(Duration::ZERO);
            for event in report.incident_events() {
                if event.kind == EventKind::Opened && !event.incident.is_suppressed() {
                    add(event.incident.id, later_by(event.at, first));
                }
            }
        }
        let quality: BTreeSet<AnomalyId> = report.of_quality().map(|anomaly| anomaly.id).collect();
        for event in report.events() {
            let anomaly = &event.anomaly;
            let counts = !gathers || quality.contains(&anomaly.id);
            if counts && event.kind == EventKind::Opened && !anomaly.is_suppressed() {
                add(anomaly.id, self.arrived(self.part_of(anomaly), event.at));
            }
        }
        let mut pages: Vec<Instant> = told.into_values().collect();
        pages.sort_unstable();
        pages
    }

    /// The anomalies that a person was told of up to `until`, in order of their names, as they were
    /// known then: those that were taken back among them.
    pub(crate) fn told_up_to(&self, until: Instant) -> Vec<Told> {
        let mut told: BTreeMap<AnomalyId, Told> = BTreeMap::new();
        for event in self.report.events() {
            let anomaly = &event.anomaly;
            let at = self.arrived(self.part_of(anomaly), event.at);
            if at > until || matches!(event.kind, EventKind::Retracted(_)) {
                continue;
            }
            if let Some(known) = told.get_mut(&anomaly.id) {
                known.alert.interval = anomaly.interval;
            } else if event.kind == EventKind::Opened && !anomaly.is_suppressed() {
                let alert = Alert {
                    interval: anomaly.interval,
                    reportable_at: at,
                };
                let (id, slice) = (anomaly.id, anomaly.slice.clone());
                told.insert(id, Told { id, slice, alert });
            }
        }
        told.into_values().collect()
    }

    /// When the first bucket of any series that got a score begins; none if nothing was judged.
    pub(crate) fn first_judged(&self) -> Option<Instant> {
        let series = self.series().into_iter();
        series.filter_map(|slice| self.judged_from(slice)).min()
    }

    /// Per slice, how many anomalies a person was told of that a filter took back for good.
    pub fn taken_back(&self) -> BTreeMap<SliceKey, usize> {
        let mut last: BTreeMap<AnomalyId, (&SliceKey, bool)> = BTreeMap::new();
        for event in self.report.events() {
            let gone = matches!(
                event.kind,
                EventKind::Retracted(Retraction::Filtered { .. })
            );
            last.insert(event.anomaly.id, (&event.anomaly.slice, gone));
        }
        let mut counts = BTreeMap::new();
        for (slice, _) in last.into_values().filter(|(_, gone)| *gone) {
            *counts.entry(slice.clone()).or_default() += 1;
        }
        counts
    }

    /// The start of the first bucket of `slice` that got a score; none if nothing was judged.
    pub fn judged_from(&self, slice: &SliceKey) -> Option<Instant> {
        let part = self.part_at(slice)?;
        let reports = self.reports(slice).filter(|found| {
            let parts = self.report.detection().parts();
            parts[found.part()].is_of_quality() == parts[part].is_of_quality()
        });
        let rules = reports.flat_map(SliceReport::rules);
        let firsts = rules.filter_map(|rule| {
            let mut rows = rule.rows();
            let first = rows.find(|(_, row)| !row.score.is_nan())?;
            Some(first.0.start())
        });
        firsts.min()
    }

    /// For each of `rows`, in order of time or not, the highest score of the bucket in which it lies;
    /// NaN where nothing was judged.
    pub fn scores(&self, slice: &SliceKey, rows: &[Instant]) -> Vec<f64> {
        let mut scores = vec![f64::NAN; rows.len()];
        for rule in self.reports(slice).flat_map(SliceReport::rules) {
            for (score, at) in scores.iter_mut().zip(rows) {
                let row = rule.position(*at).and_then(|place| rule.row(place));
                if let Some((_, row)) = row {
                    // The greater of a number and NaN is the number.
                    *score = score.max(row.score);
                }
            }
        }
        scores
    }
}

fn later_by(at: Instant, delay: Duration) -> Instant {
    at.checked_add(delay).unwrap_or(Instant::MAX)
}

/// Per part of the detection, how long its data are waited for.
fn delays(detection: &Detection, source: &dyn Source) -> Result<Vec<Duration>> {
    let delay = |part: &Part| -> Result<Duration> {
        let profile = dataset(source, part).profile(part.metric())?;
        Ok(profile.completeness_delay)
    };
    detection.parts().iter().map(delay).collect()
}

/// The data of `part`.
pub(crate) fn dataset<'s>(source: &'s dyn Source, part: &Part) -> &'s dyn Source {
    let named = part.dataset().and_then(|name| source.dataset(name));
    named.unwrap_or(source)
}
