//! Filling a frame row by row, and the index made when it is full.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::{Combinations, Dimension, Frame};
use crate::{
    Duration, FrameError, Granularity, Instant, Interval, Metric, TimeAxis, Zone, infer,
    infer_granularity,
};

/// A [`Frame`] under construction.
#[derive(Debug, Clone)]
pub struct FrameBuilder {
    name: String,
    zone: Zone,
    granularity: Option<Granularity>,
    completeness_delay: Duration,
    metrics: Vec<Metric>,
    dimensions: Vec<Dictionary>,
    times: Vec<Instant>,
    columns: Vec<Vec<f64>>,
    combination_of: Vec<u32>,
    /// The codes of each combination, one after the other.
    codes: Vec<u32>,
    /// The codes of the row at hand.
    row_codes: Vec<u32>,
    /// Whether dimensions were named after a row had come.
    late: bool,
    notes: Vec<String>,
}

/// The values of one dimension, and the steps of the way from values to a combination.
#[derive(Debug, Clone)]
struct Dictionary {
    name: String,
    values: Vec<String>,
    code_of: HashMap<String, u32>,
    /// From (combination of the dimensions before, code of this one) to the combination of both.
    steps: HashMap<(u32, u32), u32>,
}

/// A number for the next new value or combination: each takes memory of its own, far more than
/// there is for 2³² of them.
fn next(count: usize) -> u32 {
    u32::try_from(count).expect("invariant: fewer than 2^32 distinct values fit in memory")
}

impl Dictionary {
    fn code(&mut self, value: &str) -> u32 {
        if let Some(&code) = self.code_of.get(value) {
            return code;
        }
        let code = next(self.values.len());
        self.values.push(value.to_owned());
        self.code_of.insert(value.to_owned(), code);
        code
    }
}

impl FrameBuilder {
    pub(super) fn new(name: &str, metrics: impl IntoIterator<Item = Metric>) -> Self {
        let metrics: Vec<Metric> = metrics.into_iter().collect();
        Self {
            name: name.to_owned(),
            zone: Zone::UTC,
            granularity: None,
            completeness_delay: Duration::ZERO,
            columns: vec![Vec::new(); metrics.len()],
            metrics,
            dimensions: Vec::new(),
            times: Vec::new(),
            combination_of: Vec::new(),
            codes: Vec::new(),
            row_codes: Vec::new(),
            late: false,
            notes: Vec::new(),
        }
    }

    /// Names the dimensions, in place of any named before; to be said before the first row.
    #[must_use]
    pub fn dimensions<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.dimensions = names
            .into_iter()
            .map(|name| Dictionary {
                name: name.into(),
                values: Vec::new(),
                code_of: HashMap::new(),
                steps: HashMap::new(),
            })
            .collect();
        self.late |= !self.times.is_empty();
        self
    }

    /// Sets the zone of the local dates; UTC otherwise.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// Sets the native granularity; otherwise it is [inferred](infer_granularity). A fixed step
    /// without a phase keeps the phase that most stamps share.
    #[must_use]
    pub fn granularity(mut self, granularity: Granularity) -> Self {
        self.granularity = Some(granularity);
        self
    }

    /// Sets how long after its end a bucket may still get rows; none at all otherwise.
    #[must_use]
    pub fn completeness_delay(mut self, delay: Duration) -> Self {
        self.completeness_delay = delay;
        self
    }

    /// Adds something that a person should know about how the data were read.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a row: one value for each dimension and one for each metric, NaN where missing. Rows
    /// may come in any order; of rows with one stamp, the order of coming is kept.
    ///
    /// # Errors
    /// [`FrameError::RowShape`] when there are more or fewer values than dimensions or metrics.
    pub fn row(
        &mut self,
        at: Instant,
        dimensions: &[&str],
        values: &[f64],
    ) -> Result<&mut Self, FrameError> {
        let shape = [
            ("dimension value", dimensions.len(), self.dimensions.len()),
            ("metric value", values.len(), self.metrics.len()),
        ];
        for (what, got, expected) in shape {
            if got != expected {
                return Err(FrameError::RowShape {
                    at,
                    what,
                    got,
                    expected,
                });
            }
        }
        let combination = self.combination(dimensions.iter().map(|&value| Ok(value)))?;
        self.push(at, combination, values);
        Ok(self)
    }

    /// The number of the combination of `values`, one for each dimension; the first value that is
    /// an error is the answer instead.
    pub(crate) fn combination<'a>(
        &mut self,
        values: impl IntoIterator<Item = Result<&'a str, FrameError>>,
    ) -> Result<u32, FrameError> {
        self.row_codes.clear();
        let mut combination = 0;
        for (dimension, value) in self.dimensions.iter_mut().zip(values) {
            let code = dimension.code(value?);
            let count = next(dimension.steps.len());
            combination = *dimension.steps.entry((combination, code)).or_insert(count);
            self.row_codes.push(code);
        }
        let width = self.dimensions.len();
        if self.codes.len() == combination as usize * width {
            self.codes.extend(&self.row_codes);
        }
        Ok(combination)
    }

    /// Adds a row of a combination known already.
    pub(crate) fn push(&mut self, at: Instant, combination: u32, values: &[f64]) {
        self.times.push(at);
        self.combination_of.push(combination);
        for (column, &value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
    }

    /// Finishes the frame: infers what is not given, and indexes the rows.
    ///
    /// # Errors
    /// [`FrameError::NoMetric`], [`FrameError::DuplicateName`], [`FrameError::LateDimensions`],
    /// [`FrameError::RowsRange`],
    /// and those of [`infer_granularity`] when no granularity is given.
    pub fn build(self) -> Result<Frame, FrameError> {
        self.check()?;
        let mut stamps = self.times.clone();
        stamps.dedup();
        // Stable sorting is fast on the sorted runs that tables are made of.
        stamps.sort();
        stamps.dedup();
        let found = match self.granularity {
            Some(granularity) => infer::pinned(granularity, &stamps),
            None => infer_granularity(&stamps, self.zone)?,
        };
        let extent = extent(&self.name, &stamps, found.granularity, self.zone)?;
        let combinations = index(
            self.dimensions.len(),
            self.codes,
            &self.combination_of,
            &self.times,
        );
        let dimensions = self
            .dimensions
            .into_iter()
            .enumerate()
            .map(|(d, dictionary)| {
                let mut having = vec![Vec::new(); dictionary.values.len()];
                for combination in 0..next(combinations.len()) {
                    having[combinations.codes(combination)[d] as usize].push(combination);
                }
                let values = dictionary.values;
                let mut by_value: Vec<u32> = (0..next(values.len())).collect();
                by_value.sort_unstable_by_key(|&code| &values[code as usize]);
                Dimension {
                    name: dictionary.name,
                    values,
                    by_value,
                    combinations: having,
                }
            });
        Ok(Frame {
            name: self.name,
            zone: self.zone,
            granularity: found.granularity,
            completeness_delay: self.completeness_delay,
            evidence: found.evidence,
            metrics: self.metrics,
            dimensions: dimensions.collect(),
            times: self.times,
            columns: self.columns,
            combination_of: self.combination_of,
            combinations,
            extent,
            notes: self.notes,
            fingerprint: OnceLock::new(),
        })
    }

    fn check(&self) -> Result<(), FrameError> {
        if self.metrics.is_empty() {
            return Err(FrameError::NoMetric {
                dataset: self.name.clone(),
            });
        }
        let metrics: Vec<&str> = self.metrics.iter().map(Metric::name).collect();
        let dimensions: Vec<&str> = self.dimensions.iter().map(|d| d.name.as_str()).collect();
        for (what, names) in [("metric", metrics), ("dimension", dimensions)] {
            if let Some(i) = (1..names.len()).find(|&i| names[..i].contains(&names[i])) {
                return Err(FrameError::DuplicateName {
                    what,
                    name: names[i].to_owned(),
                });
            }
        }
        if self.late {
            return Err(FrameError::LateDimensions {
                dataset: self.name.clone(),
            });
        }
        Ok(())
    }
}

/// From the start of the first stamp's bucket to the end of the last stamp's bucket.
fn extent(
    name: &str,
    stamps: &[Instant],
    granularity: Granularity,
    zone: Zone,
) -> Result<Option<Interval>, FrameError> {
    let (Some(&first), Some(&last)) = (stamps.first(), stamps.last()) else {
        return Ok(None);
    };
    let refused = |_| FrameError::RowsRange {
        dataset: name.to_owned(),
        first,
        last,
        granularity,
    };
    let after = Instant::from_millis(last.millis() + 1).map_err(refused)?;
    let axis = TimeAxis::covering(granularity, zone, Interval::new(first, after)?);
    Ok(Some(axis.map_err(refused)?.span()))
}

/// Groups rows by combination, each group in order of time, then of input.
fn index(width: usize, codes: Vec<u32>, combination_of: &[u32], times: &[Instant]) -> Combinations {
    let count = combination_of
        .iter()
        .map(|&c| c as usize + 1)
        .max()
        .unwrap_or(0);
    let mut starts = vec![0; count + 1];
    for &combination in combination_of {
        starts[combination as usize + 1] += 1;
    }
    for combination in 0..count {
        starts[combination + 1] += starts[combination];
    }
    let mut free = starts.clone();
    let mut rows = vec![0; combination_of.len()];
    for (row, &combination) in combination_of.iter().enumerate() {
        let place = &mut free[combination as usize];
        rows[*place] = row;
        *place += 1;
    }
    for ends in starts.windows(2) {
        rows[ends[0]..ends[1]].sort_by_key(|&row| times[row]);
    }
    Combinations {
        width,
        codes,
        starts,
        rows,
    }
}
