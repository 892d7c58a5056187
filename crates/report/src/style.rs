//! Colours, patterns and the layout of the page.

/// The colours of drawings, in light and dark; part of every picture.
pub(crate) const CHART: &str = include_str!("chart.css");
/// The layout of the page.
pub(crate) const PAGE: &str = include_str!("page.css");
/// Zoom, hover, traces: the function `tuatara`.
pub(crate) const SCRIPT: &str = include_str!("page.js");
/// What calls it on a page of its own.
pub(crate) const START: &str = include_str!("page_start.js");
/// What is hatched: one pattern for each colour.
pub(crate) const PATTERNS: &str = include_str!("patterns.svg");
