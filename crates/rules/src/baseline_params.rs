//! The parameters that offset rules and filters share.

use tuatara_baseline::{Baseline, BaselineError, Offset};
use tuatara_core::{ParamError, TextForm};

/// The form of `offset`.
pub(crate) const OFFSET: TextForm = TextForm::new("offset", Offset::PATTERN);

/// A setting that is there and a number: in documented configurations NaN means "not set".
pub(crate) fn set(value: Option<f64>) -> Option<f64> {
    value.filter(|value| !value.is_nan())
}

/// Refuses anything but a finite number that is not negative.
pub(crate) fn not_negative(
    key: &'static str,
    value: Option<f64>,
    remedy: &str,
) -> Result<Option<f64>, ParamError> {
    match set(value) {
        Some(value) if !(value.is_finite() && value >= 0.0) => {
            Err(ParamError::new(key, value, "a number in [0, ∞)", remedy))
        }
        value => Ok(value),
    }
}

/// Reads `offset`.
pub(crate) fn offset(text: &str) -> Result<Offset, ParamError> {
    text.parse::<Offset>().map_err(|error| {
        let (allowed, suggestion) = match &error {
            BaselineError::UnknownOffset { suggestion, .. } => (
                "current, none, hoNh, doNd, woNw, moNm, yoNy, \
                 or mean, median, min, max followed by N and h, d, w or m"
                    .to_owned(),
                suggestion.clone(),
            ),
            BaselineError::Count { allowed, .. } => (format!("a count N in {allowed}"), None),
            other => (other.to_string(), None),
        };
        ParamError::new(
            "offset",
            text,
            allowed,
            "wo1w compares with the week before, median4w with four weeks",
        )
        .with_suggestion(suggestion)
    })
}

/// Reads `offset` and `minLags`.
pub(crate) fn baseline(offset_text: &str, min_lags: Option<u32>) -> Result<Baseline, ParamError> {
    let offset = offset(offset_text)?;
    let lags = offset.lags().len().max(1);
    let baseline = Baseline::new(offset);
    let Some(min_lags) = min_lags else {
        return Ok(baseline);
    };
    baseline.with_min_lags(min_lags as usize).map_err(|_| {
        ParamError::new(
            "minLags",
            min_lags,
            format!("a whole number from 1 to {lags}, the lags of {offset_text}"),
            "leave it out to be content with one",
        )
    })
}
