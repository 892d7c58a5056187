//! The fold of Law 2, from the documented text and for each candidate from its buckets afresh.

use std::sync::Arc;

use tuatara_core::{Anomaly, AnomalyId, Evidence, Judgement, Peak, Row, Status, Verdict};
use tuatara_frame::{Aggregation, Interval, Series};
use tuatara_merge::{Event, EventKind, MergeError, Retraction, Stage};

/// What [`fold`] gives.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NaiveFold {
    /// What happened, in time order.
    pub events: Vec<Event>,
    /// Candidates that closed while a filter did not keep them.
    pub removed: Vec<Anomaly>,
    /// The candidate that is open after the last bucket.
    pub open: Option<Anomaly>,
}

/// The fold of `rows`, one per bucket of `series`, by `stage`.
///
/// Buckets are grouped first: a flagged one belongs to the group before it when the gap between is
/// at most maxGap and both together last at most maxDuration. Each group is then told bucket by
/// bucket, its anomaly made from the buckets so far.
///
/// By the definition of thinning, one whose score is not above `leave` belongs to no group within
/// maxGap, and one further away to none unless it opens one; a bucket that is not flagged belongs to
/// the group before it where it is near, short enough and above `leave`.
///
/// # Errors
/// When a filter refuses a request.
pub fn fold(stage: &Stage<'_>, series: &Series, rows: &[Row]) -> Result<NaiveFold, MergeError> {
    let axis = series.axis();
    let (start, end) = (
        |i: usize| axis.start(i).millis(),
        |i: usize| axis.end(i).millis(),
    );
    let max_gap = stage.policy.max_gap().millis();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let thinning = stage.thinning.params();
    let opens = |i: usize| {
        let quiet = thinning.quiet.millis();
        let disturbs = |j: &usize| start(i) - end(*j) < quiet && counts(stage, rows, *j);
        counts(stage, rows, i) && !(0..i).rev().any(|j| disturbs(&j))
    };
    for (i, row) in rows.iter().enumerate() {
        let flagged = row.verdict.is_anomalous();
        // A score of NaN is above nothing.
        let goes_on = row.score > thinning.leave;
        let group = groups.last_mut();
        let near = group.filter(|group| start(i) - end(group[group.len() - 1]) <= max_gap);
        let longest = stage.policy.max_duration().millis();
        match near {
            Some(group) if end(i) - start(group[0]) <= longest && goes_on => group.push(i),
            Some(group) if end(i) - start(group[0]) <= longest => {}
            Some(_) if flagged && goes_on => groups.push(vec![i]),
            None if flagged && opens(i) => groups.push(vec![i]),
            _ => {}
        }
    }
    let mut out = NaiveFold::default();
    for (g, group) in groups.iter().enumerate() {
        let last = *group.last().unwrap_or(&0);
        let next = groups.get(g + 1).map(|group| group[0]);
        let closed_by = (last + 1..rows.len())
            .find(|&i| Some(i) == next || end(i) - end(last) > max_gap)
            .map(|i| axis.end(i));
        let mut reported = false;
        let mut reportable_at = None;
        let mut told = None;
        let mut severity = None;
        for n in 1..=group.len() {
            let mut anomaly = so_far(stage, series, rows, &group[..n]);
            anomaly.judgements = judged(stage, series, &anomaly, group[0], group[n - 1])?;
            label(stage, series, &mut anomaly, group[0], group[n - 1])?;
            let at = axis.end(group[n - 1]);
            let dropped_by = anomaly.judgements.iter().find(|judgement| !judgement.kept);
            let worse = group[..n - 1]
                .iter()
                .all(|&i| rows[i].score < rows[group[n - 1]].score);
            let worse = worse || severity.is_some_and(|before| before != anomaly.severity);
            severity = Some(anomaly.severity);
            let kind = match (dropped_by, reported) {
                (None, false) => Some(EventKind::Opened),
                (None, true) if worse => Some(EventKind::Rescored),
                (None, true) => Some(EventKind::Extended),
                (Some(by), true) => {
                    let filter = by.filter.clone();
                    Some(EventKind::Retracted(Retraction::Filtered { filter }))
                }
                (Some(_), false) => None,
            };
            reported = dropped_by.is_none();
            if reported {
                reportable_at = reportable_at.or(Some(at));
            }
            anomaly.reportable_at = reportable_at;
            if let Some(kind) = kind {
                out.events.push(Event {
                    at,
                    kind,
                    anomaly: Arc::new(anomaly.clone()),
                });
            }
            told = Some(anomaly);
        }
        if let (Some(anomaly), Some(_)) = (&mut told, closed_by) {
            anomaly.status = Status::Closed;
        }
        match (told, closed_by) {
            (Some(anomaly), Some(at)) if reported => {
                out.events.push(Event {
                    at,
                    kind: EventKind::Closed,
                    anomaly: Arc::new(anomaly),
                });
            }
            (Some(anomaly), Some(_)) => out.removed.push(anomaly),
            (anomaly, None) => out.open = anomaly,
            (None, _) => {}
        }
    }
    Ok(out)
}

/// Whether bucket `i` is flagged, high enough, and not among too few.
fn counts(stage: &Stage<'_>, rows: &[Row], i: usize) -> bool {
    let thinning = stage.thinning.params();
    let first = (i + 1).saturating_sub(thinning.n as usize);
    let flagged = rows[first..=i]
        .iter()
        .filter(|row| row.verdict.is_anomalous());
    let enough = flagged.count() >= thinning.k as usize;
    rows[i].verdict.is_anomalous() && enough && rows[i].score > thinning.enter
}

/// The anomaly made of the buckets `group`, of which the first is flagged, and what lies between them.
fn so_far(stage: &Stage<'_>, series: &Series, rows: &[Row], group: &[usize]) -> Anomaly {
    let axis = series.axis();
    let (first, last) = (group[0], group[group.len() - 1]);
    let flagged = |&i: &usize| rows[i].verdict.is_anomalous();
    let worst = group
        .iter()
        .copied()
        .filter(flagged)
        .fold(first, |worst, i| {
            if rows[i].score > rows[worst].score {
                i
            } else {
                worst
            }
        });
    let Row {
        observed,
        expected,
        lower,
        upper,
        score,
        verdict,
    } = rows[worst];
    let Verdict::Anomalous(direction) = verdict else {
        unreachable!("only flagged buckets are asked")
    };
    let peak = Peak {
        at: axis.start(worst),
        direction,
        score,
        observed,
        expected,
        lower,
        upper,
    };
    let id = AnomalyId::new(stage.detection, stage.rule, stage.slice, axis.start(first));
    let interval = Interval::new(axis.start(first), axis.end(last)).expect("in the order of time");
    let mut anomaly = Anomaly::open(id, stage.detection, stage.rule, stage.slice, interval, peak);
    let flagged = group.iter().copied().filter(flagged);
    anomaly.flagged = u32::try_from(flagged.count()).unwrap_or(u32::MAX);
    let values = rows[first..=last]
        .iter()
        .copied()
        .filter(|row| !row.observed.is_nan() && row.verdict != Verdict::OutOfRange);
    let mut both: Vec<Row> = values
        .clone()
        .filter(|row| !row.expected.is_nan())
        .collect();
    if both.is_empty() {
        // Nothing was expected: the values alone.
        let nothing = f64::NAN;
        let (expected, lower, upper) = (nothing, nothing, nothing);
        both.extend(values.map(|row| Row {
            expected,
            lower,
            upper,
            ..row
        }));
    }
    let opened_by = rows[first];
    let total = |number: fn(&Row) -> f64| {
        let numbers = both.iter().map(number);
        match stage.aggregation {
            Aggregation::Min => numbers.reduce(f64::min),
            Aggregation::Max => numbers.reduce(f64::max),
            Aggregation::Last => numbers.reduce(|_, last| last),
            Aggregation::Mean | Aggregation::Median => numbers
                .reduce(|a, b| a + b)
                .map(|sum| sum / both.len() as f64),
            Aggregation::Sum | Aggregation::Count => numbers.reduce(|a, b| a + b),
        }
        // Without a value: the bucket that opened it.
        .unwrap_or_else(|| number(&opened_by))
    };
    anomaly.observed = total(|row| row.observed);
    anomaly.expected = total(|row| row.expected);
    anomaly.lower = total(|row| row.lower);
    anomaly.upper = total(|row| row.upper);
    anomaly
}

fn judged(
    stage: &Stage<'_>,
    series: &Series,
    anomaly: &Anomaly,
    first: usize,
    last: usize,
) -> Result<Vec<Judgement>, MergeError> {
    let known = series.view().known_until(last + 1);
    let as_of = series.axis().end(last);
    let judge = |named: &tuatara_merge::NamedFilter<'_>| {
        let view = named.axis.map_or(known, |axis| known.with_axis(axis));
        let others = named.others.iter();
        let evidence = Evidence::new(view, first..last + 1, as_of, stage.aggregation)
            .with_others(others.map(|other| other.known_until(last + 1, named.axis)));
        let mut judgement = named
            .filter
            .judge(anomaly, &evidence, &mut tuatara_core::Memo::default())
            .map_err(|source| MergeError::Filter {
                filter: named.name.to_owned(),
                source: Box::new(source),
            })?;
        judgement.filter = named.name.to_owned();
        Ok(judgement)
    };
    stage.filters.iter().map(judge).collect()
}

/// Says of `anomaly` how much it matters.
fn label(
    stage: &Stage<'_>,
    series: &Series,
    anomaly: &mut Anomaly,
    first: usize,
    last: usize,
) -> Result<(), MergeError> {
    let Some(named) = &stage.labeler else {
        return Ok(());
    };
    let known = series.view().known_until(last + 1);
    let view = named.axis.map_or(known, |axis| known.with_axis(axis));
    let others = named.others.iter();
    let as_of = series.axis().end(last);
    let evidence = Evidence::new(view, first..last + 1, as_of, stage.aggregation)
        .with_others(others.map(|other| other.known_until(last + 1, named.axis)));
    let label = named
        .labeler
        .label(anomaly, &evidence, &mut tuatara_core::Memo::default())
        .map_err(|source| MergeError::Filter {
            filter: named.name.to_owned(),
            source: Box::new(source),
        })?;
    anomaly.severity = label.severity;
    anomaly.label = Some(tuatara_core::Label {
        labeler: named.name.to_owned(),
        ..label
    });
    Ok(())
}

/// `anomaly` with every bit of its numbers, all NaN alike: as JSON.
///
/// # Panics
/// Never: an anomaly is written as JSON.
pub fn anomaly_text(anomaly: &Anomaly) -> String {
    serde_json::to_string(anomaly).expect("an anomaly is written as JSON")
}

/// `event` with every bit of its numbers, all NaN alike.
pub fn event_text(event: &Event) -> String {
    format!(
        "{} {} {}",
        event.at,
        event.kind,
        anomaly_text(&event.anomaly)
    )
}
