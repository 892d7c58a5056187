//! What the files of one dataset bring together.

use std::io::Read;

use super::counter::Counter;
use super::form;
use super::options::stem;
use super::records::Records;
use super::samples::Samples;
use super::stamps::Stamps;
use super::text::Text;
use super::{
    FileError, Layout, ReadOptions, TimeUnit, delimiter, long, ndjson, prometheus, series, wide,
};
use crate::{Frame, FrameBuilder, FrameError, Instant, Metric, Zone};

/// A frame under construction from files.
pub(super) struct Gathering<'o> {
    pub(super) options: &'o ReadOptions,
    stamps: Stamps,
    /// What the first file is like.
    first: Option<First>,
    /// Rows of tables.
    frame: Option<FrameBuilder>,
    /// Rows of JSON.
    samples: Samples,
    notes: Vec<String>,
}

struct First {
    file: String,
    layout: Layout,
    /// The names of the columns of a table, in order.
    columns: Vec<String>,
}

impl<'o> Gathering<'o> {
    pub(super) fn new(options: &'o ReadOptions) -> Self {
        Self {
            options,
            stamps: Stamps::new(options),
            first: None,
            frame: None,
            samples: Samples::default(),
            notes: Vec::new(),
        }
    }

    /// Reads one more file.
    pub(super) fn add(&mut self, reader: impl Read, file: &str) -> Result<(), FrameError> {
        let mut text = Text::open(reader, file)?;
        let layout = match self.options.layout {
            Some(layout) => layout,
            None => form::find(&mut text)?,
        };
        form::check(layout, file, self.options)?;
        match &self.first {
            None => {
                self.first = Some(First {
                    file: file.to_owned(),
                    layout,
                    columns: Vec::new(),
                });
            }
            Some(first) if first.layout != layout => {
                return Err(FileError::FilesDiffer {
                    file: file.to_owned(),
                    first: first.file.clone(),
                    difference: format!("its layout is {layout}, not {}", first.layout),
                }
                .into());
            }
            Some(_) => {}
        }
        if layout.is_table() {
            let delimiter = delimiter::find(&mut text, self.options)?;
            let records = Records::new(text, delimiter);
            return match layout {
                Layout::Wide => wide::read(self, records),
                Layout::Series => series::read(self, records),
                _ => long::read(self, records),
            };
        }
        match layout {
            Layout::Prometheus => prometheus::read(self, text),
            _ => ndjson::read(self, text),
        }
    }

    /// Checks that a table has the columns of the first file, in any order.
    pub(super) fn agree_on_columns(
        &mut self,
        file: &str,
        names: &[String],
    ) -> Result<(), FrameError> {
        let Some(first) = &mut self.first else {
            return Ok(());
        };
        let mut columns = names.to_vec();
        columns.sort_unstable();
        if first.columns.is_empty() {
            first.columns = columns;
            return Ok(());
        }
        let lacks = |some: &[String], others: &[String]| -> Vec<String> {
            let missing = some
                .iter()
                .filter(|name| others.binary_search(name).is_err());
            missing.map(|name| format!("`{name}`")).collect()
        };
        let missing = lacks(&first.columns, &columns);
        let added = lacks(&columns, &first.columns);
        let mut parts = Vec::new();
        if !missing.is_empty() {
            parts.push(format!("it has no {}", missing.join(", ")));
        }
        if !added.is_empty() {
            parts.push(format!("only it has {}", added.join(", ")));
        }
        if parts.is_empty() {
            return Ok(());
        }
        Err(FileError::FilesDiffer {
            file: file.to_owned(),
            first: first.file.clone(),
            difference: parts.join(", and "),
        }
        .into())
    }

    /// Checks that the rows of JSON name their metric as those of the first file do: `metrics` are
    /// those of rows that do not.
    pub(super) fn agree_on_metrics(
        &mut self,
        file: &str,
        metrics: Option<Vec<Metric>>,
    ) -> Result<(), FrameError> {
        if self.samples.is_empty() {
            self.samples.metrics = metrics;
            return Ok(());
        }
        if self.samples.metrics == metrics {
            return Ok(());
        }
        let first = self.first.as_ref().map_or("", |first| &first.file);
        Err(FileError::FilesDiffer {
            file: file.to_owned(),
            first: first.to_owned(),
            difference: match metrics {
                Some(metrics) => format!(
                    "its metrics are the keys {}",
                    metrics
                        .iter()
                        .map(Metric::name)
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
                None => "its rows name their metric".to_owned(),
            },
        }
        .into())
    }

    /// Begins with the rows of `file`, whose bare numbers have `unit`.
    pub(super) fn begin(&mut self, file: &str, unit: Option<TimeUnit>) -> Result<(), FrameError> {
        self.stamps.begin(file, unit);
        if unit == Some(TimeUnit::Rows) {
            let counter = self.counter(file)?;
            self.stamps.count(counter);
            return Ok(());
        }
        match self.options.start {
            Some(start) => Err(FileError::Unfit {
                file: file.to_owned(),
                option: format!("the start {start}"),
                with: "stamps that are no row counters",
                remedy: "leave it out, or declare that the time column counts rows (--time-unit rows)",
            }
            .into()),
            None => Ok(()),
        }
    }

    /// From row counters to instants.
    pub(super) fn counter(&mut self, file: &str) -> Result<Counter, FrameError> {
        let Some(granularity) = self.options.granularity else {
            return Err(FileError::StepUnknown {
                file: file.to_owned(),
            }
            .into());
        };
        let start = self.options.start.unwrap_or_else(|| {
            self.note(
                "rows are counted from 1970-01-01T00:00:00Z; --start names another instant"
                    .to_owned(),
            );
            Instant::from_millis(0).expect("invariant: 1970 is a year from 1 to 9999")
        });
        let zone = self.options.zone.unwrap_or(Zone::UTC);
        Ok(Counter::new(granularity, start, zone))
    }

    /// Where the rows of tables go, and what reads their stamps. The dimension of the file, if it
    /// is asked for, is the last of each row.
    pub(super) fn table(
        &mut self,
        file: &str,
        metrics: Vec<Metric>,
        mut dimensions: Vec<String>,
    ) -> (&mut FrameBuilder, &mut Stamps) {
        dimensions.extend(self.options.file_dimension.clone());
        let options = self.options;
        let frame = self
            .frame
            .get_or_insert_with(|| builder(options, file, metrics, dimensions));
        (frame, &mut self.stamps)
    }

    /// Where the rows of JSON go, and what reads their stamps.
    pub(super) fn samples(&mut self) -> (&mut Samples, &mut Stamps) {
        (&mut self.samples, &mut self.stamps)
    }

    /// The value of the dimension of `file`, if it is asked for.
    pub(super) fn stem<'f>(&self, file: &'f str) -> Option<&'f str> {
        self.options.file_dimension.as_ref().map(|_| stem(file))
    }

    /// Done with a file that had so many rows.
    pub(super) fn end(&mut self, file: &str, rows: u64) -> Result<(), FrameError> {
        if rows > 0 {
            return Ok(());
        }
        Err(FrameError::NoRows {
            dataset: file.to_owned(),
        })
    }

    /// Something that a person should know about how the data were read, said once.
    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The frame of all files.
    pub(super) fn finish(mut self) -> Result<Frame, FrameError> {
        let first = self.first.as_ref().map(|first| first.file.clone());
        let file = &*first.unwrap_or_else(|| "no file".to_owned());
        let (mut frame, found) = match self.frame.take() {
            Some(frame) => (frame, Vec::new()),
            None if self.samples.is_empty() => {
                return Err(FrameError::NoRows {
                    dataset: file.to_owned(),
                });
            }
            None => {
                let is_response = self
                    .first
                    .as_ref()
                    .is_some_and(|first| first.layout == Layout::Prometheus);
                let samples = std::mem::take(&mut self.samples);
                samples.into_frame(file, is_response, self.options)?
            }
        };
        if self.stamps.were_civil() && self.options.zone.is_none() {
            frame = frame
                .note("civil stamps without a zone are read as UTC; --tz names another".to_owned());
        }
        let doubled = self.stamps.doubled_note();
        for note in doubled.into_iter().chain(self.notes).chain(found) {
            frame = frame.note(note);
        }
        frame.build().map_err(|error| match error {
            FrameError::GranularityUnknown { .. } | FrameError::GranularityUnclear { .. } => {
                FileError::Granularity {
                    file: file.to_owned(),
                    source: Box::new(error),
                }
                .into()
            }
            other => other,
        })
    }
}

/// An empty frame for the dataset of `file`.
pub(super) fn builder(
    options: &ReadOptions,
    file: &str,
    metrics: Vec<Metric>,
    dimensions: Vec<String>,
) -> FrameBuilder {
    let frame = Frame::builder(&options.dataset_name(file), metrics)
        .dimensions(dimensions)
        .zone(options.zone.unwrap_or(Zone::UTC))
        .completeness_delay(options.completeness_delay);
    match options.granularity {
        Some(granularity) => frame.granularity(granularity),
        None => frame,
    }
}
