//! Anomalies: what they do to a series, and what is labelled.

use std::ops::Range;

use chrono::NaiveDateTime;

use super::{choose, log_even};
use crate::alertiger::ramp;
use crate::draw::Draw;
use crate::labelled::{Anomaly, AnomalyKind, Cadence, LabelledSeries};
use crate::placement::place;

/// A series before anything happens to it.
#[derive(Debug)]
pub(super) struct Undisturbed<'w> {
    pub(super) start: NaiveDateTime,
    pub(super) cadence: Cadence,
    pub(super) expected: Vec<f64>,
    /// The deviation of the noise at each step.
    pub(super) widths: &'w [f64],
    pub(super) has_season: bool,
}

/// In the order of [`AnomalyKind::ALL`].
const WEIGHTS: [f64; 7] = [0.28, 0.26, 0.1, 0.08, 0.12, 0.08, 0.08];
/// Of steps, how many there are for one anomaly; a fifth of the series have none.
const STEPS_EACH: [usize; 3] = [252, 60, 104];
const CALM_SHARE: f64 = 0.2;
/// Sizes in widths of the noise.
const SIZE: [f64; 2] = [2.5, 25.0];
const SHIFT_FOR_GOOD: [f64; 2] = [4.0, 25.0];
const CLIMB: [f64; 2] = [6.0, 30.0];
/// From here on a climb is labelled.
const NOTICEABLE: f64 = 2.5;
/// Sizes in amplitudes of the season.
const SHARE: [f64; 2] = [0.2, 1.5];
/// A dip must be worth so many widths to be one.
const LEAST_DIP: f64 = 5.0;
const WIDER: [f64; 2] = [3.0, 8.0];
/// What remains unclear after a change for good, in seasons.
const UNCLEAR_SEASONS: usize = 4;

/// Puts anomalies into `values`. The answer has the truth, and no values yet.
pub(super) fn disturb(
    series: Undisturbed<'_>,
    values: &mut [f64],
    draw: &mut Draw,
) -> LabelledSeries {
    let Undisturbed {
        start,
        cadence,
        expected,
        ..
    } = &series;
    let mut truth = LabelledSeries {
        start: *start,
        cadence: *cadence,
        values: Vec::new(),
        expected: expected.clone(),
        anomalies: Vec::new(),
        unclear: Vec::new(),
    };
    let (each, room) = match cadence {
        Cadence::Hourly => (STEPS_EACH[0], 168),
        Cadence::Daily => (STEPS_EACH[1], 14),
        Cadence::Weekly => (STEPS_EACH[2], 52),
    };
    let is_calm = draw.uniform() < CALM_SHARE;
    let most = 2 * values.len() / each;
    if is_calm || most == 0 {
        return truth;
    }
    let planned: Vec<(AnomalyKind, usize)> = (0..draw.within(1, most))
        .map(|_| {
            let kind = AnomalyKind::ALL[choose(draw, &WEIGHTS)];
            (kind, length(kind, *cadence, draw))
        })
        .collect();
    let lengths: Vec<usize> = planned.iter().map(|(_, length)| *length).collect();
    let apart = cadence.periods()[0];
    let spans = place(draw, &lengths, room..values.len(), apart, |_, _| true);
    // Too many for a short series: none, rather than fewer of them.
    let mut placed: Vec<(AnomalyKind, Range<usize>)> = planned
        .iter()
        .map(|(kind, _)| *kind)
        .zip(spans.unwrap_or_default())
        .collect();
    placed.sort_by_key(|(_, span)| span.start);
    for (kind, span) in placed {
        let mut change = Change {
            series: &series,
            values,
            truth: &mut truth,
            draw,
        };
        change.make(kind, span);
    }
    truth
}

/// How long an anomaly of `kind` is; the short ones are the more frequent.
fn length(kind: AnomalyKind, cadence: Cadence, draw: &mut Draw) -> usize {
    let (longest, season) = match cadence {
        Cadence::Hourly => (36.0, 24),
        Cadence::Daily => (10.0, 7),
        Cadence::Weekly => (8.0, 8),
    };
    let short = log_even(draw, [1.0, longest + 1.0]) as usize;
    match kind {
        AnomalyKind::Spike | AnomalyKind::Shift | AnomalyKind::DipToZero => short,
        AnomalyKind::LevelShift => season,
        AnomalyKind::TrendBreak => season * draw.within(1, 3),
        AnomalyKind::VarianceChange | AnomalyKind::FlatLine => draw.within(5, 2 * season),
    }
}

struct Change<'c, 'w> {
    series: &'c Undisturbed<'w>,
    values: &'c mut [f64],
    truth: &'c mut LabelledSeries,
    draw: &'c mut Draw,
}

impl Change<'_, '_> {
    fn make(&mut self, kind: AnomalyKind, span: Range<usize>) {
        let width = self.width(&span);
        let sign = if self.draw.uniform() < 0.5 { 1.0 } else { -1.0 };
        match kind {
            AnomalyKind::Spike => {
                let size = sign * self.size(width);
                self.add(
                    span.clone(),
                    ramp(span.len()).iter().map(|share| size * share),
                );
            }
            AnomalyKind::Shift => {
                let size = sign * self.size(width);
                self.add(span.clone(), span.clone().map(|_| size));
            }
            AnomalyKind::LevelShift => {
                let size = sign * width * log_even(self.draw, SHIFT_FOR_GOOD);
                self.stay(span.clone(), size);
                self.add(span.clone(), span.clone().map(|_| size));
            }
            AnomalyKind::TrendBreak => return self.climb(span, sign, width),
            AnomalyKind::DipToZero => return self.dip(span, width),
            AnomalyKind::VarianceChange => {
                let wider = self.draw.between(WIDER[0], WIDER[1]);
                for step in span.clone() {
                    self.values[step] += wider * self.series.widths[step] * self.draw.normal();
                }
            }
            AnomalyKind::FlatLine => {
                let before = self.values[span.start - 1]; // the room begins after a season
                self.values[span.clone()].fill(before);
            }
        }
        self.label(kind, span);
    }

    /// Away from the old level at an even pace, and then for good.
    fn climb(&mut self, span: Range<usize>, sign: f64, width: f64) {
        let (rise, steps) = (log_even(self.draw, CLIMB), span.len() as f64);
        let at = |step: usize| rise * (step + 1) as f64 / steps;
        let unnoticed = (0..span.len())
            .take_while(|&step| at(step) < NOTICEABLE)
            .count();
        self.stay(span.clone(), sign * width * rise);
        self.add(
            span.clone(),
            (0..span.len()).map(|step| sign * width * at(step)),
        );
        for (number, step) in span.clone().enumerate().take(unnoticed) {
            self.truth.expected[step] += sign * width * at(number);
        }
        self.label(AnomalyKind::TrendBreak, span.start + unnoticed..span.end);
    }

    /// To zero, where that is far away; else down by a multiple of the noise.
    fn dip(&mut self, span: Range<usize>, width: f64) {
        let is_far = |step: usize| self.truth.expected[step] > LEAST_DIP * width;
        if span.clone().all(is_far) {
            let rest = if self.draw.uniform() < 0.6 { 0.0 } else { 0.05 };
            for value in &mut self.values[span.clone()] {
                *value *= rest;
            }
            self.label(AnomalyKind::DipToZero, span);
        } else {
            let size = -width * log_even(self.draw, [LEAST_DIP, SIZE[1]]);
            self.add(span.clone(), span.clone().map(|_| size));
            self.label(AnomalyKind::Shift, span);
        }
    }

    /// The mean width of the noise over `span`.
    fn width(&self, span: &Range<usize>) -> f64 {
        self.series.widths[span.clone()].iter().sum::<f64>() / span.len() as f64
    }

    /// A size of something that passes.
    fn size(&mut self, width: f64) -> f64 {
        let by_noise = width * log_even(self.draw, SIZE);
        let by_season = self.draw.between(SHARE[0], SHARE[1]);
        let is_by_season = self.draw.uniform() < 0.5 && self.series.has_season;
        if is_by_season && by_season > SIZE[0] * width {
            by_season
        } else {
            by_noise
        }
    }

    fn add(&mut self, span: Range<usize>, sizes: impl Iterator<Item = f64>) {
        for (value, size) in self.values[span].iter_mut().zip(sizes) {
            *value += size;
        }
    }

    /// Moves everything after `span` by `size`, what is expected too.
    fn stay(&mut self, span: Range<usize>, size: f64) {
        let end = span.end;
        for moved in [&mut *self.values, &mut self.truth.expected] {
            for value in &mut moved[end..] {
                *value += size;
            }
        }
        let season = self.series.cadence.longest();
        let clear = (end + UNCLEAR_SEASONS * season).min(self.values.len());
        if end < clear {
            self.truth.unclear.push(end..clear);
        }
    }

    fn label(&mut self, kind: AnomalyKind, span: Range<usize>) {
        self.truth.anomalies.push(Anomaly { span, kind });
    }
}
