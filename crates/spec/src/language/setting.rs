//! Keys of a component that the pipeline reads itself, wherever they are written.
//!
//! | key                       | under                        | meaning                               |
//! |---------------------------|------------------------------|---------------------------------------|
//! | `timezone`, `timeZone`    | a detector, or any `params`  | zone of the component's calendar      |
//! | `monitoringGranularity`   | `params` of a detector       | step on which it judges               |
//! | `weekStart`               | `params` of a detector       | first day of a week, for weekly steps |
//!
//! They are taken out of `params` before the type reads the rest.

use tuatara_frame::{Granularity, Weekday, Zone};

use super::Reading;
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields};
use crate::registry::Kind;
use crate::tree::{Node, Value};
use crate::{Code, Diagnostic, Spanned};

const ZONES: [&str; 2] = ["timezone", "timeZone"];
const MONITORING: &str = "monitoringGranularity";
const WEEK_START: &str = "weekStart";

/// The pipeline's own settings of a component, and the parameters that are left to its type.
pub(super) struct Settings {
    pub(super) zone: Option<Spanned<Zone>>,
    pub(super) monitoring: Option<Spanned<Granularity>>,
    pub(super) rest: Node,
}

impl Reading<'_> {
    /// `params` is the mapping under `params:`.
    pub(super) fn settings(&mut self, kind: Kind, fields: &Fields<'_>, params: &Node) -> Settings {
        let mut rest = params.clone();
        let zones = params_and_item(kind, fields, params);
        let zone = self.zone(&zones);
        let own: &[&str] = match kind {
            Kind::Detector => &[ZONES[0], ZONES[1], MONITORING, WEEK_START],
            Kind::Filter | Kind::Labeler => &ZONES,
        };
        if let Value::Mapping(entries) = &mut rest.value {
            entries.retain(|(key, _)| !own.contains(&key.text.as_str()));
        }
        let monitoring = match kind {
            Kind::Detector => self.monitoring(params),
            Kind::Filter | Kind::Labeler => None,
        };
        Settings {
            zone,
            monitoring,
            rest,
        }
    }

    pub(super) fn zone(&mut self, written: &[Entry<'_>]) -> Option<Spanned<Zone>> {
        let mut zone: Option<Spanned<Zone>> = None;
        for entry in written {
            let Some(read) = self.said.parsed::<Zone>(entry) else {
                continue;
            };
            match &zone {
                Some(first) if first.value != read.value => {
                    let message = format!(
                        "the zone is {}, but {} on line {}",
                        read.value,
                        first.value,
                        first.span.line()
                    );
                    self.said.say(
                        Diagnostic::error(Code::DuplicateKey, read.span, message)
                            .related(first.span, "first given here")
                            .allowed("one zone for a component")
                            .remedy("keep the one that is meant and delete the other"),
                    );
                }
                Some(_) => {}
                None => zone = Some(read),
            }
        }
        zone
    }

    fn monitoring(&mut self, params: &Node) -> Option<Spanned<Granularity>> {
        let monitoring = params
            .entry(MONITORING)
            .and_then(|entry| self.said.parsed::<Granularity>(entry));
        let Some(entry) = params.entry(WEEK_START) else {
            return monitoring;
        };
        let first = self.said.parsed::<Day>(entry);
        match monitoring {
            Some(step) if step.week_start().is_some() => {
                let day = first?.value.0;
                Some(Spanned::new(Granularity::weeks(day), step.span))
            }
            None if params.entry(MONITORING).is_some() => None,
            _ => {
                let message = format!("`{WEEK_START}` has no effect: `{MONITORING}` is not a week");
                self.said
                    .say(Diagnostic::note(Code::NoEffect, entry.0.span, message));
                monitoring
            }
        }
    }
}

/// The zones that are written, in the order of reading: at the component, then in its `params`.
fn params_and_item<'n>(kind: Kind, fields: &Fields<'n>, params: &'n Node) -> Vec<Entry<'n>> {
    let at_item = |key: &str| match kind {
        Kind::Detector => fields.get(key),
        Kind::Filter | Kind::Labeler => None,
    };
    let in_params = ZONES.iter().filter_map(|key| params.entry(key));
    ZONES
        .iter()
        .filter_map(|key| at_item(key))
        .chain(in_params)
        .collect()
}

/// A day of the week by its English name or the first three letters of it.
struct Day(Weekday);

impl std::str::FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const DAYS: [&str; 7] = [
            "MONDAY",
            "TUESDAY",
            "WEDNESDAY",
            "THURSDAY",
            "FRIDAY",
            "SATURDAY",
            "SUNDAY",
        ];
        text.parse().map(Self).map_err(|_| {
            let near = tuatara_frame::closest(text, DAYS);
            let remedy = near.map_or_else(
                || "write its English name".to_owned(),
                |day| format!("did you mean `{day}`?"),
            );
            format!(
                "{} is not a day of the week; allowed: {}; {remedy}",
                quote(text),
                DAYS.join(", ")
            )
        })
    }
}
