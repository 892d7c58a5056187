//! Instants as people read them.

use tuatara::Report;
use tuatara::frame::{Granularity, Instant, Resolved, Zone};

/// How instants are shown: by the clock of a zone, as fine as a step needs.
///
/// ```
/// use tuatara::frame::{Granularity, Instant, Zone};
/// use tuatara_report::Clock;
///
/// let clock = Clock { zone: Zone::UTC, granularity: Granularity::days() };
/// let noon: Instant = "2026-03-01T12:00:00Z".parse()?;
/// assert_eq!(clock.show(noon), "2026-03-01");
/// # Ok::<(), tuatara::frame::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Whose clock it is.
    pub zone: Zone,
    /// The step of the data.
    pub granularity: Granularity,
}

impl Clock {
    /// The local time, as fine as the step needs; with its instant where the clock shows it twice.
    pub fn show(&self, at: Instant) -> String {
        let local = self.zone.local(at);
        if self.granularity.is_civil() {
            return local.format("%Y-%m-%d").to_string();
        }
        let whole_minutes = self
            .granularity
            .step()
            .is_none_or(|step| step.millis() % 60_000 == 0);
        let form = if whole_minutes {
            "%Y-%m-%d %H:%M"
        } else {
            "%Y-%m-%d %H:%M:%S%.f"
        };
        let text = local.format(form).to_string();
        match self.zone.resolve(local) {
            Resolved::Doubled { .. } => format!("{text} ({at})"),
            _ => text,
        }
    }

    /// By the finest step of the rules of `report`, in `zone`, or in that of its first rule.
    pub(crate) fn of(report: &Report, zone: Option<Zone>) -> Self {
        let rules = || report.slices().iter().flat_map(|slice| slice.rules());
        let steps = rules().map(|rule| rule.axis().granularity());
        let finest = steps.min_by_key(|step| (step.nominal(), step.is_civil()));
        let first = rules().next().map(|rule| rule.axis().zone());
        Self {
            zone: zone.or(first).unwrap_or(Zone::UTC),
            granularity: finest.unwrap_or(Granularity::days()),
        }
    }
}
