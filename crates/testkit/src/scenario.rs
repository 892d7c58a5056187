//! Random series on random grids: what the batteries are run on.

mod fills;
mod grid;
mod shape;

use std::fmt;

use tuatara_frame::events::Factors;
use tuatara_frame::{
    Fill, Granularity, Instant, Interval, Mask, Series, TimeAxis, ValueRange, Zone,
};

use crate::Draw;

pub use grid::{axis_of, part_of};
pub(crate) use grid::{granularity, zone};
pub use shape::Shape;

/// A series with everything that comes along with it, drawn from a seed.
#[derive(Debug, Clone)]
pub struct Scenario {
    seed: u64,
    shape: Shape,
    axis: TimeAxis,
    values: Vec<f64>,
    complete_until: Option<Instant>,
    mask: Mask,
    factors: Factors,
    range: Option<ValueRange>,
    fills: Vec<Fill>,
}

impl Scenario {
    /// `len` buckets of `granularity` in `zone` around one of its clock changes, in a shape, with
    /// completeness, mask, range and filled gaps as `seed` has it.
    pub fn new(seed: u64, granularity: Granularity, zone: Zone, shape: Shape, len: usize) -> Self {
        let mut draw = Draw::new(seed);
        let axis = axis_of(&mut draw, granularity, zone, len);
        let mut values = shape.values(&mut draw, &axis);
        for (i, value) in values.iter_mut().enumerate() {
            // Nothing can be observed on a date that the zone skipped.
            if axis.bucket(i).is_empty() {
                *value = f64::NAN;
            }
        }
        let complete_until = (len > 0 && draw.chance(0.3)).then(|| {
            let last = draw.between(len - len.min(5)..len);
            axis.end(last)
        });
        let mask = if draw.chance(0.15) {
            mask(&mut draw, &axis)
        } else {
            Mask::new()
        };
        let range = draw
            .chance(0.15)
            .then(|| ValueRange::new(-50.0, 130.0).expect("the lower end is below the upper"));
        let fills = if draw.chance(0.3) {
            if Shape::FULL.contains(&shape) {
                fills::punch_holes(&mut draw, &mut values);
            }
            fills::of_gaps(&mut draw, &axis, &values, range)
        } else {
            Vec::new()
        };
        Self {
            seed,
            shape,
            axis,
            values,
            complete_until,
            mask,
            factors: Factors::new(),
            range,
            fills,
        }
    }

    /// The seed it was drawn from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Number of buckets.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no buckets.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Its grid.
    pub fn axis(&self) -> &TimeAxis {
        &self.axis
    }

    /// Its values as they were given: NaN where missing, and infinities, too.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The range declared for its metric.
    pub fn range(&self) -> Option<ValueRange> {
        self.range
    }

    /// Its spans that do not train.
    pub fn mask(&self) -> &Mask {
        &self.mask
    }

    /// What became known of its gaps after them.
    pub fn fills(&self) -> &[Fill] {
        &self.fills
    }

    /// The same with spans that do not train.
    #[must_use]
    pub fn with_mask(self, mask: Mask) -> Self {
        Self { mask, ..self }
    }

    /// The same with events that change what is expected; without one there is none.
    #[must_use]
    pub fn with_factors(self, factors: Factors) -> Self {
        Self { factors, ..self }
    }

    /// The same with gaps filled otherwise.
    #[must_use]
    pub fn with_fills(self, fills: Vec<Fill>) -> Self {
        Self { fills, ..self }
    }

    /// The series.
    pub fn series(&self) -> Series {
        self.series_of(self.axis.clone(), self.values.clone())
    }

    /// Other values on another grid, with the same completeness, mask, range, and filled gaps
    /// where they lie on it.
    ///
    /// # Panics
    /// When there is not one value for each bucket.
    pub fn series_of(&self, axis: TimeAxis, values: Vec<f64>) -> Series {
        let fills = fills::moved(&self.fills, &self.axis, &axis);
        let series = Series::new(axis, values).expect("one value for each bucket");
        let series = series.with_fills(fills).expect("fills lie on the axis");
        let series = series
            .with_mask(self.mask.clone())
            .with_factors(self.factors.clone());
        let series = match self.complete_until {
            Some(instant) => series.with_complete_until(instant),
            None => series,
        };
        match self.range {
            Some(range) => series.with_range(range),
            None => series,
        }
    }
}

/// Up to three spans, known before, at or after their end.
fn mask(draw: &mut Draw, axis: &TimeAxis) -> Mask {
    let mut mask = Mask::new();
    for _ in 0..draw.between(0..3) {
        if axis.is_empty() {
            break;
        }
        let first = draw.between(0..axis.len());
        let last = (first + draw.between(0..5)).min(axis.len() - 1);
        let known = draw.between(0..axis.len());
        let span = Interval::new(axis.start(first), axis.end(last));
        mask.push(
            span.expect("buckets come in the order of time"),
            axis.start(known),
        );
    }
    mask
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed, shape, axis, ..
        } = self;
        write!(
            f,
            "seed {seed}, {shape:?}, {axis:?}, {} mask spans",
            self.mask.spans().len()
        )?;
        if let Some(until) = self.complete_until {
            write!(f, ", complete until {until}")?;
        }
        if let Some(range) = self.range {
            write!(f, ", range {range:?}")?;
        }
        if !self.fills.is_empty() {
            write!(f, ", {} gaps filled", self.fills.len())?;
        }
        Ok(())
    }
}
