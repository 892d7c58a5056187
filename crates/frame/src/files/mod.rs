//! Reading data files, plain or gzip, into a [`Frame`](crate::Frame).
//!
//! | [`Layout`]                  | a row of the file is                     | the metric                | dimensions                |
//! |-----------------------------|------------------------------------------|---------------------------|---------------------------|
//! | [`Long`](Layout::Long)      | a stamp and a combination of dimensions  | a column, `value` or `y`  | columns, as declared      |
//! | [`Wide`](Layout::Wide)      | a stamp, with a column for each series   | `value`, or as declared   | `series`: the column      |
//! | [`Series`](Layout::Series)  | a series, its values at successive steps | `value`, or as declared   | `series`: the first cell  |
//! | [`Ndjson`](Layout::Ndjson)  | a JSON object                            | a key, or named by `metric` | keys in `labels`, or as declared |
//! | [`Prometheus`](Layout::Prometheus) | a sample of a `query_range` answer | `__name__`, or as declared | labels                   |
//!
//! Nothing is guessed: where a file leaves a choice, the error asks for it. Without options, the
//! time is the column called `timestamp`, `time`, `ts`, `ds`, `date`, `datetime` or `timestamp_ms`,
//! the metric is `value` or `y`, and columns called `unique_id` or `series` are dimensions.
//!
//! # Stamps and values
//!
//! | in the time column                                     | means                                |
//! |--------------------------------------------------------|--------------------------------------|
//! | `2024-05-01T10:00:00Z`, `2024-05-01 10:00:00.5+02:00`  | that instant                         |
//! | `2024-05-01T10:00`, `2024-05-01 10:00:00`              | the local clock of the zone          |
//! | `2024-05-01`                                           | the start of that local date         |
//! | `1714557600`                                           | an epoch in the declared [`TimeUnit`] |
//! | `17`                                                   | a row, with [`TimeUnit::Rows`]       |
//!
//! One file keeps to one of the forms: with an offset, local, or numbers. Digits finer than a
//! millisecond are cut off. A local stamp in a doubled hour is the earlier instant, unless its
//! slice has a row there already; then it is the later one.
//!
//! In a column of values, nothing, `NaN`, `null`, `NA` and `None` (in any case) mean missing; in
//! JSON, `null`. A dimension that a JSON row does not have is empty.
//!
//! # Tables
//!
//! The first line names the columns. The delimiter is the one of `,`, `;`, tab and `|` that occurs
//! in it outside quotes. Spaces around a cell do not count.
//!
//! ```
//! use tuatara_frame::files::{self, ReadOptions};
//! use tuatara_frame::{Aggregation, Metric};
//!
//! let text = "day,shop,visits\n2024-05-01,north,7\n2024-05-02,north,9\n";
//! let options = ReadOptions::new()
//!     .time("day")
//!     .metric(Metric::new("visits").with_aggregation(Aggregation::Max))
//!     .dimension("shop");
//! let frame = files::read(text.as_bytes(), "visits.csv", &options)?;
//! assert_eq!((frame.name(), frame.len()), ("visits", 2));
//! assert_eq!(frame.notes(), ["civil stamps without a zone are read as UTC; --tz names another"]);
//! # Ok::<(), tuatara_frame::FrameError>(())
//! ```
//!
//! In a wide file the time is the column with a usual name, or the first if none has one; all
//! others are series, but those that are declared as dimensions or left out:
//!
//! ```
//! use tuatara_frame::files::{self, Layout, ReadOptions};
//!
//! let text = "time;cpu;memory;note\n2024-05-01;0.5;7;calm\n2024-05-02;0.6;;calm\n";
//! let options = ReadOptions::new().layout(Layout::Wide).ignore("note");
//! let frame = files::read(text.as_bytes(), "host.csv", &options)?;
//! assert_eq!((frame.len(), frame.dimension(1, 0), frame.value(1, 0)), (4, "memory", 7.0));
//! # Ok::<(), tuatara_frame::FrameError>(())
//! ```
//!
//! With a row per series, empty cells at the end are no rows:
//!
//! ```
//! use tuatara_frame::files::{self, Layout, ReadOptions};
//!
//! let text = "V1,V2,V3,V4\nH1,605,586,559\nH2,3124,2990,\n";
//! let options = ReadOptions::new()
//!     .layout(Layout::Series)
//!     .granularity("PT1H".parse()?)
//!     .start("2024-05-01T00:00:00Z".parse()?);
//! let frame = files::read(text.as_bytes(), "hourly.csv", &options)?;
//! assert_eq!((frame.len(), frame.dimension(3, 0)), (5, "H2"));
//! assert_eq!(frame.time(4).to_string(), "2024-05-01T01:00:00Z");
//! # Ok::<(), tuatara_frame::FrameError>(())
//! ```
//!
//! # JSON
//!
//! Rows of NDJSON name their metric by the key `metric` and have its `value`, or have a key for
//! each metric. The keys of `labels` are dimensions, and so are other keys that are declared.
//!
//! ```
//! use tuatara_frame::files::{self, ReadOptions, TimeUnit};
//! use tuatara_frame::Metric;
//!
//! let text = r#"{"metric": "load", "labels": {"host": "a"}, "ts": 1714557600, "value": 0.5}
//! {"metric": "disk", "labels": {"host": "a"}, "ts": 1714557600, "value": 80}
//! {"metric": "load", "labels": {"host": "b"}, "ts": 1714557660, "value": null}
//! "#;
//! let options = ReadOptions::new().time_unit(TimeUnit::Seconds).metric(Metric::new("load"));
//! let frame = files::read(text.as_bytes(), "hosts.ndjson", &options)?;
//! assert_eq!((frame.len(), frame.dimension(1, 0)), (2, "b"));
//! assert_eq!(frame.notes(), ["metrics not read: disk"]);
//! # Ok::<(), tuatara_frame::FrameError>(())
//! ```
//!
//! A Prometheus response is the whole answer of `/api/v1/query_range`, or its `data`. Its stamps
//! are seconds, to the nearest millisecond.
//!
//! ```
//! use tuatara_frame::files::{self, ReadOptions};
//!
//! let text = r#"{"status": "success", "data": {"resultType": "matrix", "result": [
//!     {"metric": {"__name__": "up", "job": "node"}, "values": [[1714557600, "1"], [1714557615, "NaN"]]}
//! ]}}"#;
//! let frame = files::read(text.as_bytes(), "up.json", &ReadOptions::new())?;
//! assert_eq!((frame.metrics()[0].name(), frame.dimension(0, 0)), ("up", "node"));
//! assert_eq!(frame.granularity(), "PT15S".parse()?);
//! # Ok::<(), tuatara_frame::FrameError>(())
//! ```

mod calendar;
mod cell;
mod clock;
mod columns;
mod counter;
mod delimiter;
mod error;
mod first_line;
mod form;
mod gathering;
mod json;
mod keys;
mod known;
mod layout;
mod long;
mod ndjson;
mod options;
mod prometheus;
mod read;
mod records;
mod samples;
mod series;
mod spread;
mod stamp;
mod stamps;
mod table;
mod text;
mod unit;
mod wide;

pub use calendar::read_calendar;
pub use error::FileError;
pub use layout::Layout;
pub use options::{ReadOptions, stem};
pub use read::{read, read_path, read_paths, read_paths_through};
pub use unit::TimeUnit;
