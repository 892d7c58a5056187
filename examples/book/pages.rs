//! The pages of the book whose code is tested here.

/// The first page of the project.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// What a report looks like.
#[cfg(doctest)]
#[doc = include_str!("../../docs/report.md")]
struct Report;
