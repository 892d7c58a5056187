//! The series that filters look at beside the anomaly's own.

use std::collections::BTreeMap;

use tuatara_core::{OtherSlice, ParamError, ParamWarning};
use tuatara_frame::SliceKey;

/// Dimensions, each with the values that count: as under `filters:`.
pub(crate) type DimensionFilters = BTreeMap<String, Vec<String>>;

/// Refuses a dimension without a value: it would leave no row.
pub(crate) fn checked(filters: Option<&DimensionFilters>) -> Result<(), ParamError> {
    let empty = filters.into_iter().flatten().find(|(_, v)| v.is_empty());
    let Some((dimension, _)) = empty else {
        return Ok(());
    };
    Err(ParamError::new(
        "filters",
        format!("{dimension} without a value"),
        "dimensions, each with a value or a list of values",
        "list the values that count, or delete the dimension",
    ))
}

/// `!us` and `>5` are operators elsewhere; here they are values like any other.
pub(crate) fn operators(filters: Option<&DimensionFilters>) -> Option<ParamWarning> {
    let mut values = filters.into_iter().flatten().flat_map(|(_, values)| values);
    let value = values.find(|value| value.starts_with(['!', '<', '>']))?;
    Some(ParamWarning::new(
        "filters",
        format!("`{value}` is compared as text, `{}` included", &value[..1]),
        "list the values that count",
    ))
}

/// `metric` of `dataset` where `filters` hold.
pub(crate) fn other_slice(
    dataset: Option<&str>,
    metric: &str,
    filters: &DimensionFilters,
) -> OtherSlice {
    let whole = SliceKey::new(metric);
    OtherSlice {
        dataset: dataset.map(str::to_owned),
        slice: filters.iter().fold(whole, |slice, (dimension, values)| {
            slice.with_any(dimension, values)
        }),
    }
}

/// Where it is, as a sentence says it.
pub(crate) fn in_words(other: &OtherSlice) -> String {
    match &other.dataset {
        None => other.slice.to_string(),
        Some(dataset) => format!("{} of {dataset}", other.slice),
    }
}
