//! What a detection would have done.
//!
//! Everything here runs the production engine over history; by the laws that it keeps, what it says
//! of a bucket is what it would have said then.
//!
//! | question                                            | answer                                  |
//! |-----------------------------------------------------|-----------------------------------------|
//! | what would it have told, when?                      | [`Ran`]                                 |
//! | what if data came late?                             | [`Late`]                                |
//! | what would an operator have counted, and what are the scores worth? | [`Backtest`], [`Figures`] |
//! | which of two specifications is better, or is it chance? | [`Comparison`]                      |
//! | what would another specification have told instead? | [`Diff`]                                |
//! | which incidents would it tell, how soon?            | [`inject`]                              |
//! | which value of a setting keeps to a budget of alerts? | [`Tuning`], [`Setting`], [`Budget`]   |
//!
//! ```
//! use tuatara::Detection;
//! use tuatara::frame::{Duration, Frame, Granularity, Instant, Interval, Metric};
//! use tuatara_backtest::{Backtest, Known, Ran};
//! use tuatara_metrics::labelled::read_incidents_from;
//!
//! // Forty days of which the 31st is an outage that was labelled, and the 36th a mere dip.
//! let mut rows = Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
//! for day in 0..40_i64 {
//!     let orders = [100.0, 40.0, 75.0][usize::from(day == 30) + 2 * usize::from(day == 35)];
//!     rows.row(Instant::from_millis(1_767_225_600_000 + day * 86_400_000)?, &[], &[orders])?;
//! }
//! let shop = rows.build()?;
//! let labels = "start,end\n2026-01-31,2026-02-01\n";
//! let known = read_incidents_from(labels.as_bytes(), "labels.csv", Default::default())?;
//!
//! let detection = Detection::from_yaml("
//! detectionName: drops
//! metric: orders
//! rules:
//!   - detection:
//!       - { name: drop, type: PERCENTAGE_RULE, params: { offset: median3w, percentageChange: 0.2 } }
//! ")?;
//! let ran = Ran::over(&detection, &shop, detection.extent(&shop)?, Duration::hours(2), None)?;
//! let mut backtest = Backtest::new(["drops"]);
//! backtest.add(None, &[(&ran, &shop)], &Known::Incidents(known))?;
//!
//! let contestants = backtest.contestants(1)?;
//! let operator = &contestants[0].total.operator;
//! assert_eq!((operator.alerts, operator.true_alerts, operator.share_found()), (2, 1, Some(1.0)));
//! // A day to its end, and two hours until its data were there.
//! assert_eq!(operator.median_delay().map(|delay| delay.report_minutes), Some(26.0 * 60.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backtest;
mod budget;
mod chance;
mod diff;
mod edit;
mod error;
mod figures;
pub mod inject;
mod known;
mod late;
mod outcome;
mod paired;
mod ran;
mod tune;
mod values;

pub use backtest::{Backtest, Contestant, EVERYTHING, RANDOM};
pub use budget::Budget;
pub use chance::{at_least, bootstrap_mean, sign_test, wilson};
pub use diff::{Change, Diff, Side};
pub use edit::Setting;
pub use error::{BacktestError, Result};
pub use figures::Figures;
pub use known::{Known, ScoredSeries};
pub use late::Late;
pub use outcome::Outcome;
pub use paired::{Comparison, PairedMeasure};
pub use ran::{Ran, Told};
pub use tune::{Chosen, Counted, Tried, Tuning};
pub use values::values;
