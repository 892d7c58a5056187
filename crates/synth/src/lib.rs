#![doc = include_str!("../README.md")]
//!
//! # Contents
//!
//! | dataset                 | step   | slices             | made by                                       |
//! |-------------------------|--------|--------------------|-----------------------------------------------|
//! | [`DAILY_REVENUE`]       | `P1D`  | one                | [`daily_revenue()`], [`DailyRevenueSpec`]     |
//! | [`FIVE_MINUTE_CPU`]     | `PT5M` | one                | [`five_minute_cpu()`], [`FiveMinuteCpuSpec`]  |
//! | [`FIVE_MINUTE_LATENCY`] | `PT5M` | four services      | [`five_minute_latency()`]                     |
//! | [`HOURLY_ORDERS`]       | `PT1H` | country × platform | [`hourly_orders()`], [`HourlyOrdersSpec`]     |
//! | [`HOURLY_SENSORS`]      | `PT1H` | twelve sensors     | [`hourly_sensors()`]                          |
//! | [`HOURLY_VISITS`]       | `PT1H` | three sites        | [`hourly_visits()`]                           |
//!
//! | building block | what it gives                                                         |
//! |----------------|-----------------------------------------------------------------------|
//! | [`draw`]       | uniform, whole and normal numbers from a pinned ChaCha8 stream        |
//! | [`season`]     | factors of the week, of the day, and of a month's last days           |
//! | [`trend`]      | compound growth                                                       |
//! | [`holiday`]    | holidays by rule, their dates in a year, their effect                 |
//! | [`noise`]      | autocorrelated relative noise, and whole counts around an expectation |
//! | [`inject`]     | incidents: drop, spike, shift, gap, stuck, over a stated span         |
//!
//! | sets for networks | what they give                                                                |
//! |-------------------|-------------------------------------------------------------------------------|
//! | [`alertiger`]     | labelled daily series by the recipe that AlerTiger was trained on             |
//! | [`training`]      | labelled series of every kind, daily, hourly and weekly, fresh in every epoch |

pub mod alertiger;
mod catalogue;
mod cause;
pub mod daily_revenue;
mod data_file;
mod dataset;
pub mod draw;
mod error;
pub mod five_minute_cpu;
pub mod five_minute_latency;
pub mod holiday;
pub mod hourly_orders;
pub mod hourly_sensors;
pub mod hourly_visits;
mod incident;
pub mod inject;
mod labelled;
pub mod noise;
mod placement;
mod plan;
pub mod season;
pub mod training;
pub mod trend;

pub use catalogue::{SEED, generate, names};
pub use daily_revenue::{DAILY_REVENUE, DailyRevenueSpec, daily_revenue};
pub use data_file::DataFile;
pub use dataset::{Dataset, Row, SliceSeries};
pub use error::{Result, SynthError};
pub use five_minute_cpu::{FIVE_MINUTE_CPU, FiveMinuteCpuSpec, five_minute_cpu};
pub use five_minute_latency::{FIVE_MINUTE_LATENCY, five_minute_latency};
pub use hourly_orders::{HOURLY_ORDERS, HourlyOrdersSpec, hourly_orders};
pub use hourly_sensors::{HOURLY_SENSORS, hourly_sensors};
pub use hourly_visits::{HOURLY_VISITS, hourly_visits};
pub use incident::{Incident, IncidentKind};
pub use labelled::{Anomaly, AnomalyKind, Cadence, LabelledSeries};
