//! Durations among the parameters, and what they are on a grid.

use tuatara_core::ParamError;
use tuatara_frame::{Duration, FrameError, TimeAxis};

/// Reads a duration.
pub(crate) fn duration(key: &'static str, text: &str) -> Result<Duration, ParamError> {
    text.parse().map_err(|error| {
        let remedy = match error {
            FrameError::DurationText { remedy, .. } => remedy,
            _ => "write a number and its unit",
        };
        let allowed = "a duration in ISO 8601 (PT15M, PT1H, P7D) or short (15m, 1h, 7d)";
        ParamError::new(key, text, allowed, remedy)
    })
}

/// Reads a duration that is not shorter than `least`.
pub(crate) fn duration_from(
    key: &'static str,
    text: &str,
    least: Duration,
    remedy: &str,
) -> Result<Duration, ParamError> {
    let found = duration(key, text)?;
    if found >= least {
        return Ok(found);
    }
    Err(ParamError::new(
        key,
        text,
        format!("a duration of at least {least}"),
        remedy,
    ))
}

/// How many whole buckets of `axis`, as long as they usually are, fit into `duration`.
pub(crate) fn buckets_within(duration: Duration, axis: &TimeAxis) -> usize {
    let step = axis.granularity().nominal().millis().max(1);
    usize::try_from(duration.millis() / step).unwrap_or(usize::MAX)
}

/// How many buckets of `axis` it takes to last `duration`.
pub(crate) fn buckets_to_last(duration: Duration, axis: &TimeAxis) -> usize {
    let step = axis.granularity().nominal().millis().max(1);
    let whole = duration.millis() / step + i64::from(duration.millis() % step > 0);
    usize::try_from(whole).unwrap_or(usize::MAX)
}
