//! How good what was told is, by what is known of incidents.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use tuatara::frame::{Interval, SliceKey, Source};
use tuatara_backtest::{Backtest, Known, Ran, Result};

use crate::desk::Shown;

/// What an operator counts of one specification.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counted {
    alerts: usize,
    true_alerts: usize,
    /// The share of alerts that are of an incident; none without an alert.
    precision: Option<f64>,
    incidents: usize,
    found: usize,
    /// The share of incidents that were told; none without one.
    recall: Option<f64>,
    /// From the start of an incident until somebody was told; none where nothing was found.
    median_delay_minutes: Option<f64>,
}

/// The incidents of each slice, those outside of the time that counts among them.
///
/// # Errors
/// Those of [`Backtest::add`].
pub(crate) fn incidents(
    ran: &Ran,
    source: &dyn Source,
    known: &Known,
) -> Result<BTreeMap<SliceKey, Vec<Interval>>> {
    let mut found = BTreeMap::new();
    if !known.is_labelled() {
        return Ok(found);
    }
    let mut backtest = Backtest::new(["this"]);
    backtest.add(None, &[(ran, source)], known)?;
    let keys = ran.report().slices().iter().map(|slice| slice.key());
    let keys: BTreeMap<String, &SliceKey> = keys.map(|key| (key.to_string(), key)).collect();
    for series in backtest.series() {
        let all = series.incidents.iter().chain(&series.before);
        let mut all: Vec<Interval> = all.copied().collect();
        all.sort_by_key(|interval| (interval.start(), interval.end()));
        if let Some(&key) = keys.get(&series.name) {
            found.insert(key.clone(), all);
        }
    }
    Ok(found)
}

/// What is counted of each of `shown`: the time that counts begins where all have judged a bucket.
///
/// # Errors
/// Those of [`Backtest::add`] and the measures.
pub(crate) fn counted(shown: &[Arc<Shown>], known: &Known) -> Result<Vec<Counted>> {
    let mut backtest = Backtest::new((0..shown.len()).map(|at| at.to_string()));
    let runs = shown.iter().map(|one| {
        let source: &dyn Source = &*one.opened.source;
        (&one.ran, source)
    });
    let runs: Vec<(&Ran, &dyn Source)> = runs.collect();
    backtest.add(None, &runs, known)?;
    let counted = backtest.operators()?.into_iter().map(|tally| Counted {
        alerts: tally.alerts,
        true_alerts: tally.true_alerts,
        precision: tally.precision(),
        incidents: tally.incidents,
        found: tally.found.len(),
        recall: tally.share_found(),
        median_delay_minutes: tally.median_delay().map(|delay| delay.report_minutes),
    });
    Ok(counted.collect())
}
