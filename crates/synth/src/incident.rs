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
}

impl IncidentKind {
    /// The signed relative change of an incident of `share`: −share for a drop.
    pub(crate) fn signed(self, share: f64) -> f64 {
        match self {
            Self::Drop => -share,
            Self::Spike => share,
        }
    }

    pub(crate) fn inject(self, factors: &mut [f64], span: Range<usize>, share: f64) -> Result<()> {
        match self {
            Self::Drop => inject::drop(factors, span, share),
            Self::Spike => inject::spike(factors, span, share),
        }
    }

    /// What may have caused it: the texts a label chooses from.
    pub(crate) fn causes(self) -> &'static [&'static str] {
        match self {
            Self::Drop => &[
                "payment provider outage",
                "checkout error after a release",
                "login failures",
                "a load job lost part of the orders",
            ],
            Self::Spike => &[
                "a load job counted orders twice",
                "wrong price on a popular item",
                "orders placed by bots",
                "test traffic counted as real",
            ],
        }
    }
}

/// As files spell it: `drop`, `spike`.
impl fmt::Display for IncidentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Drop => "drop",
            Self::Spike => "spike",
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
    /// Relative change of the expected value, signed: −0.4 is forty per cent less.
    pub size: f64,
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
            size: -0.5,
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
