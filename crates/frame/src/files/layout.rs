//! How the values of a file are laid out.

use std::fmt;
use std::str::FromStr;

use crate::FrameError;
use crate::closest;
use crate::files::FileError;

/// How the values of a file are laid out; see the [table of forms](crate::files).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    /// `long`: a table with one row per stamp and combination of dimension values.
    Long,
    /// `wide`: a table with one row per stamp and one column per series.
    Wide,
    /// `series`: a table with one row per series; its first column names the series, the others
    /// hold the values at successive steps.
    Series,
    /// `ndjson`: one JSON object a line, each a row.
    Ndjson,
    /// `prometheus`: the answer of a Prometheus server to `query_range`, one JSON document.
    Prometheus,
}

impl Layout {
    /// All of them, in the order in which they are documented.
    pub const ALL: [Self; 5] = [
        Self::Long,
        Self::Wide,
        Self::Series,
        Self::Ndjson,
        Self::Prometheus,
    ];

    /// The name in text: `long`, `wide`, `series`, `ndjson`, `prometheus`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Wide => "wide",
            Self::Series => "series",
            Self::Ndjson => "ndjson",
            Self::Prometheus => "prometheus",
        }
    }

    /// Whether it is a table of cells between delimiters.
    pub(super) const fn is_table(self) -> bool {
        matches!(self, Self::Long | Self::Wide | Self::Series)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Layout {
    type Err = FrameError;

    fn from_str(text: &str) -> Result<Self, FrameError> {
        let wanted = text.trim();
        let known = Self::ALL
            .into_iter()
            .find(|layout| wanted.eq_ignore_ascii_case(layout.name()));
        known.ok_or_else(|| {
            FileError::LayoutText {
                text: text.to_owned(),
                suggestion: closest(wanted, Self::ALL.map(Self::name)),
            }
            .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_read_in_any_case_and_written_in_one() {
        for layout in Layout::ALL {
            assert_eq!(layout.to_string().parse::<Layout>().unwrap(), layout);
            let shouted = layout.name().to_uppercase();
            assert_eq!(shouted.parse::<Layout>().unwrap(), layout);
        }
    }

    #[test]
    fn another_word_is_refused_with_the_nearest_layout() {
        assert_eq!(
            "njson".parse::<Layout>().unwrap_err().to_string(),
            "`njson` is not a layout; allowed: long, wide, series, ndjson, prometheus; did you mean \
             `ndjson`?"
        );
    }
}
