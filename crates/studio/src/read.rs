//! A text that a person is writing: a detection, or what is wrong with it.

use serde::Serialize;
use tuatara::Detection;
use tuatara::frame::events::EventCalendar;
use tuatara::spec::subscription::SubscriptionSpec;
use tuatara::spec::{DetectionSpec, Diagnosis, Registry, Severity};
use tuatara_backtest::Setting;

use crate::knobs::is_turned;

/// A value that a knob has been turned to.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Turned {
    /// Where it stands, as [`Setting::find`] reads it.
    pub(crate) path: String,
    /// What stands there now.
    pub(crate) value: String,
}

/// `text` with the value that was turned in its place, and nothing else changed.
///
/// # Errors
/// Why there is no such place, in words.
pub(crate) fn turned(text: &str, name: &str, turned: &Turned) -> Result<String, String> {
    if !is_turned(&turned.value) {
        return Err(format!(
            "{}: `{}` is neither a number nor a duration",
            turned.path, turned.value
        ));
    }
    let setting = Setting::find(text, name, &turned.path).map_err(|error| error.to_string())?;
    Ok(setting.with(&turned.value))
}

/// What is said of a text: as the command says it, and place by place.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Said {
    /// All of it with lines and carets.
    pub(crate) text: String,
    pub(crate) places: Vec<Place>,
}

/// Where something is said of a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Place {
    /// `error`, `warning` or `note`.
    severity: String,
    message: String,
    /// Counted from 1; 0 where it is about the text as a whole.
    line: usize,
    /// Counted from 1, in characters.
    column: usize,
    /// How many characters of the line it covers.
    length: usize,
}

impl Said {
    fn of(diagnosis: &Diagnosis) -> Self {
        let place = |one: &tuatara::spec::Diagnostic| {
            let covered = diagnosis.text().get(one.span.bytes()).unwrap_or_default();
            let line = covered.lines().next().unwrap_or_default();
            Place {
                severity: one.severity.to_string(),
                message: one.message.clone(),
                line: one.span.line(),
                column: one.span.column(),
                length: line.chars().count().max(1),
            }
        };
        Self {
            text: diagnosis.to_string(),
            places: diagnosis.diagnostics().iter().map(place).collect(),
        }
    }

    /// Something about the text as a whole.
    pub(crate) fn whole(error: impl std::fmt::Display) -> Self {
        let message = error.to_string();
        Self {
            text: format!("error: {message}"),
            places: vec![Place {
                severity: Severity::Error.to_string(),
                message,
                line: 0,
                column: 0,
                length: 0,
            }],
        }
    }
}

/// The detection that `text` is, with `calendars` beside its own events, and what is said of it.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(
    text: &str,
    name: &str,
    registry: &Registry,
    calendars: &[EventCalendar],
) -> Result<(Detection, Said), Said> {
    if SubscriptionSpec::recognises(text) {
        return Err(Said::whole(
            "this is a subscription: it says who is told of anomalies, and not what they are; write the \
             specification of a detection",
        ));
    }
    let checked = DetectionSpec::from_yaml(text, name, registry);
    let checked = checked.map_err(|error| Said::of(error.diagnosis()))?;
    let detection = Detection::from_spec(checked.spec).map_err(Said::whole)?;
    let said = Said::of(&checked.diagnosis);
    let all = calendars.iter().cloned();
    Ok((all.fold(detection, Detection::with_calendar), said))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tuatara::standard_registry;

    const SPEC: &str = "\
detectionName: drops
metric: orders
rules:
  - detection:
      - { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
";

    fn refused(text: &str) -> Said {
        let read = read(text, "drops.yaml", &standard_registry(), &[]);
        read.unwrap_err()
    }

    #[test]
    fn a_wrong_key_is_shown_at_its_line_and_column() {
        let said = refused(&SPEC.replace("percentageChange", "percentageChagne"));
        let place = &said.places[0];
        // `      - { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, ` is 69 characters.
        assert_eq!((place.line, place.column, place.length), (5, 70, 16));
        assert!(said.text.contains("  --> drops.yaml:5:70"), "{}", said.text);
        assert!(said.text.contains("did you mean `percentageChange`?"));
    }

    #[test]
    fn what_is_turned_is_one_number_and_nothing_else() {
        let to = |path: &str, value: &str| Turned {
            path: path.to_owned(),
            value: value.to_owned(),
        };
        let text = turned(SPEC, "drops.yaml", &to("week.percentageChange", "0.45")).unwrap();
        assert_eq!(text, SPEC.replace("0.3", "0.45"));
        let nowhere = turned(SPEC, "drops.yaml", &to("week.sensitivty", "1"));
        assert!(nowhere.is_ok(), "a parameter that is not written is added");
        for value in [
            "",
            "1, pattern: UP",
            "1\n",
            "*a",
            "{}",
            "true",
            "null",
            "---",
        ] {
            let error =
                turned(SPEC, "drops.yaml", &to("week.percentageChange", value)).unwrap_err();
            assert!(
                error.ends_with("is neither a number nor a duration"),
                "{error}"
            );
        }
    }
}
