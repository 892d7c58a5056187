//! What is known of the calendar: holidays, campaigns, deploys, incidents, as data.
//!
//! | to …                                             | see                                       |
//! |--------------------------------------------------|-------------------------------------------|
//! | say what happens when, and what that means       | [`CalendarEvent`]                         |
//! | have several, and the holidays of a country      | [`EventCalendar`], [`Country`]            |
//! | know what of it holds for one series             | [`EventCalendar::within`], [`SliceEvents`] |
//! | read a table of events                           | `files::read_calendar` (feature `files`)  |
//!
//! An event does up to three things in the time from its start less the margin before to its end
//! plus the margin after:
//!
//! - *left out*, it does not train: lags and fits skip it, see [`Mask`](crate::Mask);
//! - with a *factor*, what is expected is multiplied by it, see [`Factors`];
//! - as a *suppression window*, anomalies that start in it are marked: see [`SuppressionWindow`].
//!
//! It does so in evaluations from the instant at which it was known, and for the slices that it
//! holds for.
//!
//! ```
//! use tuatara_frame::events::{CalendarEvent, EventCalendar};
//! use tuatara_frame::{Interval, SliceKey, Zone};
//!
//! let sale = CalendarEvent::on("winter sale", "2026-01-12".parse()?)
//!     .until("2026-01-19".parse()?)
//!     .only("country", ["FR"])
//!     .leave_out()
//!     .build()?;
//! let calendar = EventCalendar::new().with(sale);
//!
//! let january = Interval::new("2026-01-01T00:00:00Z".parse()?, "2026-02-01T00:00:00Z".parse()?)?;
//! let events = calendar.within("Europe/Paris".parse()?, january);
//! let france = events.on(&SliceKey::new("orders").with("country", "FR"));
//! let (span, _) = france.mask().spans().next().expect("the sale");
//! assert_eq!(span.to_string(), "2026-01-11T23:00:00Z/2026-01-18T23:00:00Z");
//! assert!(events.on(&SliceKey::new("orders")).mask().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod calendar;
mod error;
mod event;
mod factors;
mod holidays;
mod on_slice;
mod suppress;
mod time;

pub use calendar::EventCalendar;
pub use error::EventError;
pub use event::{CalendarEvent, EventBuilder};
pub(crate) use factors::touched;
pub use factors::{Factor, Factors};
pub use holidays::Country;
pub use on_slice::{EventsWithin, SliceEvents};
pub use suppress::{ExpectedChange, SuppressionWindow};
pub use time::EventTime;
