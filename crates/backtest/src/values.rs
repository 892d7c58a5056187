//! The values of a setting that are to be tried.

use crate::{BacktestError, Result};

/// How many values a range has where that is not said.
const STEPS: usize = 11;

/// The most values that are tried.
const MOST: usize = 1000;

/// The values in `text`: a list with commas between, or a range of numbers, its ends among them.
///
/// ```
/// use tuatara_backtest::values;
///
/// assert_eq!(values("UP, DOWN")?, ["UP", "DOWN"]);
/// assert_eq!(values("0..10/6")?, ["0", "2", "4", "6", "8", "10"]);
/// assert_eq!(values("0.1..0.3/3")?, ["0.1", "0.2", "0.3"]);
/// assert_eq!(values("0..10")?.len(), 11);
/// # Ok::<(), tuatara_backtest::BacktestError>(())
/// ```
///
/// # Errors
/// [`BacktestError::BadValues`]
pub fn values(text: &str) -> Result<Vec<String>> {
    let refused = || BacktestError::BadValues {
        text: text.to_owned(),
    };
    let Some((low, rest)) = text.split_once("..") else {
        let list: Vec<String> = text
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect();
        let is_list = list.len() <= MOST && list.iter().all(|value| !value.is_empty());
        return is_list.then_some(list).ok_or_else(refused);
    };
    let (high, count) = match rest.split_once('/') {
        Some((high, count)) => (high, count.trim().parse().ok()),
        None => (rest, Some(STEPS)),
    };
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let count = count.filter(|count| (2..=MOST).contains(count));
    let (Some(low), Some(high), Some(count)) = (number(low), number(high), count) else {
        return Err(refused());
    };
    let at = |i: usize| {
        let share = i as f64 / (count - 1) as f64;
        let value = low + (high - low) * share;
        // Twelve digits are more than anybody sets, and hide that a tenth has no end in binary.
        let rounded: f64 = format!("{value:.11e}").parse().expect("it was a number");
        rounded.to_string()
    };
    Ok((0..count).map(at).collect())
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn what_is_no_list_of_values_is_refused_with_the_form() {
        for text in [
            "",
            "1,,2",
            "0..",
            "a..b",
            "0..1/1",
            "0..1/1001",
            "0..inf",
            "0..1/x",
        ] {
            let error = values(text).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("`{text}` is no list of values; allowed: ")),
                "{error}"
            );
        }
    }

    #[test]
    fn a_range_may_fall() {
        assert_eq!(values("1..0/3").unwrap(), ["1", "0.5", "0"]);
    }
}
