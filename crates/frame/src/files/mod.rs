//! Reading long CSV: one row per stamp and combination of dimension values, plain or gzip.
//!
//! The first line names the columns. Without options, the time is the column called `timestamp`,
//! `time`, `ts`, `ds`, `date`, `datetime` or `timestamp_ms`, the metric is `value` or `y`, and
//! columns called `unique_id` or `series` are dimensions; whatever else there is has to be named.
//! Nothing is guessed: where names leave a choice, the error asks for it.
//!
//! | in the time column                                     | means                                |
//! |--------------------------------------------------------|--------------------------------------|
//! | `2024-05-01T10:00:00Z`, `2024-05-01 10:00:00.5+02:00`  | that instant                         |
//! | `2024-05-01T10:00`, `2024-05-01 10:00:00`              | the local clock of the zone          |
//! | `2024-05-01`                                           | the start of that local date         |
//! | `1714557600`                                           | an epoch in the declared [`TimeUnit`] |
//!
//! One file keeps to one of the forms: with an offset, local, or epoch. Digits finer than a
//! millisecond are cut off. A local stamp in a doubled hour is the earlier instant, unless its
//! slice has a row there already; then it is the later one.
//!
//! In a metric column, nothing, `NaN`, `null`, `NA` and `None` (in any case) mean missing. Spaces
//! around a cell do not count.
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

mod cell;
mod clock;
mod columns;
mod lines;
mod read;
mod stamp;
mod stamps;

use std::path::Path;
use std::str::FromStr;

pub use read::{read, read_path};

use crate::{FrameError, Granularity, Metric, Zone};

/// The unit of bare numbers in the time column, counted from 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// `s`
    Seconds,
    /// `ms`
    Millis,
    /// `us`
    Micros,
    /// `ns`
    Nanos,
}

impl TimeUnit {
    /// How many nanoseconds it is.
    const fn nanos(self) -> i128 {
        match self {
            Self::Seconds => 1_000_000_000,
            Self::Millis => 1_000_000,
            Self::Micros => 1_000,
            Self::Nanos => 1,
        }
    }
}

impl FromStr for TimeUnit {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "s" => Ok(Self::Seconds),
            "ms" => Ok(Self::Millis),
            "us" => Ok(Self::Micros),
            "ns" => Ok(Self::Nanos),
            _ => Err(FrameError::TimeUnitText {
                text: text.to_owned(),
            }),
        }
    }
}

/// Which columns are what, and how to read the stamps.
///
/// A column is found by its name; if there is none, by its name in another case.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    time: Option<String>,
    metrics: Vec<(Metric, Option<String>)>,
    dimensions: Vec<(String, Option<String>)>,
    zone: Option<Zone>,
    granularity: Option<Granularity>,
    time_unit: Option<TimeUnit>,
    name: Option<String>,
}

impl ReadOptions {
    /// Everything by its usual name.
    pub fn new() -> Self {
        Self::default()
    }

    /// The column with the time.
    #[must_use]
    pub fn time(mut self, column: impl Into<String>) -> Self {
        self.time = Some(column.into());
        self
    }

    /// One more metric, in the column of the same name.
    #[must_use]
    pub fn metric(mut self, metric: Metric) -> Self {
        self.metrics.push((metric, None));
        self
    }

    /// One more metric, in a column of another name.
    #[must_use]
    pub fn metric_from(mut self, metric: Metric, column: impl Into<String>) -> Self {
        self.metrics.push((metric, Some(column.into())));
        self
    }

    /// One more dimension, in the column of the same name.
    #[must_use]
    pub fn dimension(mut self, name: impl Into<String>) -> Self {
        self.dimensions.push((name.into(), None));
        self
    }

    /// One more dimension, in a column of another name.
    #[must_use]
    pub fn dimension_from(mut self, name: impl Into<String>, column: impl Into<String>) -> Self {
        self.dimensions.push((name.into(), Some(column.into())));
        self
    }

    /// The zone of stamps without an offset, and of the dataset's dates. UTC if not given, which
    /// a note says if it mattered.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// The native granularity; inferred if not given.
    #[must_use]
    pub fn granularity(mut self, granularity: Granularity) -> Self {
        self.granularity = Some(granularity);
        self
    }

    /// The unit of bare numbers in the time column, which are refused if it is not given. A column
    /// called `timestamp_ms` declares its unit itself.
    #[must_use]
    pub fn time_unit(mut self, unit: TimeUnit) -> Self {
        self.time_unit = Some(unit);
        self
    }

    /// The name of the dataset; otherwise that of the file without its endings.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The name of the dataset in `file`.
    fn dataset_name(&self, file: &str) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let last = Path::new(file)
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or(file);
        let stem = last.strip_suffix(".gz").unwrap_or(last);
        stem.strip_suffix(".csv").unwrap_or(stem).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_is_called_like_its_file_without_endings() {
        let name = |file: &str| ReadOptions::new().dataset_name(file);
        assert_eq!(name("data/shop.csv"), "shop");
        assert_eq!(name("shop.csv.gz"), "shop");
        assert_eq!(name("-"), "-");
        assert_eq!(
            ReadOptions::new().name("orders").dataset_name("shop.csv"),
            "orders"
        );
    }

    #[test]
    fn units_are_read_and_others_refused() {
        assert_eq!("MS".parse::<TimeUnit>().unwrap(), TimeUnit::Millis);
        assert_eq!(
            "minutes".parse::<TimeUnit>().unwrap_err().to_string(),
            "`minutes` is not a unit of epoch numbers; allowed: s, ms, us, ns"
        );
    }
}
