#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | to …                                        | implement or use                              |
//! |---------------------------------------------|-----------------------------------------------|
//! | say what was expected                       | [`Forecaster`], filling a [`Forecast`]        |
//! | say how far off counts                      | [`Judge`], as a formula in [`judge`](mod@judge) |
//! | join the two                                | [`Judged`], a [`Detector`]                    |
//! | judge in another way                        | [`Detector`], filling an [`Evaluation`]       |
//! | know what a bucket may learn from           | [`past`]                                      |
//! | keep or drop an [`Anomaly`]                 | [`Filter`], answering a [`Judgement`]         |
//! | say how much it matters                     | [`Labeler`], answering a [`Label`]            |
//! | be named in a configuration                 | [`Params`]                                    |
//! | say what must happen at the same time       | [`Expression`], as a formula in [`expression`](mod@expression) |
//! | say which of many slices are watched        | [`Ranking`]                                   |
//! | print a number in a sentence                | [`Short`]                                     |
//! | compare detectors                           | [`score`]: above 1 ⇔ anomalous                |

mod anomaly;
mod detector;
mod error;
mod evaluation;
pub mod exact;
mod expectations;
pub mod expression;
mod filter;
mod forecast;
pub mod judge;
mod judgement;
mod labeler;
mod memo;
mod new_level;
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
pub use new_level::{NewLevel, NewLevels, Shift};
pub use param_doc::{Bounds, ParamDoc, TextForm};
pub use params::{BuildContext, Component, ParamError, ParamWarning, Params};
pub use ranking::{Explore, Ranking, RankingSpec};
pub use short::Short;
pub use suppression::Suppression;
pub use trace::{Detail, Fact, Unused};
pub use verdict::{Direction, Pattern, Verdict};
pub use verdicts::{Verdicts, VerdictsMut};
pub use window::{BLOCK, Lookback, Window};
