//! One rule of a detection: a detector, the filters behind it, and the clock they go by.

use std::fmt::Debug;
use std::sync::Arc;

use tuatara_core::{Detector, Filter};
use tuatara_frame::{Granularity, Zone};

/// A detector with a name, the filters its anomalies must pass, and the clock it goes by.
///
/// ```
/// use tuatara::Rule;
/// use tuatara::core::{BuildContext, Params};
/// use tuatara::rules::ThresholdParams;
///
/// let limit = ThresholdParams { max: Some(100.0), min: None };
/// let rule = Rule::from_params("too_high", limit)?;
/// assert_eq!(rule.name(), "too_high:THRESHOLD");
/// # Ok::<(), tuatara::core::ParamError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rule {
    pub(crate) name: String,
    pub(crate) detector: Arc<dyn Detector>,
    pub(crate) zone: Option<Zone>,
    pub(crate) granularity: Option<Granularity>,
    pub(crate) filters: Vec<RuleFilter>,
}

/// A filter with a name, and the clock it compares by.
#[derive(Debug, Clone)]
pub(crate) struct RuleFilter {
    pub(crate) name: String,
    pub(crate) filter: Arc<dyn Filter>,
    pub(crate) zone: Option<Zone>,
}

impl Rule {
    /// A rule called `name`, which should end in the type of the detector: `drop:PERCENTAGE_RULE`.
    pub fn new(name: impl Into<String>, detector: Box<dyn Detector>) -> Self {
        Self {
            name: name.into(),
            detector: detector.into(),
            zone: None,
            granularity: None,
            filters: Vec::new(),
        }
    }

    /// A rule whose detector is built from its parameters; it is called `name:TYPE`.
    ///
    /// # Errors
    /// What [`Params::build`](tuatara_core::Params::build) refuses.
    pub fn from_params<P>(name: &str, params: P) -> Result<Self, tuatara_core::ParamError>
    where
        P: tuatara_core::Params<Built = Box<dyn Detector>>,
    {
        let name = format!("{name}:{}", P::TYPE);
        let detector = params.build(&tuatara_core::BuildContext::new(&name))?;
        Ok(Self::new(name, detector))
    }

    /// Its anomalies must pass `filter`, too; filters are asked in the order in which they come.
    #[must_use]
    pub fn with_filter(mut self, name: impl Into<String>, filter: Box<dyn Filter>) -> Self {
        self.filters.push(RuleFilter {
            name: name.into(),
            filter: filter.into(),
            zone: None,
        });
        self
    }

    /// Its anomalies must pass the filter of these parameters, called `name:TYPE`.
    ///
    /// # Errors
    /// What [`Params::build`](tuatara_core::Params::build) refuses.
    pub fn with_filter_params<P>(
        self,
        name: &str,
        params: P,
    ) -> Result<Self, tuatara_core::ParamError>
    where
        P: tuatara_core::Params<Built = Box<dyn Filter>>,
    {
        let name = format!("{name}:{}", P::TYPE);
        let filter = params.build(&tuatara_core::BuildContext::new(&name))?;
        Ok(self.with_filter(name, filter))
    }

    /// Lags keep the wall clock of `zone`; that of the dataset by default. Days, weeks and months
    /// as buckets are always those of the dataset.
    #[must_use]
    pub fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Looks at buckets of `granularity`; that of the data by default.
    #[must_use]
    pub fn with_granularity(mut self, granularity: Granularity) -> Self {
        self.granularity = Some(granularity);
        self
    }

    /// Its name, as `name:TYPE`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of its filters.
    pub fn filter_names(&self) -> impl Iterator<Item = &str> {
        self.filters.iter().map(|filter| filter.name.as_str())
    }
}
