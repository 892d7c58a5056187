//! What was planted in a generated dataset, and what of it a run found.

use std::error::Error;

use tuatara::Report;
use tuatara::core::Anomaly;
use tuatara::frame::{Duration, Instant, Interval, SliceKey};
use tuatara_synth::{Dataset, Incident};

/// What was planted, each with the first anomaly that tells of it, and the anomalies that tell of
/// nothing planted.
#[derive(Debug)]
pub(crate) struct Outcome<'a> {
    /// In the order of the labels.
    pub(crate) planted: Vec<(&'a Incident, Option<&'a Anomaly>)>,
    /// In the order of the report.
    pub(crate) extra: Vec<&'a Anomaly>,
}

impl<'a> Outcome<'a> {
    /// An anomaly tells of an incident when the two share a slice and an instant. An incident is
    /// found when one does in its first day: a shift stays, and must not be noticed a week later.
    pub(crate) fn of(dataset: &'a Dataset, report: &'a Report) -> Result<Self, Box<dyn Error>> {
        let mut planted = Vec::new();
        let mut extra: Vec<&Anomaly> = report
            .anomalies()
            .iter()
            .map(|anomaly| &**anomaly)
            .collect();
        for incident in dataset.labels() {
            let interval = Interval::new(
                Instant::from_millis(incident.start.timestamp_millis())?,
                Instant::from_millis(incident.end.timestamp_millis())?,
            )?;
            let tells = |anomaly: &&Anomaly| {
                is_in(&anomaly.slice, incident) && anomaly.interval.overlaps(interval)
            };
            let in_time = |anomaly: &&Anomaly| {
                let delay = anomaly.interval.start().millis() - interval.start().millis();
                tells(anomaly) && delay < Duration::days(1).millis()
            };
            planted.push((
                incident,
                report
                    .anomalies()
                    .iter()
                    .map(|anomaly| &**anomaly)
                    .find(in_time),
            ));
            extra.retain(|anomaly| !tells(anomaly));
        }
        Ok(Self { planted, extra })
    }

    /// How many of the planted incidents were found.
    pub(crate) fn found(&self) -> usize {
        self.planted.iter().filter(|(_, by)| by.is_some()).count()
    }
}

fn is_in(slice: &SliceKey, incident: &Incident) -> bool {
    let has = |name: &str, value: &str| {
        slice
            .dimensions()
            .iter()
            .any(|(own, values)| own == name && values.iter().any(|one| one == value))
    };
    incident
        .dimensions
        .iter()
        .all(|(name, value)| has(name, value))
}
