//! Readers of labelled sets, plain or gzip (feature `labels`).
//!
//! | files                                                     | reader                            |
//! |-----------------------------------------------------------|-----------------------------------|
//! | NAB: data, and one JSON with the windows of every file    | [`NabWindows`], [`read_nab`]      |
//! | a label for every row: `timestamp,value,label`            | [`read_series`], by [`LabelOptions`] |
//! | the same, with the training part in the name: `…__train500.csv` | [`read_series`]             |
//! | the same, wide, with a column `split` of `train` and `test` | [`read_series`]                 |
//! | incidents apart from the data: `start,end,…`              | [`read_incidents`]                |
//!
//! All read rows as they stand: nothing is sorted, merged or filled, so that a score belongs to a
//! row of the file. What is wrong is refused with file, line, column, value and remedy.
//!
//! # Tables
//!
//! The first line names the columns; the delimiter is the one of `,` `;` tab and `|` in it. Without
//! [options](LabelOptions), in any case of letters: the time is `timestamp`, `time`, `ts`, `ds`,
//! `date` or `datetime`; the label is `label`, `anomaly` or `is_anomaly`; the split is `split`;
//! `changepoint` is not read; every other column holds values. Nothing, `NaN`, `null`, `NA` and
//! `None` are missing values. A label is `0` or `1`, however many zeros follow the point; it may be
//! left out in rows that are not scored.
//!
//! Stamps are instants with an offset, local times or dates of the [zone](LabelOptions::zone), or
//! numbers whose unit is declared. A local time that the clock shows twice is the later instant if
//! the earlier lies before the row above.
//!
//! ```
//! use tuatara_metrics::labelled::{LabelOptions, read_series_from};
//!
//! let text = "timestamp,value,label\n2026-01-01 00:00,5,0\n2026-01-01 00:05,9,1\n";
//! let series = read_series_from(text.as_bytes(), "disk.csv", &LabelOptions::default())?;
//! assert_eq!(series.columns()[0].values, [5.0, 9.0]);
//! assert_eq!(series.truth().labels().flags(), [false, true]);
//! assert_eq!(series.truth().step(), Some(tuatara_frame::Duration::minutes(5)));
//! # Ok::<(), tuatara_metrics::MetricsError>(())
//! ```

mod cells;
mod folder;
mod incidents;
mod nab_files;
mod series;
mod stamps;

pub use folder::data_files;
pub use incidents::{LabelledIncident, labels_of_buckets, read_incidents, read_incidents_from};
pub use nab_files::{NabWindows, read_nab};
pub use series::{
    LabelOptions, LabelledSeries, ValueColumn, read_folder, read_series, read_series_from,
};
