//! One rule of a detection: a detector, the filters and the labeler behind it, and the clock they go
//! by.

use std::fmt::Debug;
use std::sync::Arc;

use tuatara_core::{Detector, Filter, Labeler, Needs};
use tuatara_frame::{Duration, FrameError, Granularity, SliceKey, TimeAxis, Zone};
use tuatara_merge::Thinning;

/// A detector with a name, the filters its anomalies must pass, what says how much they matter, and
/// the clock it goes by.
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
    pub(crate) thinning: Thinning,
    pub(crate) delay: Duration,
    pub(crate) filters: Vec<RuleFilter>,
    pub(crate) labeler: Option<RuleLabeler>,
}

/// A filter with a name, and the clock it compares by.
#[derive(Debug, Clone)]
pub(crate) struct RuleFilter {
    pub(crate) name: String,
    pub(crate) filter: Arc<dyn Filter>,
    pub(crate) zone: Option<Zone>,
}

/// A labeler with a name, and the clock it compares by.
#[derive(Debug, Clone)]
pub(crate) struct RuleLabeler {
    pub(crate) name: String,
    pub(crate) labeler: Arc<dyn Labeler>,
    pub(crate) zone: Option<Zone>,
}

/// What judges the anomalies of a rule: a filter, or the labeler.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Behind<'r> {
    Filter(&'r RuleFilter),
    Labeler(&'r RuleLabeler),
}

impl Behind<'_> {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Filter(filter) => &filter.name,
            Self::Labeler(labeler) => &labeler.name,
        }
    }

    /// The axis that it goes by where that is not the rule's `axis`.
    pub(crate) fn axis(&self, axis: &TimeAxis) -> Result<Option<TimeAxis>, FrameError> {
        let zone = match self {
            Self::Filter(filter) => filter.zone,
            Self::Labeler(labeler) => labeler.zone,
        };
        match zone {
            Some(zone) if zone != axis.zone() && !axis.granularity().is_civil() => {
                Ok(Some(axis.with_zone(zone)?))
            }
            _ => Ok(None),
        }
    }

    /// What it has to be shown of anomalies of `slice` on the rule's `axis`.
    pub(crate) fn needs(&self, slice: &SliceKey, axis: &TimeAxis) -> crate::Result<Needs> {
        match self {
            Self::Filter(filter) => filter.filter.needs(slice, axis),
            Self::Labeler(labeler) => labeler.labeler.needs(slice, axis),
        }
        .map_err(crate::Error::filter(self.name()))
    }
}

impl Rule {
    /// A rule called `name`, which should end in the type of the detector: `drop:PERCENTAGE_RULE`.
    pub fn new(name: impl Into<String>, detector: Box<dyn Detector>) -> Self {
        Self {
            name: name.into(),
            detector: detector.into(),
            zone: None,
            granularity: None,
            thinning: Thinning::default(),
            delay: Duration::ZERO,
            filters: Vec::new(),
            labeler: None,
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

    /// `labeler` says how much its anomalies matter, in place of any before it.
    #[must_use]
    pub fn with_labeler(mut self, name: impl Into<String>, labeler: Box<dyn Labeler>) -> Self {
        self.labeler = Some(RuleLabeler {
            name: name.into(),
            labeler: labeler.into(),
            zone: None,
        });
        self
    }

    /// The labeler of these parameters, called `name:TYPE`, says how much its anomalies matter.
    ///
    /// # Errors
    /// What [`Params::build`](tuatara_core::Params::build) refuses.
    pub fn with_labeler_params<P>(
        self,
        name: &str,
        params: P,
    ) -> Result<Self, tuatara_core::ParamError>
    where
        P: tuatara_core::Params<Built = Box<dyn Labeler>>,
    {
        let name = format!("{name}:{}", P::TYPE);
        let labeler = params.build(&tuatara_core::BuildContext::new(&name))?;
        Ok(self.with_labeler(name, labeler))
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

    /// Judges a bucket only `delay` after its end, or the [completeness
    /// delay](tuatara_frame::Profile::completeness_delay) of the data where that is longer: rows may
    /// come late. A bucket is judged by the run in which that is over, and what is found is told
    /// that much later.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Leaves out flagged buckets that are not worth an anomaly; none by default. Rows and their
    /// scores stay as they are.
    ///
    /// ```
    /// use tuatara::Rule;
    /// use tuatara::merge::{Thinning, ThinningParams};
    /// use tuatara::rules::ThresholdParams;
    ///
    /// let limit = ThresholdParams { max: Some(100.0), min: None };
    /// let two_of_three = Thinning::new(ThinningParams { k: 2, n: 3, ..Default::default() })?;
    /// let rule = Rule::from_params("too_high", limit)?.with_thinning(two_of_three);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_thinning(mut self, thinning: Thinning) -> Self {
        self.thinning = thinning;
        self
    }

    /// Its name, as `name:TYPE`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What judges its anomalies: the filters in their order, then the labeler.
    pub(crate) fn behind(&self) -> impl Iterator<Item = Behind<'_>> {
        let filters = self.filters.iter().map(Behind::Filter);
        filters.chain(self.labeler.iter().map(Behind::Labeler))
    }

    /// The names of its filters.
    pub fn filter_names(&self) -> impl Iterator<Item = &str> {
        self.filters.iter().map(|filter| filter.name.as_str())
    }
}
