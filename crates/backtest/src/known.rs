//! What is known of the past: incidents, and the series that are scored by them.

use std::collections::BTreeSet;
use std::ops::Range;

use tuatara::frame::events::{CalendarEvent, EventCalendar};
use tuatara::frame::{
    Duration, FrameError, Instant, Interval, SliceKey, SliceRequest, Source, TimeAxis, closest,
};
use tuatara_metrics::labelled::{LabelledIncident, LabelledSeries, labels_of_buckets};
use tuatara_metrics::{Labels, Probation, Truth, period};

use crate::{BacktestError, Result};

/// Where the truth about the past comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// Nothing is known: alerts are counted, and none is called false.
    Nothing,
    /// Incidents with their times and dimensions.
    Incidents(Vec<LabelledIncident>),
    /// A metric of the data themselves that is 1 in buckets of an incident.
    Column(String),
    /// A labelled file: its rows are those that are scored, from where its training part ends.
    Rows(Box<LabelledSeries>),
}

/// One series as it is scored: its rows, its incidents and the time that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoredSeries {
    /// Its name: the slice, or the file where each is a series.
    pub name: String,
    /// The starts of its rows.
    pub rows: Vec<Instant>,
    /// The time from a row to the next.
    pub step: Duration,
    /// The time in which alerts and incidents count.
    pub watched: Interval,
    /// Its incidents in that time.
    pub incidents: Vec<Interval>,
    /// Its other incidents, before that time or behind it, of which nobody could have been told: an
    /// alert that shares time with one of them is true all the same.
    pub before: Vec<Interval>,
    /// Labels by row; the rows before the time watched are not scored.
    pub truth: Truth,
}

/// A series on the grid of its data.
#[derive(Debug)]
pub(crate) struct Gridded<'a> {
    pub(crate) name: String,
    pub(crate) slice: &'a SliceKey,
    pub(crate) source: &'a dyn Source,
    /// The buckets of history.
    pub(crate) axis: TimeAxis,
    /// From when on every contestant judged it.
    pub(crate) judged_from: Option<Instant>,
}

impl Known {
    /// Whether anything is known of incidents.
    pub fn is_labelled(&self) -> bool {
        !matches!(self, Self::Nothing)
    }

    /// The incidents as events that are left out of training from `delay` after their end on: a
    /// person has to find and label an incident before anybody can learn from the label. Nothing is
    /// known of incidents in a column or in rows, which have no time of labelling.
    ///
    /// # Errors
    /// [`BacktestError::Engine`] for incidents at the end of time.
    pub fn left_out(&self, delay: Duration) -> Result<EventCalendar> {
        let Self::Incidents(incidents) = self else {
            return Ok(EventCalendar::new());
        };
        let mut calendar = EventCalendar::new();
        for incident in incidents {
            let (start, end) = (incident.interval.start(), incident.interval.end());
            let known = end.checked_add(delay).unwrap_or(Instant::MAX);
            let mut event = CalendarEvent::from(format!("labelled {start}"), start)
                .until(end.into())
                .known_at(known.into())
                .leave_out();
            for (dimension, value) in &incident.dimensions {
                event = event.only(dimension, [value]);
            }
            calendar = calendar.with(event.build().map_err(FrameError::from)?);
        }
        Ok(calendar)
    }

    /// Refuses labels by row for several `slices` of `case`.
    pub(crate) fn check_slices(&self, case: &str, slices: usize) -> Result<()> {
        match matches!(self, Self::Rows(_)) && slices > 1 {
            true => Err(BacktestError::RowsOfSeveral {
                case: case.to_owned(),
                slices,
            }),
            false => Ok(()),
        }
    }

    /// Refuses a dimension of incidents that none of `slices` has, where one of theirs is called much
    /// like it. One that is not told apart at all is no mistake: its incidents concern all slices.
    pub(crate) fn check_dimensions(&self, slices: &[&SliceKey]) -> Result<()> {
        let Self::Incidents(incidents) = self else {
            return Ok(());
        };
        let of_slices = slices.iter().flat_map(|slice| slice.dimensions());
        let known: BTreeSet<&str> = of_slices.map(|(name, _)| name.as_str()).collect();
        for incident in incidents {
            let mut names = incident.dimensions.iter().map(|(name, _)| name.as_str());
            let like = |name: &str| closest(name, known.iter().copied());
            let odd = names.find(|name| !known.contains(name) && like(name).is_some());
            if let Some(name) = odd {
                return Err(BacktestError::NoDimension {
                    dimension: name.to_owned(),
                    line: incident.line,
                    known: known.iter().map(|&name| name.to_owned()).collect(),
                    suggestion: like(name).unwrap_or_default().to_owned(),
                });
            }
        }
        Ok(())
    }

    /// How many incidents of a list lie outside of the history of every slice, or concern none.
    pub(crate) fn elsewhere(&self, slices: &[(&SliceKey, Interval)]) -> usize {
        let Self::Incidents(incidents) = self else {
            return 0;
        };
        let is_nowhere = |incident: &&LabelledIncident| {
            let mut slices = slices.iter();
            !slices.any(|(slice, history)| {
                incident.interval.overlaps(*history) && incident.concerns(slice)
            })
        };
        incidents.iter().filter(is_nowhere).count()
    }

    pub(crate) fn scored(&self, grid: Gridded<'_>) -> Result<ScoredSeries> {
        match self {
            Self::Rows(series) => by_rows(&grid, series),
            _ => self.by_buckets(grid),
        }
    }

    fn by_buckets(&self, grid: Gridded<'_>) -> Result<ScoredSeries> {
        let axis = &grid.axis;
        let rows: Vec<Instant> = (0..axis.len()).map(|i| axis.start(i)).collect();
        let step = axis.granularity().nominal();
        let labels = match self {
            Self::Nothing | Self::Rows(_) => Labels::new(vec![false; rows.len()]),
            Self::Incidents(all) => {
                let concerned = all.iter().filter(|incident| incident.concerns(grid.slice));
                labels_of_buckets(&rows, step, concerned)
            }
            Self::Column(metric) => labels_in(&grid, metric)?,
        };
        let unscored = match grid.judged_from {
            Some(from) => rows.partition_point(|row| *row < from),
            None => 0,
        };
        let span =
            |rows: Range<usize>| Interval::new(axis.start(rows.start), axis.end(rows.end - 1));
        let watched = match unscored < rows.len() {
            true => span(unscored..rows.len())?,
            false => Interval::new(axis.span().end(), axis.span().end())?,
        };
        let all: Vec<Interval> = match self {
            // As they were listed: delays are counted from their own starts.
            Self::Incidents(all) => {
                let concerned = all.iter().filter(|incident| incident.concerns(grid.slice));
                let within = concerned.filter(|incident| incident.interval.overlaps(axis.span()));
                joined(within.map(|incident| incident.interval).collect())?
            }
            _ => labels
                .segments()
                .into_iter()
                .map(span)
                .collect::<Result<_, _>>()?,
        };
        let truth = Truth::from_labels(labels, Probation::Rows(unscored))?.with_step(step);
        let values = grid.source.series(&SliceRequest {
            slice: grid.slice.clone(),
            axis: grid.axis.clone(),
        })?;
        let truth = match period(values.series.values()) {
            Some(rows) => truth.with_buffer(rows),
            None => truth,
        };
        Ok(ScoredSeries::new(
            grid.name, rows, step, watched, all, truth,
        ))
    }
}

impl ScoredSeries {
    fn new(
        name: String,
        rows: Vec<Instant>,
        step: Duration,
        watched: Interval,
        all: Vec<Interval>,
        truth: Truth,
    ) -> Self {
        let (incidents, before): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|incident| incident.overlaps(watched));
        Self {
            name,
            rows,
            step,
            watched,
            before,
            incidents,
            truth,
        }
    }

    /// The time from the start of the first of `rows` to the end of the last.
    pub(crate) fn span(&self, rows: &Range<usize>) -> Interval {
        let (first, last) = (self.rows[rows.start], self.rows[rows.end - 1]);
        let end = last.checked_add(self.step).unwrap_or(Instant::MAX);
        // Rows of a file need not be in order.
        Interval::new(first.min(last), end.max(first)).expect("its ends are in order")
    }
}

/// The rows of a labelled file that lie in the history, its windows or runs of labels being the
/// incidents.
fn by_rows(grid: &Gridded<'_>, series: &LabelledSeries) -> Result<ScoredSeries> {
    let name = grid.name.clone();
    let no_clock = || BacktestError::NoClock { case: name.clone() };
    let step = series.truth().step().ok_or_else(no_clock)?;
    let rows = series.instants().ok_or_else(no_clock)?;
    let (rows, truth) = within(grid, series.name(), rows, series.truth(), step)?;
    let end = |row: usize| rows[row].checked_add(step).unwrap_or(Instant::MAX);
    let last = rows.len().saturating_sub(1);
    let first = rows.get(truth.unscored()).copied().unwrap_or(end(last));
    let watched = Interval::new(first, end(last).max(first))?;
    let segments = truth.labels().segments();
    let spans = segments.into_iter().map(|rows_of| {
        let start = rows[rows_of.start];
        Interval::new(start, end(rows_of.end - 1).max(start))
    });
    let all = spans.collect::<Result<Vec<_>, _>>()?;
    Ok(ScoredSeries::new(name, rows, step, watched, all, truth))
}

/// The rows that lie in the history, with what is known of them.
fn within(
    grid: &Gridded<'_>,
    file: &str,
    rows: &[Instant],
    truth: &Truth,
    step: Duration,
) -> Result<(Vec<Instant>, Truth)> {
    let history = grid.axis.span();
    let extent = grid.source.profile(grid.slice.metric())?.extent;
    let is_judged = |row: &Instant| history.contains(*row) && extent.contains(*row);
    if !rows.iter().any(is_judged) {
        let (first, last) = (rows.iter().min(), rows.iter().max());
        return Err(BacktestError::RowsElsewhere {
            case: file.to_owned(),
            first: first.copied().unwrap_or(Instant::MAX),
            last: last.copied().unwrap_or(Instant::MAX),
            history,
        });
    }
    if rows.iter().all(|row| history.contains(*row)) {
        return Ok((rows.to_vec(), truth.clone()));
    }
    let kept: Vec<usize> = (0..rows.len())
        .filter(|&row| history.contains(rows[row]))
        .collect();
    let unscored = kept.partition_point(|row| *row < truth.unscored());
    let flags = truth.labels().flags();
    let labels = Labels::new(kept.iter().map(|&row| flags[row]).collect());
    let part = Truth::from_labels(labels, Probation::Rows(unscored))?;
    Ok((
        kept.iter().map(|&row| rows[row]).collect(),
        part.with_step(step).with_buffer(truth.buffer()),
    ))
}

/// By how much a label may miss 0 or 1: aggregation rounds.
const TOLERANCE: f64 = 1e-9;

/// The labels that the data have in a metric of their own, aggregated as it is declared.
fn labels_in(grid: &Gridded<'_>, metric: &str) -> Result<Labels> {
    let slice = grid.slice.of_metric(metric);
    let fetched = grid.source.series(&SliceRequest {
        slice: slice.clone(),
        axis: grid.axis.clone(),
    })?;
    let values = fetched.series.values().iter().enumerate();
    let labels = values.map(|(i, &value)| {
        let is = |label: f64| (value - label).abs() < TOLERANCE;
        match (value.is_nan() || is(0.0), is(1.0)) {
            (true, _) => Ok(false),
            (_, true) => Ok(true),
            _ => Err(BacktestError::BadLabel {
                slice: slice.clone(),
                bucket: grid.axis.bucket(i),
                value,
            }),
        }
    });
    Ok(Labels::new(labels.collect::<Result<_>>()?))
}

/// Incidents that share time as one, in order: two lists of labels may tell of one incident.
fn joined(mut all: Vec<Interval>) -> Result<Vec<Interval>, FrameError> {
    all.sort_by_key(|interval| (interval.start(), interval.end()));
    let mut joined: Vec<Interval> = Vec::new();
    for interval in all {
        match joined.last_mut() {
            Some(last) if last.overlaps(interval) => {
                *last = Interval::new(last.start(), last.end().max(interval.end()))?;
            }
            _ => joined.push(interval),
        }
    }
    Ok(joined)
}
