//! What a suppression window says of an anomaly, and by which numbers.

use std::fmt;

use serde::{Deserialize, Serialize};
use tuatara_frame::events::SuppressionWindow;
use tuatara_frame::{Instant, Interval};

use crate::{Anomaly, Short, exact};

/// What a suppression window says of an anomaly that starts in it.
///
/// ```text
/// applies  ⇔  expected − deviation ≤ change ≤ expected + deviation      always without the two
/// ```
///
/// `change` is the [relative deviation](Anomaly::relative_deviation) of the anomaly; where it is
/// NaN, a window that is meant for a change does not apply. A suppressed anomaly is marked and
/// otherwise as it was: nobody has said that it was real, or that it was none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Suppression {
    /// The name of the event whose window it is.
    pub event: String,
    /// The window, with its margins.
    pub window: Interval,
    /// Whether it suppresses the anomaly.
    pub applies: bool,
    /// How far the anomaly was from what was expected, a fraction with its sign.
    #[serde(with = "exact")]
    pub change: f64,
    /// The change that the window is meant for, a fraction; NaN where it is meant for any.
    #[serde(with = "exact")]
    pub expected_change: f64,
    /// How far from that is acceptable, a fraction; NaN where any change is meant.
    #[serde(with = "exact")]
    pub acceptable_deviation: f64,
}

impl Suppression {
    /// What `window` says of `anomaly` as of the instant `as_of`; nothing of one that does not
    /// start in it, or as long as the window is not known.
    pub fn by(window: &SuppressionWindow, anomaly: &Anomaly, as_of: Instant) -> Option<Self> {
        let starts_in_it = window.interval().contains(anomaly.interval.start());
        if !starts_in_it || window.known_at() > as_of {
            return None;
        }
        let (change, meant) = (anomaly.relative_deviation(), window.change());
        Some(Self {
            event: window.event().to_owned(),
            window: window.interval(),
            applies: meant.is_none_or(|meant| meant.admits(change)),
            change,
            expected_change: meant.map_or(f64::NAN, |meant| meant.expected()),
            acceptable_deviation: meant.map_or(f64::NAN, |meant| meant.deviation()),
        })
    }

    /// Whether it is of the same window as `other`.
    pub fn is_of_window_of(&self, other: &Self) -> bool {
        (self.window, &self.event) == (other.window, &other.event)
    }
}

fn percent(fraction: f64) -> String {
    format!("{} %", Short(fraction * 100.0))
}

impl fmt::Display for Suppression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            event,
            window,
            applies,
            change,
            expected_change,
            acceptable_deviation,
        } = self;
        f.write_str(if *applies { "" } else { "not " })?;
        let (start, end) = (window.start(), window.end());
        write!(
            f,
            "suppressed by the event {event:?}: it starts in {start} to {end}"
        )?;
        if expected_change.is_nan() {
            return Ok(());
        }
        let meant = format!(
            "{} ± {}",
            percent(*expected_change),
            percent(*acceptable_deviation)
        );
        match (change.is_nan(), applies) {
            (true, _) => write!(f, ", but no change can be measured to compare with {meant}"),
            (_, true) => write!(
                f,
                ", and its change, {}, lies within {meant}",
                percent(*change)
            ),
            (_, false) => write!(
                f,
                ", but its change, {}, lies outside {meant}",
                percent(*change)
            ),
        }
    }
}
