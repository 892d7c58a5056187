//! The label of an incident.

use std::fmt;
use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::error::Result;
use crate::inject;

/// What an incident does to the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IncidentKind {
    /// The metric falls by a share of itself.
    Drop,
    /// The metric rises by a share of itself.
    Spike,
    /// The metric moves to another level and stays there.
    Shift,
    /// Nothing is reported.
    Gap,
    /// The value before is reported again and again.
    Stuck,
}

impl IncidentKind {
    /// The relative change that a label states for an incident of `share`: −share for a drop, none
    /// where values are lost or repeated.
    pub(crate) fn size(self, share: f64) -> Option<f64> {
        match self {
            Self::Drop => Some(-share),
            Self::Spike | Self::Shift => Some(share),
            Self::Gap | Self::Stuck => None,
        }
    }

    /// What it does to the factors of a series: nothing where values are lost or repeated.
    pub(crate) fn scale(self, factors: &mut [f64], span: Range<usize>, share: f64) -> Result<()> {
        match self {
            Self::Drop => inject::drop(factors, span, share),
            Self::Spike => inject::spike(factors, span, share),
            Self::Shift => inject::shift(factors, span, share),
            Self::Gap | Self::Stuck => Ok(()),
        }
    }

    /// What it does to the values of a series that the factors have been multiplied into.
    pub(crate) fn replace(self, values: &mut [f64], span: Range<usize>) -> Result<()> {
        match self {
            Self::Gap => inject::gap(values, span),
            Self::Stuck => inject::stuck(values, span),
            Self::Drop | Self::Spike | Self::Shift => Ok(()),
        }
    }
}

/// As files spell it: `drop`, `spike`, `shift`, `gap`, `stuck`.
impl fmt::Display for IncidentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Drop => "drop",
            Self::Spike => "spike",
            Self::Shift => "shift",
            Self::Gap => "gap",
            Self::Stuck => "stuck",
        })
    }
}

/// One incident: when, where, what, how much.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Incident {
    /// The start of the first bucket it touches.
    pub start: DateTime<Utc>,
    /// The end of the last bucket it touches; exclusive.
    pub end: DateTime<Utc>,
    /// The `(dimension, value)` pairs it is confined to; a dimension that is not named is hit in
    /// all its values.
    pub dimensions: Vec<(String, String)>,
    /// What it does.
    pub kind: IncidentKind,
    /// Relative change of the expected value, signed: −0.4 is forty per cent less. None for a gap
    /// and for a stuck stretch.
    pub size: Option<f64>,
    /// A few words on the cause.
    pub description: String,
}

impl Incident {
    /// Whether it touches the slice `values`, given in the order of `names`.
    pub fn touches(&self, names: &[&str], values: &[&str]) -> bool {
        self.dimensions.iter().all(|(dimension, wanted)| {
            names
                .iter()
                .zip(values)
                .any(|(name, value)| name == dimension && value == wanted)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incident(dimensions: &[(&str, &str)]) -> Incident {
        Incident {
            start: DateTime::UNIX_EPOCH,
            end: DateTime::UNIX_EPOCH,
            dimensions: dimensions
                .iter()
                .map(|(d, v)| ((*d).to_owned(), (*v).to_owned()))
                .collect(),
            kind: IncidentKind::Drop,
            size: Some(-0.5),
            description: String::new(),
        }
    }

    #[test]
    fn an_incident_touches_every_slice_that_has_its_values() {
        const NAMES: [&str; 2] = ["country", "platform"];
        let everywhere = incident(&[]);
        let mexico = incident(&[("country", "MX")]);
        let one_slice = incident(&[("country", "MX"), ("platform", "ios")]);
        assert!(everywhere.touches(&NAMES, &["US", "web"]));
        assert!(mexico.touches(&NAMES, &["MX", "web"]) && !mexico.touches(&NAMES, &["US", "web"]));
        assert!(
            one_slice.touches(&NAMES, &["MX", "ios"]) && !one_slice.touches(&NAMES, &["MX", "web"])
        );
    }
}
