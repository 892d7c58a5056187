//! What a reader is told about a file.

use std::path::Path;

use super::{Layout, TimeUnit};
use crate::{Duration, Granularity, Instant, Metric, Zone};

/// Endings of file names that are no part of a dataset's name.
const ENDINGS: [&str; 6] = [".csv", ".tsv", ".txt", ".ndjson", ".jsonl", ".json"];

/// Which columns are what, and how to read the stamps.
///
/// A column is found by its name; if there is none, by its name in another case. In JSON the keys
/// are the columns.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    pub(super) layout: Option<Layout>,
    pub(super) delimiter: Option<u8>,
    pub(super) time: Option<String>,
    pub(super) metrics: Vec<(Metric, Option<String>)>,
    pub(super) dimensions: Vec<(String, Option<String>)>,
    pub(super) ignored: Vec<String>,
    pub(super) file_dimension: Option<String>,
    pub(super) zone: Option<Zone>,
    pub(super) granularity: Option<Granularity>,
    pub(super) completeness_delay: Duration,
    pub(super) time_unit: Option<TimeUnit>,
    pub(super) start: Option<Instant>,
    pub(super) in_order: bool,
    pub(super) name: Option<String>,
}

impl ReadOptions {
    /// Everything by its usual name.
    pub fn new() -> Self {
        Self::default()
    }

    /// How the values are laid out. If not given: [`Layout::Long`], unless the first character is
    /// `{`, which is JSON: [`Layout::Prometheus`] if the document starts like an answer of a
    /// Prometheus server, else [`Layout::Ndjson`]. A JSON array, which begins with `[`, is refused.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.layout = Some(layout);
        self
    }

    /// The character between the cells of a table, an ASCII one. If not given: the one of `,`,
    /// `;`, tab and `|` that occurs in the header outside quotes; several are refused.
    #[must_use]
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// The column with the time.
    #[must_use]
    pub fn time(mut self, column: impl Into<String>) -> Self {
        self.time = Some(column.into());
        self
    }

    /// One more metric, in the column of the same name. In a wide file it is what all columns
    /// hold; in JSON that names its metric in each row, it is the name to look for.
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

    /// One more dimension, in the column or label of the same name.
    #[must_use]
    pub fn dimension(mut self, name: impl Into<String>) -> Self {
        self.dimensions.push((name.into(), None));
        self
    }

    /// One more dimension, in a column or label of another name. Where the layout makes the
    /// dimension `series`, that is its column.
    #[must_use]
    pub fn dimension_from(mut self, name: impl Into<String>, column: impl Into<String>) -> Self {
        self.dimensions.push((name.into(), Some(column.into())));
        self
    }

    /// A column, key or label that is not read. The file has to have it.
    #[must_use]
    pub fn ignore(mut self, column: impl Into<String>) -> Self {
        self.ignored.push(column.into());
        self
    }

    /// One more dimension, the same for all rows of a file: the name of the file without its
    /// folder and endings.
    #[must_use]
    pub fn file_dimension(mut self, name: impl Into<String>) -> Self {
        self.file_dimension = Some(name.into());
        self
    }

    /// The zone of stamps without an offset, and of the dataset's dates. UTC if not given, which
    /// a note says if it mattered.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// The native granularity; inferred if not given. Row counters need it.
    #[must_use]
    pub fn granularity(mut self, granularity: Granularity) -> Self {
        self.granularity = Some(granularity);
        self
    }

    /// How long after its end a bucket may still get rows; none at all if not given.
    #[must_use]
    pub fn completeness_delay(mut self, delay: Duration) -> Self {
        self.completeness_delay = delay;
        self
    }

    /// The unit of bare numbers in the time column, which are refused if it is not given. A column
    /// called `timestamp_ms` declares its unit itself.
    #[must_use]
    pub fn time_unit(mut self, unit: TimeUnit) -> Self {
        self.time_unit = Some(unit);
        self
    }

    /// The instant of row counter 0; 1970-01-01T00:00:00Z if not given, which a note says. Only
    /// [`TimeUnit::Rows`] and [`Layout::Series`] have a use for it.
    #[must_use]
    pub fn start(mut self, start: Instant) -> Self {
        self.start = Some(start);
        self
    }

    /// Declares that the stamps of each series never decrease; one that does is an error.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// The name of the dataset; otherwise that of the first file without folder and endings.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The declared dimension that a label is read into.
    pub(super) fn dimension_of(&self, label: &str) -> Option<&str> {
        let mut declared = self.dimensions.iter();
        let found = declared.find(|(name, column)| column.as_ref().unwrap_or(name) == label);
        found.map(|(name, _)| name.as_str())
    }

    /// The name of the dataset in `file`.
    pub(super) fn dataset_name(&self, file: &str) -> String {
        self.name.clone().unwrap_or_else(|| stem(file).to_owned())
    }
}

/// The name of a file without its folder and endings, as its dataset is called unless another name
/// is given: `shop` for `data/shop.csv.gz`.
pub fn stem(file: &str) -> &str {
    let name = Path::new(file)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or(file);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let shorter = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    shorter.filter(|stem| !stem.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dataset_is_called_like_its_file_without_endings() {
        let name = |file: &str| ReadOptions::new().dataset_name(file);
        assert_eq!(name("data/shop.csv"), "shop");
        assert_eq!(name("shop.csv.gz"), "shop");
        assert_eq!(name("up.ndjson.gz"), "up");
        assert_eq!(name("v1.2.csv"), "v1.2");
        assert_eq!(name(".csv"), ".csv");
        assert_eq!(name("-"), "-");
        assert_eq!(
            ReadOptions::new().name("orders").dataset_name("shop.csv"),
            "orders"
        );
    }
}
