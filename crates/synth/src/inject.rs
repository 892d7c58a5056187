//! Incidents, as factors on what a series would have been, or as values put in its place.
//!
//! ```text
//! drop   f_t ← f_t · (1 − share)        t in the span, share in (0, 1]
//! spike  f_t ← f_t · (1 + share)        t in the span, share above 0
//! shift  f_t ← f_t · (1 + share)        the same; share above −1 and not 0
//! gap    y_t ← absent                   a NaN
//! stuck  y_t ← y_{s−1}                  s the start of the span, above 0
//! ```
//!
//! A generator starts with factors of 1, injects, and multiplies them in before noise is rounded;
//! gaps and stuck stretches come last, over what a file would have held. Outside its span an
//! incident changes nothing; factors that overlap multiply.

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

/// Moves the factors of `span` to another level: 0.5 is half as much again, −0.5 half as much.
///
/// # Errors
/// [`SynthError::OutOfRange`] unless `share` is a finite number above −1 other than 0 and `span`
/// lies inside `factors`; then nothing has changed.
pub fn shift(factors: &mut [f64], span: Range<usize>, share: f64) -> Result<()> {
    let moves = if share.abs() > 0.0 { share } else { f64::NAN };
    require(
        "share of a shift",
        moves,
        [-1.0 + f64::EPSILON, f64::MAX],
        "(−1, 0) and (0, ∞)",
        "0.5 is half as much again",
    )?;
    scale(factors, span, 1.0 + share)
}

/// Makes the `values` of `span` absent: NaN.
///
/// # Errors
/// [`SynthError::OutOfRange`] unless `span` lies inside `values`; then nothing has changed.
pub fn gap(values: &mut [f64], span: Range<usize>) -> Result<()> {
    inside(values, &span)?.fill(f64::NAN);
    Ok(())
}

/// Makes all `values` of `span` the one before it, as if a collector repeated its last reading.
///
/// # Errors
/// [`SynthError::OutOfRange`] unless `span` lies inside `values` and begins after the first; then
/// nothing has changed.
pub fn stuck(values: &mut [f64], span: Range<usize>) -> Result<()> {
    let before = span.start.checked_sub(1);
    let held = before
        .and_then(|before| values.get(before).copied())
        .ok_or_else(|| outside(&span))?;
    inside(values, &span)?.fill(held);
    Ok(())
}

fn scale(factors: &mut [f64], span: Range<usize>, by: f64) -> Result<()> {
    for factor in inside(factors, &span)? {
        *factor *= by;
    }
    Ok(())
}

fn inside<'a>(series: &'a mut [f64], span: &Range<usize>) -> Result<&'a mut [f64]> {
    series.get_mut(span.clone()).ok_or_else(|| outside(span))
}

fn outside(span: &Range<usize>) -> SynthError {
    SynthError::OutOfRange {
        setting: "span of an incident",
        value: format!("{span:?}"),
        allowed: "the series",
        remedy: "let it start before it ends, and end no later than the series",
    }
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
    fn a_shift_moves_the_level_up_or_down() {
        let mut factors = [1.0; 4];
        shift(&mut factors, 2..4, 0.5).unwrap();
        shift(&mut factors, 1..2, -0.25).unwrap();
        assert_eq!(factors, [1.0, 0.75, 1.5, 1.5]);
        for share in [0.0, -1.0, f64::NAN] {
            assert!(shift(&mut factors, 0..1, share).is_err(), "{share}");
        }
    }

    #[test]
    fn a_gap_leaves_nothing_and_a_stuck_stretch_the_value_before_it() {
        let mut values = [1.0, 2.0, 3.0, 4.0, 5.0];
        stuck(&mut values, 1..3).unwrap();
        gap(&mut values, 3..4).unwrap();
        assert_eq!(values[..3], [1.0, 1.0, 1.0]);
        assert!(values[3].is_nan());
        assert_eq!(values[4], 5.0);
    }

    #[test]
    fn nothing_can_be_stuck_from_the_beginning_on() {
        let mut values = [1.0; 3];
        assert!(stuck(&mut values, 0..2).is_err());
        assert!(stuck(&mut values, 2..4).is_err());
        assert!(gap(&mut values, 2..4).is_err());
        assert_eq!(values, [1.0; 3]);
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
