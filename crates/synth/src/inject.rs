//! Incidents, as factors on what a series would have been.
//!
//! ```text
//! drop   f_t ← f_t · (1 − share)        t in the span, share in (0, 1]
//! spike  f_t ← f_t · (1 + share)        t in the span, share above 0
//! ```
//!
//! A generator starts with factors of 1, injects, and multiplies them in before noise is rounded to
//! counts. Outside its span an incident changes nothing; incidents that overlap multiply.

use std::ops::Range;

use crate::error::{Result, SynthError, require};

/// Lowers the factors of `span` by `share`: 0.4 takes forty per cent away, 1 everything.
///
/// # Errors
/// [`SynthError::OutOfRange`] unless `share` is in (0, 1] and `span` lies inside `factors`; then
/// nothing has changed.
pub fn drop(factors: &mut [f64], span: Range<usize>, share: f64) -> Result<()> {
    let range = [f64::MIN_POSITIVE, 1.0];
    require(
        "share of a drop",
        share,
        range,
        "(0, 1]",
        "0.4 takes forty per cent away",
    )?;
    scale(factors, span, 1.0 - share)
}

/// Raises the factors of `span` by `share`: 0.6 adds sixty per cent.
///
/// # Errors
/// [`SynthError::OutOfRange`] unless `share` is a finite number above 0 and `span` lies inside
/// `factors`; then nothing has changed.
pub fn spike(factors: &mut [f64], span: Range<usize>, share: f64) -> Result<()> {
    let range = [f64::MIN_POSITIVE, f64::MAX];
    require(
        "share of a spike",
        share,
        range,
        "(0, ∞)",
        "0.6 adds sixty per cent",
    )?;
    scale(factors, span, 1.0 + share)
}

fn scale(factors: &mut [f64], span: Range<usize>, by: f64) -> Result<()> {
    let Some(hit) = factors.get_mut(span.clone()) else {
        return Err(SynthError::OutOfRange {
            setting: "span of an incident",
            value: format!("{span:?}"),
            allowed: "the series",
            remedy: "let it start before it ends, and end no later than the series",
        });
    };
    for factor in hit {
        *factor *= by;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // the factors here are exact in binary
mod tests {
    use super::*;

    #[test]
    fn a_drop_takes_its_share_away_inside_its_span_only() {
        let mut factors = [1.0; 5];
        drop(&mut factors, 1..3, 0.25).unwrap();
        assert_eq!(factors, [1.0, 0.75, 0.75, 1.0, 1.0]);
    }

    #[test]
    fn a_spike_adds_its_share_and_multiplies_with_an_earlier_drop() {
        let mut factors = [1.0; 4];
        drop(&mut factors, 0..2, 0.5).unwrap();
        spike(&mut factors, 1..3, 0.5).unwrap();
        assert_eq!(factors, [0.5, 0.75, 1.5, 1.0]);
    }

    #[test]
    fn a_drop_of_everything_leaves_zero() {
        let mut factors = [1.0; 2];
        drop(&mut factors, 0..2, 1.0).unwrap();
        assert_eq!(factors, [0.0, 0.0]);
    }

    #[test]
    fn a_share_or_span_outside_its_range_is_refused_and_changes_nothing() {
        let mut factors = [1.0; 3];
        assert_eq!(
            drop(&mut factors, 0..1, 1.5).unwrap_err().to_string(),
            "share of a drop is 1.5, outside (0, 1]; 0.4 takes forty per cent away"
        );
        assert_eq!(
            spike(&mut factors, 0..1, 0.0).unwrap_err().to_string(),
            "share of a spike is 0, outside (0, ∞); 0.6 adds sixty per cent"
        );
        assert!(spike(&mut factors, 0..1, f64::INFINITY).is_err());
        assert_eq!(
            spike(&mut factors, 2..4, 0.5).unwrap_err().to_string(),
            "span of an incident is 2..4, outside the series; let it start before it ends, and end no later than \
             the series"
        );
        assert_eq!(factors, [1.0; 3]);
    }
}
