//! The dataset file: what the columns of data files mean, and how their stamps are read.
//!
//! `orders.csv.tuatara.yaml` stands beside `orders.csv`. Every key is optional; what is left out
//! is found in the data, or is the default.
//!
//! | key                                    | says                                                       |
//! |----------------------------------------|------------------------------------------------------------|
//! | `dataset`                              | the name; otherwise that of the file without its endings   |
//! | `layout`, `delimiter`                  | how rows and cells are written                             |
//! | `timeColumn`, `timeUnit`, `start`      | where the time stands, and what its numbers count          |
//! | `timezone`, `granularity`              | the calendar, and the time between points                  |
//! | `order`                                | `time`: the stamps of a series never decrease              |
//! | `ignore`                               | columns that are not read                                  |
//! | `dimensions`, `fileDimension`          | what tells series apart                                    |
//! | `completenessDelay`                    | how long after its end a bucket may still get rows         |
//! | `metrics`                              | columns of values: aggregation, range, missing buckets     |
//!
//! ```
//! use tuatara_spec::dataset::DatasetSpec;
//!
//! let text = "timezone: Europe/Paris\nmetrics: { name: revenue, column: rev, min: 0 }\n";
//! let (orders, _) = DatasetSpec::from_yaml(text, "orders.csv.tuatara.yaml")?;
//! assert_eq!(orders.metrics()[0].column(), Some("rev"));
//! assert_eq!(orders.to_string(), "timezone Europe/Paris; revenue: column rev, min 0");
//! # Ok::<(), tuatara_spec::SpecError>(())
//! ```

mod doubt;
mod keys;
mod metric;
mod missing;
mod overlay;
mod read;
mod start;
mod words;

use tuatara_frame::files::{Layout, TimeUnit};
use tuatara_frame::{Duration, Granularity, Zone};

use crate::fields::Said;
use crate::tree::{MAX_DEPTH, Node};
use crate::{Code, Diagnosis, Diagnostic, Span, SpecError};

pub use keys::LEVELS;
pub use metric::{DatasetDimension, DatasetMetric};
pub use start::{Start, StartError};

/// What is declared of a dataset; everything is optional.
///
/// It is read from a file or put together in code, and may lie over another one: see
/// [`over`](Self::over).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DatasetSpec {
    name: Option<String>,
    layout: Option<Layout>,
    delimiter: Option<u8>,
    time_column: Option<String>,
    time_unit: Option<TimeUnit>,
    start: Option<Start>,
    zone: Option<Zone>,
    granularity: Option<Granularity>,
    in_order: bool,
    ignore: Vec<String>,
    dimensions: Vec<DatasetDimension>,
    file_dimension: Option<String>,
    completeness_delay: Option<Duration>,
    metrics: Vec<DatasetMetric>,
}

/// Reading.
impl DatasetSpec {
    /// Reads and checks a dataset file; `file` is its name, for messages. The second part of the
    /// answer holds warnings and notes.
    ///
    /// # Errors
    /// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
    #[cfg(feature = "yaml")]
    pub fn from_yaml(text: &str, file: &str) -> Result<(Self, Diagnosis), SpecError> {
        let (tree, mut found) = crate::yaml::read(text);
        for said in &mut found {
            if said.code == Code::EmptyDocument {
                said.allowed = Some("a dataset file".to_owned());
                said.remedy = Some("begin with `timezone:` or `metrics:`, or delete it".to_owned());
            }
        }
        Self::read(tree.as_ref(), Said::new(found), file, text)
    }

    /// Reads and checks a dataset file that was built in code. Messages call it `name`, and point
    /// into the text that [`Node::print`] gives.
    ///
    /// # Errors
    /// [`SpecError::Refused`] with everything that is wrong, as far as it can be told at once.
    pub fn from_tree(tree: &Node, name: &str) -> Result<(Self, Diagnosis), SpecError> {
        if tree.is_deeper_than(MAX_DEPTH) {
            let message = format!("the tree is nested more than {MAX_DEPTH} levels deep");
            let found = Diagnostic::error(Code::TooDeep, Span::NONE, message)
                .allowed(format!("{MAX_DEPTH} levels"))
                .remedy("a dataset file needs three");
            return Err(SpecError::Refused(Diagnosis::new(name, "", vec![found])));
        }
        let printed = tree.print();
        Self::read(Some(&printed.tree), Said::default(), name, &printed.text)
    }

    fn read(
        tree: Option<&Node>,
        said: Said,
        file: &str,
        text: &str,
    ) -> Result<(Self, Diagnosis), SpecError> {
        let (spec, found) = read::read(tree, said);
        let diagnosis = Diagnosis::new(file, text, found);
        match spec {
            Some(spec) if !diagnosis.has_errors() => Ok((spec, diagnosis)),
            _ => Err(SpecError::Refused(diagnosis)),
        }
    }
}

/// What is declared; `None` and empty lists where nothing is.
impl DatasetSpec {
    /// `dataset`: the name.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// `layout`: how rows are written.
    pub fn layout(&self) -> Option<Layout> {
        self.layout
    }

    /// `delimiter`: the byte between two cells.
    pub fn delimiter(&self) -> Option<u8> {
        self.delimiter
    }

    /// `timeColumn`: the column with the time.
    pub fn time_column(&self) -> Option<&str> {
        self.time_column.as_deref()
    }

    /// `timeUnit`: what numbers in the time column count.
    pub fn time_unit(&self) -> Option<TimeUnit> {
        self.time_unit
    }

    /// `start`: when row counter 0 is.
    pub fn start(&self) -> Option<Start> {
        self.start
    }

    /// `timezone`: the zone of stamps without an offset and of the dataset's dates.
    pub fn zone(&self) -> Option<Zone> {
        self.zone
    }

    /// `granularity`: the time between points.
    pub fn granularity(&self) -> Option<Granularity> {
        self.granularity
    }

    /// `order: time`: whether the stamps of a series never decrease.
    pub fn is_in_order(&self) -> bool {
        self.in_order
    }

    /// `ignore`: columns that are not read.
    pub fn ignored(&self) -> &[String] {
        &self.ignore
    }

    /// `dimensions`, in the order written.
    pub fn dimensions(&self) -> &[DatasetDimension] {
        &self.dimensions
    }

    /// `fileDimension`: the dimension whose value is the stem of the file of a row.
    pub fn file_dimension(&self) -> Option<&str> {
        self.file_dimension.as_deref()
    }

    /// `completenessDelay`: how long after its end a bucket may still get rows.
    pub fn completeness_delay(&self) -> Option<Duration> {
        self.completeness_delay
    }

    /// `metrics`, in the order written.
    pub fn metrics(&self) -> &[DatasetMetric] {
        &self.metrics
    }
}

/// Declaring in code; a later declaration replaces an earlier one.
impl DatasetSpec {
    /// Nothing declared.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Declares how rows are written.
    #[must_use]
    pub fn with_layout(mut self, layout: Layout) -> Self {
        self.layout = Some(layout);
        self
    }

    /// Declares the byte between two cells.
    #[must_use]
    pub fn with_delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = Some(delimiter);
        self
    }

    /// Declares the column with the time.
    #[must_use]
    pub fn with_time_column(mut self, column: impl Into<String>) -> Self {
        self.time_column = Some(column.into());
        self
    }

    /// Declares what numbers in the time column count.
    #[must_use]
    pub fn with_time_unit(mut self, unit: TimeUnit) -> Self {
        self.time_unit = Some(unit);
        self
    }

    /// Declares when row counter 0 is.
    #[must_use]
    pub fn with_start(mut self, start: Start) -> Self {
        self.start = Some(start);
        self
    }

    /// Declares the zone of stamps without an offset and of the dataset's dates.
    #[must_use]
    pub fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Declares the time between points.
    #[must_use]
    pub fn with_granularity(mut self, granularity: Granularity) -> Self {
        self.granularity = Some(granularity);
        self
    }

    /// Declares that the stamps of a series never decrease.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.in_order = true;
        self
    }

    /// Declares one more column that is not read.
    #[must_use]
    pub fn with_ignored(mut self, column: impl Into<String>) -> Self {
        let column = column.into();
        if !self.ignore.contains(&column) {
            self.ignore.push(column);
        }
        self
    }

    /// Declares a dimension.
    #[must_use]
    pub fn with_dimension(mut self, dimension: DatasetDimension) -> Self {
        let known = self.dimensions.iter_mut();
        match known.into_iter().find(|d| d.name() == dimension.name()) {
            Some(known) => *known = dimension,
            None => self.dimensions.push(dimension),
        }
        self
    }

    /// Declares the dimension whose value is the stem of the file of a row.
    #[must_use]
    pub fn with_file_dimension(mut self, name: impl Into<String>) -> Self {
        self.file_dimension = Some(name.into());
        self
    }

    /// Declares how long after its end a bucket may still get rows.
    #[must_use]
    pub fn with_completeness_delay(mut self, delay: Duration) -> Self {
        self.completeness_delay = Some(delay);
        self
    }

    /// Declares a metric.
    #[must_use]
    pub fn with_metric(mut self, metric: DatasetMetric) -> Self {
        let known = self.metrics.iter_mut();
        match known.into_iter().find(|m| m.name() == metric.name()) {
            Some(known) => *known = metric,
            None => self.metrics.push(metric),
        }
        self
    }
}
