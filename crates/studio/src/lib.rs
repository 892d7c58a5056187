//! A live preview: the page of a report beside its specification, served on loopback, where turning a
//! knob shows at once what would have been found.
//!
//! | to …                                           | see                                            |
//! |------------------------------------------------|------------------------------------------------|
//! | say what is looked at                          | [`Studio`]                                     |
//! | show it in a browser                           | [`Studio::open`], [`Serving`]                  |
//!
//! ```
//! use std::sync::Arc;
//! # use tuatara::frame::{Frame, Granularity, Instant, Metric};
//! use tuatara_studio::Studio;
//!
//! # let mut builder = Frame::builder("shop", [Metric::new("orders")]).granularity(Granularity::days());
//! # for day in 0..28_i64 {
//! #     let midnight = Instant::from_millis(1_767_571_200_000 + day * 86_400_000)?;
//! #     builder.row(midnight, &[], &[if day == 24 { 60.0 } else { 100.0 }])?;
//! # }
//! # let frame = builder.build()?;
//! let spec = "
//! detectionName: orders drop
//! metric: orders
//! rules:
//!   - detection:
//!       - { name: week, type: PERCENTAGE_RULE, params: { offset: wo1w, percentageChange: 0.3 } }
//! ";
//! let studio = Studio::new(Arc::new(frame), "drop.yaml", spec);
//! let page = studio.open(0)?; // any port that is free
//! assert!(page.address().starts_with("http://127.0.0.1:"));
//! page.close();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The engine is the one that runs in production: what the page shows is what `tuatara preview` and
//! `tuatara backtest` say. Nothing is sampled, and nothing is written. Of requests that come while one is
//! worked on the latest alone is answered.
//!
//! The page binds to 127.0.0.1 alone. Its address holds a secret of 128 random bits; a request that does
//! not know it, that is addressed to another host, or that another page sends is refused, so that no other
//! page can read what is shown or drive it.

mod answer;
mod desk;
mod engine;
mod error;
mod figures;
mod guard;
mod knobs;
mod page;
mod read;
mod secret;
mod server;
mod studio;

pub use error::{Result, StudioError};
pub use server::Serving;
pub use studio::Studio;
