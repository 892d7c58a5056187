//! Names of slices: one metric under one filter.
//!
//! ```text
//! revenue                                 the metric as a whole
//! revenue{country=US,platform=ios}        both must hold
//! revenue{country=CA|US}                  either value will do
//! ```
//!
//! Dimensions and values are sorted, so that one slice has one name; the name appears in ids and
//! files. A `\` stands before each of `{ } = , | \` inside a name or value.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;
use crate::{FrameError, TimeAxis};

/// One metric under one filter, the name of a series.
///
/// ```
/// use tuatara_frame::SliceKey;
///
/// let slice = SliceKey::new("revenue").with("platform", "ios").with_any("country", ["US", "CA"]);
/// assert_eq!(slice.to_string(), "revenue{country=CA|US,platform=ios}");
/// assert_eq!("revenue{platform=ios,country=US|CA}".parse::<SliceKey>()?, slice);
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SliceKey {
    metric: String,
    dimensions: Vec<(String, Vec<String>)>,
}

impl SliceKey {
    /// The metric as a whole, without a filter.
    pub fn new(metric: impl Into<String>) -> Self {
        Self {
            metric: metric.into(),
            dimensions: Vec::new(),
        }
    }

    /// The same slice where `dimension` must be `value`, or one of the values that it was allowed
    /// to have before.
    #[must_use]
    pub fn with(self, dimension: impl Into<String>, value: impl Into<String>) -> Self {
        self.with_any(dimension, [value])
    }

    /// The same slice where `dimension` must be one of `values`, or one of those that it was
    /// allowed to have before. No values: nothing changes.
    #[must_use]
    pub fn with_any<V: Into<String>>(
        mut self,
        dimension: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let mut values = values.into_iter().map(Into::into).peekable();
        if values.peek().is_none() {
            return self;
        }
        let dimension = dimension.into();
        let at = match self
            .dimensions
            .binary_search_by(|(name, _)| name.cmp(&dimension))
        {
            Ok(at) => at,
            Err(at) => {
                self.dimensions.insert(at, (dimension, Vec::new()));
                at
            }
        };
        let allowed = &mut self.dimensions[at].1;
        allowed.extend(values);
        allowed.sort();
        allowed.dedup();
        self
    }

    /// The same filter on another metric.
    #[must_use]
    pub fn of_metric(&self, metric: impl Into<String>) -> Self {
        Self {
            metric: metric.into(),
            dimensions: self.dimensions.clone(),
        }
    }

    /// The name of the metric.
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The filter: dimensions in order of name, each with its allowed values in order. All
    /// dimensions must hold; within one, any value will do. No list of values is empty.
    pub fn dimensions(&self) -> &[(String, Vec<String>)] {
        &self.dimensions
    }
}

const SPECIAL: &str = "{}=,|\\";

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    for part in text.split_inclusive(|c| SPECIAL.contains(c)) {
        match part.chars().next_back() {
            Some(last) if SPECIAL.contains(last) => {
                write!(f, "{}\\{last}", &part[..part.len() - last.len_utf8()])?;
            }
            _ => f.write_str(part)?,
        }
    }
    Ok(())
}

impl fmt::Display for SliceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_escaped(f, &self.metric)?;
        for (i, (dimension, values)) in self.dimensions.iter().enumerate() {
            f.write_str(if i == 0 { "{" } else { "," })?;
            write_escaped(f, dimension)?;
            for (j, value) in values.iter().enumerate() {
                f.write_str(if j == 0 { "=" } else { "|" })?;
                write_escaped(f, value)?;
            }
        }
        if self.dimensions.is_empty() {
            Ok(())
        } else {
            f.write_str("}")
        }
    }
}

/// The text of a key cut at its special characters: names with the mark that follows each.
struct Cuts<'a> {
    text: &'a str,
    at: usize,
}

impl Cuts<'_> {
    fn refuse(&self, at: usize, problem: &'static str) -> FrameError {
        FrameError::SliceText {
            text: self.text.to_owned(),
            at: at + 1,
            problem,
        }
    }

    /// The next name, freed of its escapes, and the special character after it (`None`: the end).
    fn next(&mut self) -> Result<(String, Option<char>), FrameError> {
        let mut name = String::new();
        let mut chars = self.text[self.at..].char_indices();
        while let Some((offset, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, escaped)) if SPECIAL.contains(escaped) => name.push(escaped),
                    _ => {
                        let problem = "a `\\` stands only before one of `{}=,|\\`";
                        return Err(self.refuse(self.at + offset, problem));
                    }
                },
                c if SPECIAL.contains(c) => {
                    self.at += offset + c.len_utf8();
                    return Ok((name, Some(c)));
                }
                c => name.push(c),
            }
        }
        self.at = self.text.len();
        Ok((name, None))
    }
}

impl FromStr for SliceKey {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let mut cuts = Cuts { text, at: 0 };
        let (metric, mut mark) = cuts.next()?;
        let mut dimensions = BTreeMap::new();
        if mark == Some('{') {
            loop {
                let start = cuts.at;
                let (dimension, equals) = cuts.next()?;
                if equals != Some('=') {
                    return Err(cuts.refuse(start, "`dimension=value` is expected here"));
                }
                let mut values = Vec::new();
                loop {
                    let (value, after) = cuts.next()?;
                    values.push(value);
                    mark = after;
                    if mark != Some('|') {
                        break;
                    }
                }
                if dimensions.insert(dimension, values).is_some() {
                    return Err(
                        cuts.refuse(start, "a dimension stands here twice; write `name=a|b`")
                    );
                }
                if mark != Some(',') {
                    break;
                }
            }
            if mark != Some('}') {
                return Err(cuts.refuse(cuts.at, "`}` is missing after the last value"));
            }
            if cuts.at < text.len() {
                return Err(cuts.refuse(cuts.at, "nothing may follow the closing `}`"));
            }
        } else if mark.is_some() {
            let problem = "this character needs a `\\` before it in a metric's name";
            return Err(cuts.refuse(cuts.at - 1, problem));
        }
        Ok(dimensions
            .into_iter()
            .fold(Self::new(metric), |key, (dimension, values)| {
                key.with_any(dimension, values)
            }))
    }
}

serde_as_text!(SliceKey, "a slice such as `revenue{country=US}`");

/// A question to a [`Source`](crate::Source): this slice on that grid.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceRequest {
    /// Which rows.
    pub slice: SliceKey,
    /// The buckets that are to be filled.
    pub axis: TimeAxis,
}

/// A question to a [`Source`](crate::Source): which slices are there?
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exploration {
    /// The metric that the slices measure.
    pub metric: String,
    /// The dimensions to take apart: one slice for each combination of their values. Without any,
    /// there is one slice.
    pub dimensions: Vec<String>,
    /// Only rows whose dimension has one of the values; all filters must hold. A filter on a
    /// dimension that is not taken apart becomes part of every slice. Two filters on one dimension
    /// are one filter with the values of both; one without values filters nothing.
    pub filters: Vec<(String, Vec<String>)>,
}

impl Exploration {
    /// The metric as a whole: nothing taken apart, nothing filtered.
    pub fn of(metric: impl Into<String>) -> Self {
        Self {
            metric: metric.into(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_slice_has_one_name_however_it_is_put_together() {
        let key = SliceKey::new("revenue")
            .with("platform", "ios")
            .with("country", "US");
        assert_eq!(key.to_string(), "revenue{country=US,platform=ios}");
        let again = SliceKey::new("m")
            .with("c", "US")
            .with("c", "CA")
            .with("c", "US");
        assert_eq!(again.to_string(), "m{c=CA|US}");
        assert_eq!(SliceKey::new("m").with_any("c", [""; 0]).to_string(), "m");
    }

    #[test]
    fn special_characters_are_escaped() {
        let key = SliceKey::new("a{b").with("x=y", r"1,2|3\4}");
        assert_eq!(key.to_string(), r"a\{b{x\=y=1\,2\|3\\4\}}");
    }

    #[test]
    fn a_broken_name_says_where_and_what() {
        let refused = |text: &str| text.parse::<SliceKey>().unwrap_err().to_string();
        let cases = [
            ("m{a}", 3, "`dimension=value` is expected here"),
            ("m{a=1", 6, "`}` is missing after the last value"),
            ("m{a=1}x", 7, "nothing may follow the closing `}`"),
            (
                "m{a=1,a=2}",
                7,
                "a dimension stands here twice; write `name=a|b`",
            ),
            (
                "m=1",
                2,
                "this character needs a `\\` before it in a metric's name",
            ),
            (r"m\n", 2, r"a `\` stands only before one of `{}=,|\`"),
        ];
        for (text, at, problem) in cases {
            let message = format!(
                "`{text}` is not a slice: at byte {at}, {problem}; allowed: \
                 `metric{{dimension=value,other=a|b}}`"
            );
            assert_eq!(refused(text), message);
        }
        for text in ["m{", "m{}", "m{a=1=2}", "m}", "m{a=1,}", "\\"] {
            assert!(text.parse::<SliceKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn in_files_a_slice_is_text() {
        let key = SliceKey::new("m").with("c", "US");
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(text, "\"m{c=US}\"");
        assert_eq!(serde_json::from_str::<SliceKey>(&text).unwrap(), key);
    }

    fn name() -> impl Strategy<Value = String> {
        r"[a-c{}=,|\\é ]{0,4}"
    }

    proptest! {
        #[test]
        fn every_key_is_read_back_from_its_text(
            metric in name(),
            dimensions in prop::collection::vec((name(), prop::collection::vec(name(), 1..4)), 0..4),
        ) {
            let key = dimensions
                .into_iter()
                .fold(SliceKey::new(metric), |key, (name, values)| key.with_any(name, values));
            prop_assert_eq!(key.to_string().parse::<SliceKey>().unwrap(), key);
        }

        #[test]
        fn whatever_is_read_is_read_back_the_same(text in r"[ab{}=,|\\]{0,12}") {
            if let Ok(key) = text.parse::<SliceKey>() {
                prop_assert_eq!(key.to_string().parse::<SliceKey>().unwrap(), key);
            }
        }
    }
}
