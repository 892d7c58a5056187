//! The contracts of Tuatara: what a forecaster, a detector, a filter and a labeler promise, and the
//! words in which they answer. Whoever writes a detector of their own needs this crate alone; the
//! types of time and data are at hand as [`frame`].
//!
//! | to …                                        | implement or use                              |
//! |---------------------------------------------|-----------------------------------------------|
//! | say what was expected                       | [`Forecaster`], filling a [`Forecast`]        |
//! | say how far off counts                      | [`Judge`]                                     |
//! | join the two                                | [`Judged`], a [`Detector`]                    |
//! | judge in another way                        | [`Detector`], filling an [`Evaluation`]       |
//! | know what a bucket may learn from           | [`past`]                                      |
//! | keep or drop an [`Anomaly`]                 | [`Filter`], answering a [`Judgement`]         |
//! | say how much it matters                     | [`Labeler`], answering a [`Label`]            |
//! | be named in a configuration                 | [`Params`]                                    |
//! | say what must happen at the same time       | [`Expression`]                                |
//! | say which of many slices are watched        | [`Ranking`]                                   |
//! | print a number in a sentence                | [`Short`]                                     |
//! | compare detectors                           | [`score`]: above 1 ⇔ anomalous                |
//!
//! A forecaster of one's own, and a detector for free:
//!
//! ```
//! use tuatara_core::*;
//! use tuatara_core::frame::{Granularity, Interval, Series, SeriesView, TimeAxis, Zone};
//!
//! /// Expects the previous value again.
//! #[derive(Debug)]
//! struct Naive;
//!
//! impl Forecaster for Naive {
//!     fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
//!         Ok(Lookback::buckets(1))
//!     }
//!     fn forecast(
//!         &self,
//!         series: SeriesView<'_>,
//!         window: Window,
//!         _: &mut Memo,
//!         out: &mut Forecast,
//!     ) -> Result<()> {
//!         let columns = out.columns(window.len());
//!         for (row, i) in window.range().enumerate() {
//!             let previous = i.checked_sub(1).map_or(f64::NAN, |i| series.values()[i]);
//!             columns.expected[row] = previous;
//!             columns.width[row] = 0.0;
//!         }
//!         Ok(())
//!     }
//! }
//!
//! let days = Interval::new("2026-01-01T00:00:00Z".parse()?, "2026-01-04T00:00:00Z".parse()?)?;
//! let axis = TimeAxis::covering(Granularity::days(), Zone::UTC, days)?;
//! let series = Series::new(axis, vec![100.0, 104.0, 60.0])?;
//!
//! let detector = Judged::new(Naive, Judge::new(Pattern::Down).with_min_rel(0.1)?);
//! let mut rows = Evaluation::default();
//! let window = Window::whole(series.axis());
//! detector.evaluate(series.view(), window, &mut Memo::default(), &mut rows)?;
//! assert_eq!(
//!     rows.verdict(),
//!     [Verdict::NoBaseline, Verdict::Normal, Verdict::Anomalous(Direction::Down)]
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anomaly;
mod detector;
mod error;
mod evaluation;
pub mod exact;
mod expectations;
mod expression;
mod filter;
mod forecast;
mod judge;
mod judgement;
mod labeler;
mod memo;
mod param_doc;
mod params;
pub mod past;
pub mod ranking;
pub mod score;
mod short;
mod sparse;
mod stretch;
mod suppression;
mod trace;
mod verdict;
mod verdicts;
mod window;

pub use tuatara_frame as frame;

pub use anomaly::{Anomaly, AnomalyId, Peak, Severity, Status};
pub use detector::{Detector, Judged};
pub use error::{DetectError, FilterError, Result};
pub use evaluation::{Evaluation, EvaluationColumns, Internals, LANES, Lanes, Row};
pub use expectations::Expectations;
pub use expression::{Expression, ExpressionError};
pub use filter::{Evidence, Filter, Needs, OtherSeries, OtherSlice};
pub use forecast::{Forecast, ForecastColumns, Forecaster, Readiness, Unready};
pub use judge::{Judge, unjudged_because};
pub use judgement::Judgement;
pub use labeler::{Label, Labeler};
pub use memo::Memo;
pub use param_doc::{Bounds, ParamDoc, TextForm};
pub use params::{BuildContext, Component, ParamError, ParamWarning, Params};
pub use ranking::{Explore, Ranking, RankingSpec};
pub use short::Short;
pub use suppression::Suppression;
pub use trace::{Detail, Fact, Unused};
pub use verdict::{Direction, Pattern, Verdict};
pub use verdicts::{Verdicts, VerdictsMut};
pub use window::{BLOCK, Lookback, Window};
