//! Affiliation precision and recall: how near predictions and events are to each other, against
//! chance.
//!
//! Row i is the interval [i, i + 1) on a line from 0 to n. The line is cut half-way between
//! neighbouring events (the runs of anomalous rows), which gives each event J its zone E. With X
//! drawn evenly from E:
//!
//! ```text
//! precision in E = mean over predicted points x of  P( dist(X, J) > dist(x, J) ),  1 within J
//! recall in E    = mean over points y of J of       P( |X − y| > dist(y, predictions in E) )
//! ```
//!
//! A zone without a prediction has recall 0 and no precision. Both are averaged over the zones that
//! have one. There is nothing to set, and a prediction counts where it is near, not only where it
//! hits.
//!
//! **Read it against a random detector**, which reaches about two thirds: a point drawn evenly from
//! the zone is farther than another one half of the time, and within the event always.
//!
//! Source: A. Huet, J. M. Navarro, D. Rossi, *Local Evaluation of Time Series Anomaly Detection
//! Algorithms* (KDD 2022), sections 3 and 4. Every integral is solved exactly.

use std::ops::Range;

use serde::Serialize;

use crate::{Decisions, Labels, Result};

/// Affiliation precision and recall, each in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Affiliation {
    /// How near the predictions are to events; `None` where nothing was predicted.
    pub precision: Option<f64>,
    /// How near the events are to predictions.
    pub recall: f64,
    /// `2PR / (P + R)`, 0 where both are or nothing was predicted.
    pub f1: f64,
}

/// Affiliation of decisions with the labels; `None` without an anomalous row.
///
/// ```
/// use tuatara_metrics::{Decisions, Labels, affiliation};
///
/// // Ten rows, the event on rows 4 and 5, one prediction on row 7.
/// let labels = Labels::new((0..10).map(|row| row == 4 || row == 5).collect());
/// let decisions = Decisions::new((0..10).map(|row| row == 7).collect());
/// let found = affiliation(&labels, &decisions)?.expect("there is an event");
/// // At distance d are 2 + 2d of 10 points nearer: the mean of 1 − (2 + 2d)/10 over d in [1, 2].
/// assert!((found.precision.expect("a prediction") - 0.5).abs() < 1e-12);
/// // The points y of [4, 6] are 7 − y away: the mean of 1 − 2 (7 − y)/10.
/// assert!((found.recall - 0.6).abs() < 1e-12);
/// # Ok::<(), tuatara_metrics::MetricsError>(())
/// ```
///
/// # Errors
/// [`MetricsError::Length`](crate::MetricsError::Length)
pub fn affiliation(labels: &Labels, decisions: &Decisions) -> Result<Option<Affiliation>> {
    labels.check("decisions", decisions.len())?;
    let events: Vec<Span> = labels.segments().iter().map(Span::of).collect();
    let predictions: Vec<Span> = decisions.segments().iter().map(Span::of).collect();
    if events.is_empty() {
        return Ok(None);
    }
    let (mut precision, mut judged, mut recall) = (0.0, 0_usize, 0.0);
    let mut zone_start = 0.0;
    for (number, &event) in events.iter().enumerate() {
        let zone_end = match events.get(number + 1) {
            Some(next) => f64::midpoint(event.end, next.start),
            None => labels.len() as f64,
        };
        let zone = Span {
            start: zone_start,
            end: zone_end,
        };
        zone_start = zone_end;
        // Both are in order of time, so that those of the zone are neighbours.
        let from = predictions.partition_point(|span| span.end <= zone.start);
        let to = predictions.partition_point(|span| span.start < zone.end);
        let within: Vec<Span> = predictions[from..to]
            .iter()
            .map(|span| span.within(zone))
            .collect();
        if !within.is_empty() {
            precision += zone_precision(&within, event, zone);
            recall += zone_recall(&within, event, zone);
            judged += 1;
        }
    }
    let precision = (judged > 0).then(|| precision / judged as f64);
    let recall = recall / events.len() as f64;
    let f1 = match precision {
        Some(precision) if precision + recall > 0.0 => {
            2.0 * precision * recall / (precision + recall)
        }
        _ => 0.0,
    };
    Ok(Some(Affiliation {
        precision,
        recall,
        f1,
    }))
}

/// A stretch of the line.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: f64,
    end: f64,
}

impl Span {
    fn of(rows: &Range<usize>) -> Self {
        Self {
            start: rows.start as f64,
            end: rows.end as f64,
        }
    }

    fn length(self) -> f64 {
        (self.end - self.start).max(0.0)
    }

    fn within(self, other: Self) -> Self {
        Self {
            start: self.start.max(other.start),
            end: self.end.min(other.end),
        }
    }
}

/// The mean over the points of `predictions` of the chance to be farther from `event`.
fn zone_precision(predictions: &[Span], event: Span, zone: Span) -> f64 {
    let (left, right) = (event.start - zone.start, zone.end - event.end);
    // From distance 0 to d: the integral of 1 − (|J| + min(t, left) + min(t, right)) / |E|.
    let up_to = |d: f64| {
        let nearer = event.length() * d + capped(d, left) + capped(d, right);
        d - nearer / zone.length()
    };
    let outside = |near: f64, far: f64| {
        if far > near {
            up_to(far) - up_to(near)
        } else {
            0.0
        }
    };
    let (mut sum, mut length) = (0.0, 0.0);
    for span in predictions {
        length += span.length();
        sum += span.within(event).length();
        sum += outside((event.start - span.end).max(0.0), event.start - span.start);
        sum += outside((span.start - event.end).max(0.0), span.end - event.end);
    }
    sum / length
}

/// The mean over the points of `event` of the chance to be farther away than the nearest of
/// `predictions`, of which there is at least one.
fn zone_recall(predictions: &[Span], event: Span, zone: Span) -> f64 {
    let mut sum = 0.0;
    for span in predictions {
        sum += span.within(event).length();
    }
    // Before the first, after the last, and in two halves between neighbours.
    let (first, last) = (predictions[0], predictions[predictions.len() - 1]);
    sum += toward_later(
        Span {
            start: zone.start,
            end: first.start,
        }
        .within(event),
        first.start,
        zone,
    );
    sum += toward_earlier(
        Span {
            start: last.end,
            end: zone.end,
        }
        .within(event),
        last.end,
        zone,
    );
    for pair in predictions.windows(2) {
        let (earlier, later) = (pair[0].end, pair[1].start);
        let middle = f64::midpoint(earlier, later);
        sum += toward_earlier(
            Span {
                start: earlier,
                end: middle,
            }
            .within(event),
            earlier,
            zone,
        );
        sum += toward_later(
            Span {
                start: middle,
                end: later,
            }
            .within(event),
            later,
            zone,
        );
    }
    sum / event.length()
}

/// The integral over the points y of `span` of the chance to be farther from y than `nearest`,
/// which lies before `span`: `1 − (y − p + min(y − p, zone end − y)) / |E|`.
fn toward_earlier(span: Span, nearest: f64, zone: Span) -> f64 {
    if span.end <= span.start {
        return 0.0;
    }
    distances(
        span.start - nearest,
        span.end - nearest,
        zone.end - nearest,
        zone.length(),
    )
}

/// The same where `nearest` lies after `span`.
fn toward_later(span: Span, nearest: f64, zone: Span) -> f64 {
    if span.end <= span.start {
        return 0.0;
    }
    distances(
        nearest - span.end,
        nearest - span.start,
        nearest - zone.start,
        zone.length(),
    )
}

/// The integral from distance `near` to `far` of `1 − (t + min(t, room − t)) / length`, where `room`
/// is the way from the nearest prediction to the end of the zone behind the points.
fn distances(near: f64, far: f64, room: f64, length: f64) -> f64 {
    // Up to room/2 both sides of y are t wide; beyond, t + (room − t) = room.
    let half = room / 2.0;
    let up_to = |t: f64| {
        let close = t.min(half);
        close * close + room * (t - close)
    };
    (far - near) - (up_to(far) - up_to(near)) / length
}

/// `∫₀^d min(t, limit) dt`
fn capped(d: f64, limit: f64) -> f64 {
    if d <= limit {
        d * d / 2.0
    } else {
        limit * d - limit * limit / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(text: &str) -> Vec<bool> {
        text.bytes().map(|byte| byte == b'1').collect()
    }

    fn of(labels: &str, decisions: &str) -> Affiliation {
        affiliation(
            &Labels::new(flags(labels)),
            &Decisions::new(flags(decisions)),
        )
        .unwrap()
        .unwrap()
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    #[test]
    fn the_event_itself_is_perfect() {
        let found = of("0001100010", "0001100010");
        close(found.precision.unwrap(), 1.0);
        close(found.recall, 1.0);
        close(found.f1, 1.0);
    }

    #[test]
    fn nothing_predicted_has_no_precision_and_no_recall() {
        let found = of("0001100010", "0000000000");
        assert_eq!(
            found,
            Affiliation {
                precision: None,
                recall: 0.0,
                f1: 0.0
            }
        );
    }

    #[test]
    fn everything_predicted_has_full_recall_and_the_precision_of_chance() {
        // Event [4, 6) of [0, 10): 2 within, and on each side ∫₀⁴ 1 − (2 + 2d)/10 = 1.6.
        let found = of("0000110000", "1111111111");
        close(found.precision.unwrap(), 5.2 / 10.0);
        close(found.recall, 1.0);
    }

    #[test]
    fn an_event_at_the_end_has_room_on_one_side_only() {
        // Event [8, 10) of [0, 10), prediction [0, 1): distances 7 to 8 on the left, none right:
        // ∫₇⁸ 1 − (2 + d)/10 = 1 − 0.2 − 0.75.
        // Recall: y in [8, 10), nearest 1, room 9: t + min(t, 9 − t) = 9 for t ≥ 4.5, so 1 − 0.9.
        let found = of("0000000011", "1000000000");
        close(found.precision.unwrap(), 0.05);
        close(found.recall, 0.1);
    }

    #[test]
    fn zones_are_cut_half_way_and_predictions_with_them() {
        // Events [2, 3) and [6, 8) of [0, 10): zones [0, 4.5) and [4.5, 10). The prediction
        // [4, 5) has a half in each.
        //
        // Zone 1: distances 1 to 1.5, left 2, right 1.5, |E| = 4.5:
        //   ∫ 1 − (1 + 2d)/4.5 = 0.5 − (0.5 + 1.25)/4.5, over 0.5.
        // Zone 2: [4.5, 5) is 1 to 1.5 before 6; left 1.5, right 2, |E| = 5.5:
        //   ∫ 1 − (2 + 2d)/5.5 = 0.5 − (1 + 1.25)/5.5, over 0.5.
        let precision = ((0.5 - 1.75 / 4.5) / 0.5 + (0.5 - 2.25 / 5.5) / 0.5) / 2.0;
        // Recall 1: y in [2, 3), nearest 4, distances 1 to 2, room 4: up to 2 both sides t wide:
        //   ∫ 1 − 2t/4.5 = 1 − 3/4.5.
        // Recall 2: y in [6, 8), nearest 5, distances 1 to 3, room 5: 2t up to 2.5, then 5:
        //   ∫₁^2.5 2t = 5.25, ∫ 5 over 0.5 = 2.5; 2 − 7.75/5.5, over 2.
        let recall = ((1.0 - 3.0 / 4.5) + (2.0 - 7.75 / 5.5) / 2.0) / 2.0;
        let found = of("0010001100", "0000100000");
        close(found.precision.unwrap(), precision);
        close(found.recall, recall);
        close(found.f1, 2.0 * precision * recall / (precision + recall));
    }

    #[test]
    fn between_two_predictions_each_half_of_the_event_looks_to_its_own() {
        // Event [3, 7) of [0, 10), predictions [2, 3) and [7, 8): distances 0 to 2 from each,
        // room 7 behind: 2t below 3.5. ∫₀² 1 − 2t/10 = 2 − 0.4, twice, over 4.
        let found = of("0001111000", "0010000100");
        close(found.recall, 0.8);
    }

    #[test]
    fn the_integrals_are_what_a_fine_sum_gives() {
        let (labels, decisions) = ("000110000001000000111000", "010000110000010000001001");
        let found = of(labels, decisions);
        let (precision, recall) = summed(&flags(labels), &flags(decisions), 400);
        assert!(
            (found.precision.unwrap() - precision).abs() < 2e-3,
            "{precision}"
        );
        assert!((found.recall - recall).abs() < 2e-3, "{recall}");
    }

    /// The definition with `fine` points per row instead of integrals.
    fn summed(labels: &[bool], decisions: &[bool], fine: usize) -> (f64, f64) {
        let points = |flags: &[bool]| -> Vec<f64> {
            let flagged = (0..flags.len() * fine).filter(|point| flags[point / fine]);
            flagged
                .map(|point| (point as f64 + 0.5) / fine as f64)
                .collect()
        };
        let events: Vec<Span> = Labels::new(labels.to_vec())
            .segments()
            .iter()
            .map(Span::of)
            .collect();
        let (all, predicted) = (points(&vec![true; labels.len()]), points(decisions));
        let to_event = |x: f64, event: Span| (event.start - x).max(x - event.end).max(0.0);
        let nearest = |x: f64| {
            let by_distance = |a: &&Span, b: &&Span| to_event(x, **a).total_cmp(&to_event(x, **b));
            events.iter().min_by(by_distance).unwrap().start
        };
        let (mut precisions, mut recalls) = (Vec::new(), Vec::new());
        for event in &events {
            let own = |points: &[f64]| -> Vec<f64> {
                let own = points
                    .iter()
                    .filter(|x| (nearest(**x) - event.start).abs() < 0.5);
                own.copied().collect()
            };
            let (zone, own) = (own(&all), own(&predicted));
            let share = |farther: usize| farther as f64 / zone.len() as f64;
            if own.is_empty() {
                recalls.push(0.0);
                continue;
            }
            let chances = own.iter().map(|&x| match to_event(x, *event) {
                d if d > 0.0 => share(zone.iter().filter(|z| to_event(**z, *event) > d).count()),
                _ => 1.0,
            });
            precisions.push(chances.sum::<f64>() / own.len() as f64);
            let within: Vec<_> = zone
                .iter()
                .filter(|y| to_event(**y, *event) <= 0.0)
                .collect();
            // Every eighth point does.
            let some: Vec<_> = within.iter().step_by(8).collect();
            let chances = some.iter().map(|y| {
                let d = own
                    .iter()
                    .map(|x| (x - ***y).abs())
                    .fold(f64::INFINITY, f64::min);
                share(zone.iter().filter(|z| (*z - ***y).abs() > d).count())
            });
            recalls.push(chances.sum::<f64>() / some.len() as f64);
        }
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        (mean(&precisions), mean(&recalls))
    }
}
