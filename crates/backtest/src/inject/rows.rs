//! The rows of a frame that a place touches, and what becomes of their values.

use std::collections::BTreeMap;

use tuatara::frame::{Exploration, Frame, FrameError, Instant, Interval, SliceKey};

use super::kind::{Injected, Shape};

const DAY_MILLIS: f64 = 86_400_000.0;

/// Neighbours on either side whose median stands for what a value should have been.
const NEIGHBOURS: usize = 2;

/// The rows of each slice, by the series that they are made of.
#[derive(Debug)]
pub(super) struct SliceRows {
    /// Per slice, per combination of all dimensions, its rows in order of time.
    of: BTreeMap<SliceKey, Vec<Vec<usize>>>,
}

impl SliceRows {
    pub(super) fn of(frame: &Frame, look_at: &Exploration) -> Result<Self, FrameError> {
        let (keys, places) = frame.slices_by_row(look_at)?;
        let dimensions = frame.dimension_names().len();
        let mut series: Vec<BTreeMap<Vec<&str>, Vec<usize>>> = vec![BTreeMap::new(); keys.len()];
        for (row, place) in places.iter().enumerate() {
            if let Some(place) = place {
                let values = (0..dimensions).map(|d| frame.dimension(row, d)).collect();
                series[*place].entry(values).or_default().push(row);
            }
        }
        let sorted = |map: BTreeMap<Vec<&str>, Vec<usize>>| {
            let mut all: Vec<Vec<usize>> = map.into_values().collect();
            for rows in &mut all {
                rows.sort_by_key(|&row| (frame.time(row), row));
            }
            all
        };
        let of = keys
            .into_iter()
            .zip(series.into_iter().map(sorted))
            .collect();
        Ok(Self { of })
    }

    /// The values of metric number `metric` with `incident` in `span` of `slice`.
    pub(super) fn with(
        &self,
        frame: &Frame,
        metric: usize,
        slice: &SliceKey,
        incident: Injected,
        span: Interval,
    ) -> Vec<f64> {
        let mut values: Vec<f64> = (0..frame.len())
            .map(|row| frame.value(row, metric))
            .collect();
        for rows in self.of.get(slice).into_iter().flatten() {
            let at = |instant: Instant| rows.partition_point(|&row| frame.time(row) < instant);
            let (first, end) = (at(span.start()), at(span.end()));
            // As they were: what is put in is made of nothing that was put in.
            let was: Vec<f64> = rows.iter().map(|&row| values[row]).collect();
            for place in first..end {
                let since = frame.time(rows[place]).millis() - span.start().millis();
                values[rows[place]] =
                    changed(incident, &was, (first, place), since as f64 / DAY_MILLIS);
            }
        }
        values
    }
}

/// What becomes of the value at `place` of `was`, with the first changed one at `first`.
fn changed(incident: Injected, was: &[f64], (first, place): (usize, usize), days: f64) -> f64 {
    let (value, size) = (was[place], incident.size());
    match incident.shape() {
        Shape::Spike | Shape::Level => value * (1.0 + size),
        Shape::Drop => value * (1.0 - size),
        Shape::Zero => value * 0.0,
        Shape::Trend => value * (1.0 + size * days),
        Shape::Variance => {
            let near =
                &was[place.saturating_sub(NEIGHBOURS)..(place + NEIGHBOURS + 1).min(was.len())];
            let middle = median(near);
            middle + (1.0 + size) * (value - middle)
        }
        Shape::Flat => {
            let mut before = was[..first].iter().rev();
            before
                .find(|value| value.is_finite())
                .copied()
                .unwrap_or(value)
        }
        Shape::Gap => f64::NAN,
    }
}

/// The median of what is finite, the lower of the two in the middle; NaN if nothing is.
fn median(values: &[f64]) -> f64 {
    let mut finite: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    finite.sort_by(f64::total_cmp);
    match finite.len() {
        0 => f64::NAN,
        count => finite[(count - 1) / 2],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, was: &[f64], first: usize) -> Vec<f64> {
        let incident = text.parse().unwrap();
        let days = |place: usize| (place - first) as f64 / 2.0;
        let places = first..was.len();
        places
            .map(|place| changed(incident, was, (first, place), days(place)))
            .collect()
    }

    #[test]
    fn each_shape_changes_values_as_its_formula_says() {
        let was = [8.0, 10.0, 12.0, 9.0];
        assert_eq!(all("spike=50%", &was, 2), [18.0, 13.5]);
        assert_eq!(all("drop=25%", &was, 2), [9.0, 6.75]);
        assert_eq!(all("zero", &was, 2), [0.0, 0.0]);
        assert_eq!(all("level=-50%", &was, 2), [6.0, 4.5]);
        // Half a day after its start: a quarter more.
        assert_eq!(all("trend=50%/day", &was, 2), [12.0, 11.25]);
        // Medians of 8 10 12 9 and of 10 12 9: the lower middle, 9, and 10.
        assert_eq!(all("variance=100%", &was, 2), [15.0, 8.0]);
        assert_eq!(all("flat", &was, 2), [10.0, 10.0]);
        assert!(all("gap", &was, 2).iter().all(|value| value.is_nan()));
    }

    #[test]
    fn a_flat_line_repeats_the_last_value_that_is_there() {
        assert_eq!(all("flat", &[7.0, f64::NAN, 3.0, 4.0], 2), [7.0, 7.0]);
        // Nothing before it: nothing to repeat.
        assert_eq!(all("flat", &[3.0, 4.0], 0), [3.0, 4.0]);
    }
}
