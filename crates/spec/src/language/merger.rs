//! `merger`: when anomalies become one.

use tuatara_frame::Duration;

use super::keys::Level;
use super::{MergeSpec, Reading};
use crate::diagnostic::quote;
use crate::fields::{Entry, Fields};
use crate::{Code, Diagnostic, de};

/// Longest gap or duration that can be set: ten years. A run without a state begins that much
/// earlier.
const LONGEST: Duration = Duration::days(3660);

/// Shortest `maxDuration`, as documented.
const SHORTEST: Duration = Duration::minutes(15);

impl Default for MergeSpec {
    /// 2 hours and 7 days.
    fn default() -> Self {
        Self {
            max_gap: Duration::hours(2),
            max_duration: Duration::days(7),
        }
    }
}

/// Where the two lengths are written.
pub(super) struct Lengths<'n> {
    gap: Option<Entry<'n>>,
    longest: Option<Entry<'n>>,
}

impl<'n> Lengths<'n> {
    pub(super) fn of(fields: &Fields<'n>) -> Self {
        Self {
            gap: fields.get("maxGap"),
            longest: fields.get("maxDuration"),
        }
    }
}

impl Reading<'_> {
    /// What is not written is as in `merge`.
    pub(super) fn merger(&mut self, entry: Option<Entry<'_>>, merge: MergeSpec) -> MergeSpec {
        let entry = entry.filter(|(_, node)| !node.is_null());
        let fields = entry.and_then(|(key, node)| self.said.fields(&Level::MERGER, node, key.span));
        match &fields {
            Some(fields) => self.lengths(Lengths::of(fields), merge),
            None => merge,
        }
    }

    /// Says what is probably not meant, once the rules have been read as well.
    pub(super) fn doubt_merger(&mut self, entry: Option<Entry<'_>>, merge: MergeSpec) {
        let written = |key| entry.and_then(|(_, node)| node.entry(key));
        self.doubt_merge(merge, written("maxGap"), written("maxDuration"));
    }

    pub(super) fn lengths(&mut self, lengths: Lengths<'_>, mut merge: MergeSpec) -> MergeSpec {
        let Lengths { gap, longest } = lengths;
        if let Some(gap) = gap.and_then(|entry| self.length(entry, Duration::ZERO)) {
            merge.max_gap = gap;
        }
        if let Some(longest) = longest.and_then(|entry| self.length(entry, SHORTEST)) {
            merge.max_duration = longest;
        }
        merge
    }

    /// A duration from `least` to ten years: whole milliseconds, or text with units.
    pub(super) fn length(&mut self, entry: Entry<'_>, least: Duration) -> Option<Duration> {
        const MEANT: &str = "milliseconds such as 3600000, ISO 8601 such as PT1H or P7D, or short \
                             such as 15m, 2h, 7d";
        let (key, node) = entry;
        let text: String = self.said.value(entry)?;
        let is_number = text
            .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
            && !text.ends_with(|c: char| c.is_ascii_alphabetic());
        let out_of_range = || {
            let message = format!("{} cannot be {}", quote(&key.text), quote(&text));
            Diagnostic::error(Code::OutOfRange, node.span, message)
                .allowed(format!("{least} to {LONGEST}"))
        };
        let length = if is_number {
            let millis: i64 = self.said.value(entry)?;
            match Duration::from_millis(millis) {
                Ok(length) => length,
                Err(_) => {
                    self.said
                        .say(out_of_range().remedy("a length of time is 0 or more"));
                    return None;
                }
            }
        } else {
            match text.parse::<Duration>() {
                Ok(length) => length,
                Err(error) => {
                    let thing = quote(&key.text);
                    self.said
                        .say(de::custom(&thing, &error.to_string(), node.span).allowed(MEANT));
                    return None;
                }
            }
        };
        if length < least {
            self.said
                .say(out_of_range().remedy(format!("write {least} or more")));
            return None;
        }
        if length > LONGEST {
            self.said
                .say(out_of_range().remedy("leave the key out for its default"));
            return None;
        }
        Some(length)
    }
}
