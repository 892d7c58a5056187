//! Window keys of a detector. Results do not depend on windows; a delay is waited for all the same.
//!
//! | key                              | meaning                                                     |
//! |----------------------------------|-------------------------------------------------------------|
//! | `windowDelay`, `windowDelayUnit` | how long after its end a bucket is judged; days by default  |
//! | `windowSize`, `windowUnit`       | read and checked, without effect                            |
//! | `bucketPeriod`                   | read and checked, without effect                            |

use tuatara_frame::{Duration, Granularity, closest};

use super::Reading;
use super::keys::words;
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields};
use crate::{Code, Diagnostic, Spanned, de};

/// The units, with their milliseconds.
const UNITS: [(&str, u32); 5] = [
    ("DAYS", 86_400_000),
    ("HOURS", 3_600_000),
    ("MINUTES", 60_000),
    ("SECONDS", 1000),
    ("MILLISECONDS", 1),
];

/// The units by their names.
pub(super) const UNIT_WORDS: [&str; UNITS.len()] = words(&UNITS);

/// The longest window or delay: ten years, as of a gap.
const LONGEST: Duration = Duration::days(3660);

impl Reading<'_> {
    /// The delay of a detector, if it has one.
    pub(super) fn windows(&mut self, fields: &Fields<'_>) -> Option<Spanned<Duration>> {
        self.amount(fields, "windowSize", "windowUnit", 1);
        if let Some(entry) = given(fields, "bucketPeriod") {
            self.period(entry);
        }
        self.amount(fields, "windowDelay", "windowDelayUnit", 0)
    }

    /// A whole number of `least` or more, in the unit under another key.
    fn amount(
        &mut self,
        fields: &Fields<'_>,
        key: &'static str,
        unit_key: &'static str,
        least: i64,
    ) -> Option<Spanned<Duration>> {
        let unit = match given(fields, unit_key) {
            Some(entry) => self.unit(entry),
            None => Some(UNITS[0]),
        };
        let Some(entry) = given(fields, key) else {
            if let Some((unit_key, _)) = given(fields, unit_key) {
                let name = quote(&unit_key.text);
                let message = format!("{name} has no effect: there is no `{key}`");
                let note = Diagnostic::note(Code::NoEffect, unit_key.span, message);
                self.said.say(note);
            }
            return None;
        };
        let text = entry.1.as_text().unwrap_or_default();
        if text.parse::<Duration>().is_ok() {
            let message = format!("{} is {}, a number with its unit", quote(key), quote(text));
            self.said.say(
                Diagnostic::error(Code::BadValue, entry.1.span, message)
                    .allowed("a whole number")
                    .remedy(format!(
                        "write the number alone, and the unit under `{unit_key}`"
                    )),
            );
            return None;
        }
        let count: i64 = self.said.value(entry)?;
        let (unit, millis) = unit?;
        let most = LONGEST.millis() / i64::from(millis);
        let length = count.checked_mul(i64::from(millis));
        let length = length.and_then(|millis| Duration::from_millis(millis).ok());
        let within = (least..=most).contains(&count);
        let Some(length) = length.filter(|_| within) else {
            let message = format!("{} cannot be {count} {unit}", quote(key));
            self.said.say(
                Diagnostic::error(Code::OutOfRange, entry.1.span, message)
                    .allowed(format!("{least} to {most} {unit}"))
                    .remedy(format!("write a number of {unit}, or another `{unit_key}`")),
            );
            return None;
        };
        Some(Spanned::new(length, entry.0.span))
    }

    fn unit(&mut self, entry: Entry<'_>) -> Option<(&'static str, u32)> {
        let text = self.said.text(entry)?;
        let named = |(name, _): &&(&str, u32)| name.eq_ignore_ascii_case(text.trim());
        if let Some(unit) = UNITS.iter().find(named) {
            return Some(*unit);
        }
        let names = UNITS.map(|(name, _)| name);
        let message = format!("{} cannot be {}", quote(&entry.0.text), quote(&text));
        let diagnostic = Diagnostic::error(Code::UnknownValue, text.span, message);
        let diagnostic = diagnostic.allowed(names.join(", "));
        self.said.say(match closest(&text, names) {
            Some(near) => diagnostic.suggest(Some(near)),
            None => diagnostic.remedy("write DAYS or HOURS"),
        });
        None
    }

    /// A step of time or of the calendar.
    fn period(&mut self, entry: Entry<'_>) {
        let Some(text) = self.said.text(entry) else {
            return;
        };
        let is_iso = text.starts_with(['P', 'p']);
        let is_step = text.parse::<Granularity>().is_ok() || text.parse::<Duration>().is_ok();
        if is_iso && is_step {
            return;
        }
        let message = format!("{} is not an ISO 8601 period", quote(&text));
        let thing = quote(&entry.0.text);
        self.said.say(
            de::custom(&thing, &message, text.span)
                .allowed("ISO 8601 such as PT15M, PT1H, P1D or P1M")
                .remedy("write `P`, the number and the unit: P1D is a day, PT1H is an hour"),
        );
    }
}

/// The entry of `key`, where it has a value.
fn given<'n>(fields: &Fields<'n>, key: &str) -> Option<Entry<'n>> {
    fields.get(key).filter(|(_, node)| !node.is_null())
}
