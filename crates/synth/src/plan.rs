//! The incidents of a dataset before they are labels: planned, given a place, put into the series.

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::dataset::SliceSeries;
use crate::draw::Draw;
use crate::error::{Result, SynthError};
use crate::incident::{Incident, IncidentKind};
use crate::placement::place;

/// An incident by step number.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    /// Before it has a place, the span starts at 0.
    pub(crate) span: Range<usize>,
    /// The `(dimension, value)` pairs it is confined to.
    pub(crate) dimensions: Vec<(&'static str, &'static str)>,
    pub(crate) kind: IncidentKind,
    /// The share of an [`inject`](crate::inject) function; of no account for gaps and stuck stretches.
    pub(crate) share: f64,
    pub(crate) cause: &'static str,
}

impl Planned {
    fn touches(&self, dimensions: &[(&str, &str)]) -> bool {
        self.dimensions.iter().all(|own| dimensions.contains(own))
    }

    fn label(&self, at: impl Fn(usize) -> DateTime<Utc>) -> Incident {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Incident {
            start: at(self.span.start),
            end: at(self.span.end),
            dimensions: self.dimensions.iter().map(owned).collect(),
            kind: self.kind,
            size: self.kind.size(self.share),
            description: self.cause.to_owned(),
        }
    }
}

/// A whole number of per cent in `low..=high`, as a share; one draw.
pub(crate) fn percent([low, high]: [usize; 2], draw: &mut Draw) -> f64 {
    draw.within(low, high) as f64 / 100.0
}

/// Where incidents may lie, and what an error says when they cannot.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    /// The steps they may touch.
    pub(crate) steps: Range<usize>,
    /// How long none may start after the beginning, as the error says it.
    pub(crate) warm_up: usize,
    /// The steps between two of them, at least.
    pub(crate) gap: usize,
    /// What the numbers count.
    pub(crate) unit: &'static str,
}

impl Room {
    /// Gives each of `planned` a span of its length, by `draw`; the answer is in order of time.
    ///
    /// `asked` is how many there should have been, for the error; `admits(placed, span)` is one more
    /// condition on a span.
    ///
    /// # Errors
    /// [`SynthError::NoRoom`] when no plan was found that keeps the rules.
    pub(crate) fn place(
        &self,
        draw: &mut Draw,
        mut planned: Vec<Planned>,
        asked: usize,
        admits: impl Fn(&[Range<usize>], &Range<usize>) -> bool,
    ) -> Result<Vec<Planned>> {
        let lengths: Vec<usize> = planned.iter().map(|incident| incident.span.len()).collect();
        let spans = place(draw, &lengths, self.steps.clone(), self.gap, admits);
        let spans = spans.ok_or(SynthError::NoRoom {
            incidents: asked,
            steps: self.steps.end,
            warm_up: self.warm_up,
            gap: self.gap,
            unit: self.unit,
        })?;
        for (incident, span) in planned.iter_mut().zip(spans) {
            incident.span = span;
        }
        planned.sort_by_key(|incident| incident.span.start);
        Ok(planned)
    }
}

/// The labels of `planned`, in its order; `at(i)` is the start of step `i`, also of the one after
/// the last.
pub(crate) fn labels(planned: &[Planned], at: impl Fn(usize) -> DateTime<Utc>) -> Vec<Incident> {
    planned.iter().map(|planned| planned.label(&at)).collect()
}

/// The slice of these `dimensions`, given as pairs, with and without its incidents.
///
/// `expected` is the series without incidents before anything is rounded, NaN where there is no
/// row; `written(t, y)` is what the file holds at step `t` where `y` came about.
pub(crate) fn slice(
    dimensions: &[(&'static str, &'static str)],
    planned: &[Planned],
    expected: &[f64],
    written: impl Fn(usize, f64) -> f64,
) -> Result<SliceSeries> {
    let own = || planned.iter().filter(|p| p.touches(dimensions));
    let mut factors = vec![1.0; expected.len()];
    for incident in own() {
        incident
            .kind
            .scale(&mut factors, incident.span.clone(), incident.share)?;
    }
    let steps = || expected.iter().enumerate();
    let mut values: Vec<f64> = steps()
        .zip(&factors)
        .map(|((t, y), f)| written(t, y * f))
        .collect();
    for incident in own() {
        incident.kind.replace(&mut values, incident.span.clone())?;
    }
    Ok(SliceSeries {
        dimensions: dimensions.iter().map(|(_, value)| *value).collect(),
        values,
        clean: steps().map(|(t, y)| written(t, *y)).collect(),
    })
}

/// To `decimals` decimals, half away from zero.
pub(crate) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10f64.powi(decimals);
    (value * scale).round() / scale
}
