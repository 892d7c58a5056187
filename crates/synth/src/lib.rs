//! Seeded generators of labelled series: data with known incidents, the same bits on every machine.
//!
//! | dataset           | step   | slices             | made by                                   |
//! |-------------------|--------|--------------------|-------------------------------------------|
//! | [`DAILY_REVENUE`] | `P1D`  | one                | [`daily_revenue()`], [`DailyRevenueSpec`] |
//! | [`HOURLY_ORDERS`] | `PT1H` | country × platform | [`hourly_orders()`], [`HourlyOrdersSpec`] |
//!
//! | building block | what it gives                                                         |
//! |----------------|-----------------------------------------------------------------------|
//! | [`draw`]       | uniform, whole and normal numbers from a pinned ChaCha8 stream        |
//! | [`season`]     | factors of the week, of the day, and of a month's last days           |
//! | [`trend`]      | compound growth                                                       |
//! | [`holiday`]    | holidays by rule, their dates in a year, their effect                 |
//! | [`noise`]      | autocorrelated relative noise, and whole counts around an expectation |
//! | [`inject`]     | incidents: a drop or a spike of stated size over a stated span        |
//!
//! The modules [`daily_revenue`](mod@daily_revenue) and [`hourly_orders`](mod@hourly_orders) have
//! the formulas and the rules of the incidents: how large they may be, how long, and where. The
//! rules and [`SEED`], the seed of the shipped files, come before any detector.
//!
//! A dataset is a function of its settings and a seed. The incidents and the noise of each slice
//! draw from streams of their own, so the noise is the same whether there are incidents or not, and
//! each row carries the value it would have had without them.
//!
//! ```
//! use tuatara_synth::{IncidentKind, SEED, generate};
//!
//! let dataset = generate("daily-revenue", None)?; // None: the seed of the shipped file
//! assert_eq!(dataset.seed(), SEED);
//! assert!(dataset.data_csv().starts_with("date,revenue\n2024-01-01,"));
//!
//! // The first incident lowered the metric by the share its label states.
//! let drop = dataset.labels().iter().find(|i| i.kind == IncidentKind::Drop).unwrap();
//! let row = dataset.rows().find(|row| row.time == drop.start).unwrap();
//! assert!((row.value / row.clean - (1.0 + drop.size)).abs() < 1e-6);
//! # Ok::<(), tuatara_synth::SynthError>(())
//! ```

mod catalogue;
pub mod daily_revenue;
mod dataset;
pub mod draw;
mod error;
pub mod holiday;
pub mod hourly_orders;
mod incident;
pub mod inject;
pub mod noise;
mod placement;
pub mod season;
pub mod trend;

pub use catalogue::{SEED, generate, names};
pub use daily_revenue::{DAILY_REVENUE, DailyRevenueSpec, daily_revenue};
pub use dataset::{Dataset, Row, SliceSeries};
pub use error::{Result, SynthError};
pub use hourly_orders::{HOURLY_ORDERS, HourlyOrdersSpec, hourly_orders};
pub use incident::{Incident, IncidentKind};
