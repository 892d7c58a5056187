//! Incidents that are listed apart from the data: `start,end,…`.

use std::io::Read;
use std::path::Path;

use tuatara_frame::{Duration, Instant, Interval, SliceKey, Zone};

use super::cells::{Cells, open};
use super::stamps::Stamps;
use crate::{Labels, MetricsError, Result};

/// Columns that say more about an incident; every other one but start and end is a dimension.
const KIND: &str = "kind";
const SIZE: &str = "size";
const LABEL: &str = "label";

/// An incident as it is listed.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledIncident {
    /// When it was.
    pub interval: Interval,
    /// The dimensions that it is confined to, in the order of the columns; others may have any
    /// value.
    pub dimensions: Vec<(String, String)>,
    /// What it is: `drop`, `spike`, ….
    pub kind: Option<String>,
    /// How large: −0.4 is forty per cent less.
    pub size: Option<f64>,
    /// What happened, in words.
    pub label: Option<String>,
    /// The line of the file, from 1.
    pub line: u64,
}

impl LabelledIncident {
    /// Whether `slice` shows it: each dimension of the incident has its value there, alone or among
    /// others, or is not told apart.
    pub fn concerns(&self, slice: &SliceKey) -> bool {
        let mut confined = self.dimensions.iter();
        confined.all(|(dimension, value)| {
            let told = slice
                .dimensions()
                .iter()
                .find(|(name, _)| name == dimension);
            told.is_none_or(|(_, values)| values.contains(value))
        })
    }
}

/// Reads the incidents at `path`.
///
/// # Errors
/// [`FrameError::Unreadable`](tuatara_frame::FrameError::Unreadable) when it cannot be opened;
/// otherwise those of [`read_incidents_from`].
pub fn read_incidents(path: impl AsRef<Path>, zone: Zone) -> Result<Vec<LabelledIncident>> {
    let (file, name) = open(path.as_ref())?;
    read_incidents_from(file, &name, zone)
}

/// Reads incidents, plain or gzip, in the order of the file: columns `start` and `end`, the end not
/// included, if there are any `kind`, `size` and `label`, and dimensions, in which nothing means any
/// value. Stamps without an offset are local times of `zone`.
///
/// ```
/// use tuatara_frame::{SliceKey, Zone};
/// use tuatara_metrics::labelled::read_incidents_from;
///
/// let text = "start,end,country,kind,size\n2026-03-01,2026-03-03,AT,drop,-0.4\n";
/// let incidents = read_incidents_from(text.as_bytes(), "labels.csv", Zone::UTC)?;
/// assert_eq!(incidents[0].interval.to_string(), "2026-03-01T00:00:00Z/2026-03-03T00:00:00Z");
/// assert!(incidents[0].concerns(&SliceKey::new("orders").with("country", "AT")));
/// assert!(!incidents[0].concerns(&SliceKey::new("orders").with("country", "BE")));
/// # Ok::<(), tuatara_metrics::MetricsError>(())
/// ```
///
/// # Errors
/// [`MetricsError::NoColumn`], [`MetricsError::RaggedRow`], [`MetricsError::IncidentReversed`], and of
/// [`FrameError`](tuatara_frame::FrameError) those of cells, stamps and files. A file without an
/// incident is refused as one without a row.
pub fn read_incidents_from(
    reader: impl Read,
    file: &str,
    zone: Zone,
) -> Result<Vec<LabelledIncident>> {
    let cells = Cells::read(reader, file)?;
    let (start, end) = (cells.named("start", "start")?, cells.named("end", "end")?);
    let known = |name: &str| cells.header().iter().position(|column| column == name);
    let (kind, size, label) = (known(KIND), known(SIZE), known(LABEL));
    let own = [Some(start), Some(end), kind, size, label];
    let columns = 0..cells.header().len();
    let dimensions: Vec<usize> = columns
        .filter(|column| !own.contains(&Some(*column)))
        .collect();
    let rows = (0..cells.len()).map(|row| {
        let text = |column: usize| {
            let text = cells.cell(row, column);
            (!text.is_empty()).then(|| text.to_owned())
        };
        let mut stamps = Stamps::new(zone, None);
        let first = stamps.read(&cells, row, start)?;
        let last = stamps.read(&cells, row, end)?;
        let interval = Interval::new(first, last)
            .ok()
            .filter(|interval| !interval.is_empty());
        let interval = interval.ok_or_else(|| MetricsError::IncidentReversed {
            place: cells.place(row, end),
            value: cells.cell(row, end).to_owned(),
            start: first,
        })?;
        let size = size.map(|column| cells.number(row, column)).transpose()?;
        let named = |&column: &usize| Some((cells.header()[column].clone(), text(column)?));
        Ok(LabelledIncident {
            interval,
            dimensions: dimensions.iter().filter_map(named).collect(),
            kind: kind.and_then(text),
            size: size.filter(|size| !size.is_nan()),
            label: label.and_then(text),
            line: cells.line(row),
        })
    });
    rows.collect()
}

/// A label for each bucket that starts at one of `starts` and lasts `step`: anomalous if it shares
/// time with one of `incidents`.
pub fn labels_of_buckets<'a>(
    starts: &[Instant],
    step: Duration,
    incidents: impl IntoIterator<Item = &'a LabelledIncident>,
) -> Labels {
    let mut flags = vec![false; starts.len()];
    for LabelledIncident { interval, .. } in incidents {
        for (flag, start) in flags.iter_mut().zip(starts) {
            let ends_after =
                start.millis().saturating_add(step.millis()) > interval.start().millis();
            *flag |= ends_after && *start < interval.end();
        }
    }
    Labels::new(flags)
}
