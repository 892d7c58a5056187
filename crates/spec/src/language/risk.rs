//! Settings that are allowed and probably not meant together.

use tuatara_frame::Duration;

use super::{MergeSpec, Reading};
use crate::fields::Entry;
use crate::tree::Node;
use crate::{Code, Diagnostic, Span, Spanned};

/// The one type this crate knows by name: what it measures depends on the merger, which is read
/// here, so that only here the two can be seen together.
const DURATION_FILTER: &str = "DURATION_FILTER";

/// A duration filter that was met.
pub(super) struct DurationFilter {
    at: Span,
    shortest: Option<Spanned<Duration>>,
}

impl Reading<'_> {
    /// Remembers a duration filter until the merger is known.
    pub(super) fn note_duration_filter(
        &mut self,
        canonical: &str,
        type_name: &Spanned<String>,
        params: &Node,
    ) {
        if canonical != DURATION_FILTER {
            return;
        }
        let shortest = params.get("minDuration").and_then(|node| {
            let duration = node.as_text()?.parse().ok()?;
            Some(Spanned::new(duration, node.span))
        });
        self.duration_filters.push(DurationFilter {
            at: type_name.span,
            shortest,
        });
    }

    /// Warns of mergers that work against themselves, thinning or duration filters.
    pub(super) fn doubt_merge(
        &mut self,
        merge: MergeSpec,
        gap: Option<Entry<'_>>,
        longest: Option<Entry<'_>>,
    ) {
        let MergeSpec {
            max_gap,
            max_duration,
        } = merge;
        let related = |diagnostic: Diagnostic, entry: Option<Entry<'_>>, label: &str| match entry {
            Some((key, _)) => diagnostic.related(key.span, label),
            None => diagnostic,
        };
        if let Some((key, _)) = gap.or(longest).filter(|_| max_gap > max_duration) {
            let message = format!(
                "`maxGap` is {max_gap}, longer than `maxDuration`, {max_duration}: anomalies \
                 that far apart never become one"
            );
            self.said.say(
                Diagnostic::warning(Code::RiskyPair, key.span, message)
                    .remedy("choose a gap well below the longest duration"),
            );
        }
        for quiet in std::mem::take(&mut self.quiets) {
            let warning = if quiet.value <= max_gap && quiet.value > Duration::ZERO {
                let message = format!(
                    "`quiet` is {}, and what lies within `maxGap`, {max_gap}, is merged anyway: it \
                     leaves nothing out",
                    quiet.value
                );
                let remedy = format!("set `quiet` above {max_gap}, or a shorter `maxGap`");
                (message, remedy, gap, "this gap is merged across")
            } else if quiet.value > max_duration {
                let message = format!(
                    "`quiet` is {}, longer than an anomaly may last, {max_duration}: after a \
                     bucket that counts nothing new is told for longer than that",
                    quiet.value
                );
                let remedy = format!("choose a `quiet` of {max_duration} or less");
                (message, remedy, longest, "the longest duration is set here")
            } else {
                continue;
            };
            let (message, remedy, entry, label) = warning;
            let warning = Diagnostic::warning(Code::RiskyPair, quiet.span, message).remedy(remedy);
            self.said.say(related(warning, entry, label));
        }
        for filter in std::mem::take(&mut self.duration_filters) {
            if max_gap > Duration::ZERO {
                let message = format!(
                    "{DURATION_FILTER} measures anomalies after merging, and gaps of up to \
                     {max_gap} are merged: two short ones can count as one long one"
                );
                let warning = Diagnostic::warning(Code::RiskyPair, filter.at, message).remedy(
                    "set `maxGap: 0` under `merger:` to measure each run of anomalous buckets",
                );
                self.said
                    .say(related(warning, gap, "this gap is merged across"));
            }
            if let Some(shortest) = filter.shortest.filter(|s| s.value > max_duration) {
                let message = format!(
                    "`minDuration` is {}, but no anomaly is longer than `maxDuration`, \
                     {max_duration}: nothing passes",
                    shortest.value
                );
                let warning = Diagnostic::warning(Code::RiskyPair, shortest.span, message).remedy(
                    format!("set `maxDuration` under `merger:` above {}", shortest.value),
                );
                self.said.say(related(
                    warning,
                    longest,
                    "the longest duration is set here",
                ));
            }
        }
    }
}
